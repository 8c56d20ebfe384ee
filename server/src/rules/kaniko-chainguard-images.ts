/** Flags kaniko images of Chainguard, which only its customers can pull. */

import { pinnedImage } from '../catalog/builder-images.js';
import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import { show } from '../model/text.js';
import { defineRule } from './define.js';
import { imagesOf, onlyFix, replaceImage } from './images.js';

export default defineRule({
  id: 'kaniko-chainguard-images',
  severity: 'info',
  profile: 'default',
  dialects: ['gitlab-ci', 'compose', 'kubernetes', 'jenkinsfile', 'dockerfile', 'github-actions'],
  ...prose({
    title: 'Kaniko image that only customers can pull',
    why: "Chainguard's fork of kaniko is open as source only; its images are for customers, and others are refused at the pull.",
    remedy: 'Without a contract, use ghcr.io/osscontainertools/kaniko, which takes the same flags.',
    sources: [
      'https://github.com/osscontainertools/kaniko#alternatives',
      'https://github.com/chainguard-forks/kaniko',
    ],
  }),
  fixable: true,

  *site({ site }) {
    for (const image of imagesOf(site)) {
      if (!/^cgr\.dev\/chainguard\/kaniko$/.test(image.ref.repository)) continue;
      const variant = /(?:^|-)(?:debug|dev)$/.test(image.ref.tag ?? '') ? 'debug' : '';
      const fork = pinnedImage('kaniko', variant);
      yield {
        at: image.origin.place,
        message: `${show(image.ref.text)} of ${nameOf(site)} is for customers of Chainguard; others are refused at the pull.`,
        fixes: () => onlyFix(`Use the public fork, ${fork}`, 'unsafe', replaceImage(image, fork)),
      };
    }
  },
});
