/** Flags kaniko that is forced to run in an image which is not its own. */

import { findBuilderImage } from '../catalog/builder-images.js';
import { isHubLibrary } from '../model/image-ref.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { show } from '../model/text.js';
import { defineRule } from './define.js';
import { kanikoRuns } from './kaniko-runs.js';

export default defineRule({
  id: 'kaniko-in-other-image',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-ci', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile'],
  ...prose({
    title: 'Kaniko forced to run in an image that is not its own',
    why: 'Kaniko unpacks the image that it builds over the root of the container that it runs in, and deletes files there between stages. In an image of its own nothing is lost; elsewhere it overwrites the shell and the libraries that the rest of the script needs. --force only silences the check.',
    remedy: 'Run it in an image of kaniko, -debug where a shell is needed, without --force.',
    sources: [
      'https://github.com/osscontainertools/kaniko#known-issues',
      'https://github.com/GoogleContainerTools/kaniko/issues/1542',
    ],
  }),
  fixable: false,
  needs: 'tool',
  *site({ site, tools }) {
    const image = settled(site.image);
    // An image of the project may well be made from kaniko's.
    if (
      !image ||
      image.ref.name === undefined ||
      !isHubLibrary(image.ref) ||
      findBuilderImage(image.ref.repository)
    )
      return;
    for (const { command, flags } of kanikoRuns(tools)) {
      const force = flags.flags.find(({ name, value }) => name === '--force' && value?.text !== 'false');
      if (!force) continue;
      yield {
        at: command.script.place(force.word.start, force.word.end),
        message: `${titleOf(site)} forces kaniko to run in ${show(image.ref.text)}: it overwrites and deletes the files of that image.`,
      };
    }
  },
});
