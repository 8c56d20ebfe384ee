/** Flags jobs that take the daemon's image for the client. */

import type { BuildSite } from '../model/build-site.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { show } from '../model/text.js';
import { programOf } from '../syntax/shell.js';
import { useClient } from './bare-dind.js';
import { defineRule } from './define.js';
import { ifCopy, imagesOf } from './images.js';

export default defineRule({
  id: 'job-image-is-dind',
  severity: 'info',
  profile: 'strict',
  dialects: ['gitlab-ci', 'kubernetes', 'jenkinsfile', 'shell', 'compose', 'github-actions'],
  ...prose({
    title: 'Job in the image of the daemon',
    why: 'Since 23.0 a docker tag without variant is the dind image. As a client it works, but it is bigger, brings dockerd, and makes a volume for /var/lib/docker in every job.',
    remedy: 'Use the cli variant for the job, as in docker:29.7.2-cli, and keep dind for the service.',
    sources: ['https://hub.docker.com/_/docker', 'https://github.com/docker-library/docker/pull/396'],
  }),
  fixable: true,

  *site({ site, tools }) {
    const [image] = imagesOf(site);
    if (!image?.docker || image.role !== 'image' || !image.docker.versionKnown) return;
    if (!/^dind/.test(image.docker.variant) || startsDaemon(site)) return;
    const used = tools.some(({ tool }) => tool === 'docker');
    if (!used) return;
    const { confidence, words } = ifCopy(image);
    yield {
      at: image.origin.place,
      message: `${titleOf(site)} runs docker in ${show(image.ref.text)}, the image of the daemon; the cli variant is enough${words}.`,
      ...(confidence ? { confidence } : {}),
      fixes: () => useClient(image, site),
    };
  },
});

/** By its entrypoint, or in the script. */
function startsDaemon(site: BuildSite): boolean {
  const entrypoint = settled(site.image)?.entrypoint;
  const words = entrypoint?.state === 'known' ? entrypoint.value : [];
  return (
    entrypoint?.state === 'unknown' ||
    words.some(word => /dockerd/.test(word)) ||
    site.commands.some(({ shell }) => /^dockerd/.test(programOf(shell)?.name ?? ''))
  );
}
