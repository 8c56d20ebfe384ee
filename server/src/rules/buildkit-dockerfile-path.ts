/** Flags buildctl commands that name a file where a folder belongs. */

import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { buildctls } from './buildctls.js';
import { changeCommand } from './command-changes.js';
import { defineRule } from './define.js';
import { onlyFix } from './images.js';
import { severityOf } from './surety.js';

export default defineRule({
  id: 'buildkit-dockerfile-path',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-ci', 'kubernetes', 'jenkinsfile', 'compose', 'github-actions'],
  ...prose({
    title: 'buildctl given a file where a folder belongs',
    why: '--local dockerfile= names the folder that holds the Dockerfile. Given the file, buildctl ends with: invalid local: stat path/to/Dockerfile: not a directory.',
    remedy:
      'Give the folder, and the name of the file where it is another one: --local dockerfile=docker --opt filename=Dockerfile.prod.',
    sources: [
      'https://docs.gitlab.com/ci/docker/using_buildkit/',
      'https://github.com/moby/buildkit#building-a-dockerfile-with-buildctl',
    ],
  }),
  fixable: true,
  needs: 'tool',
  *site(context) {
    for (const { command, flags } of buildctls(context.tools)) {
      const local = flags.find(
        ({ name, value }) => name === '--local' && value && FILE.test(value.text),
      )?.value;
      const path = local && FILE.exec(local.text);
      if (!local || !path || !severityOf(command)) continue;
      const [, folder = '', name = ''] = path;
      const named = flags.some(
        ({ name: flag, value }) => flag === '--opt' && /^filename=/.test(value?.text ?? ''),
      );
      const text = `dockerfile=${folder.replace(/(?<=.)\/$/, '') || '.'}${named || name === 'Dockerfile' ? '' : ` --opt filename=${name}`}`;
      const at = { start: local.start, end: local.end };
      yield {
        at: command.script.place(at.start, at.end),
        message: `${titleOf(context.site)} gives buildctl the file ${folder}${name} as the folder of the Dockerfile.`,
        confidence: 'medium',
        fixes: () =>
          !local.literal || local.word.quoted !== 'none'
            ? []
            : onlyFix(
                'Name the folder instead of the file',
                'unsafe',
                changeCommand(command, { ...at, text }),
              ),
      };
    }
  },
});

/** A folder that is called Dockerfile is very unlikely, but not impossible. */
const FILE = /^dockerfile=((?:[^\s]*\/)?)(Dockerfile(?:\.[\w-]+)?|[\w-]+\.[dD]ockerfile|Containerfile)$/;
