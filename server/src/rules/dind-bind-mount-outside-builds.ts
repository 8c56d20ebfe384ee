/** Flags docker run commands that mount files of the job which the dind service does not see. */

import type { BuildSite, PairedRunner } from '../model/build-site.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { programOf, readFlags } from '../syntax/shell.js';
import { covers } from '../trace/sharing.js';
import { defineRule } from './define.js';
import { reachedDind } from './dind-era.js';
import { dockerRuns } from './docker-runs.js';
import { severityOf } from './surety.js';

export default defineRule({
  id: 'dind-bind-mount-outside-builds',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-ci'],
  ...prose({
    title: 'Files outside the builds mounted through dind',
    why: 'A daemon looks for the source of a mount in its own file system. The dind service shares /builds and the volumes of the runner with the job, and nothing else: what the job writes to /tmp or its home is an empty folder there.',
    remedy: 'Put the files under $CI_PROJECT_DIR, or copy them with docker cp.',
    sources: ['https://docs.gitlab.com/ci/docker/docker_in_docker/#known-issues-with-docker-in-docker'],
  }),
  fixable: false,
  needs: 'tool',
  *site(context) {
    const reached = reachedDind(context);
    const files = reached ? writtenFiles(context.site) : [];
    for (const { command, binds } of files.length > 0 ? dockerRuns(context.tools) : []) {
      const bind = binds.find(({ source }) => files.some(file => `${file}/`.startsWith(`${home(source)}/`)));
      const severity = severityOf(command);
      if (!reached || !bind || !severity || !context.runners.every(one => hides(one, home(bind.source))))
        continue;
      const sure = reached.surety.confidence === 'high' && context.runners.length > 0;
      yield {
        at: command.script.place(bind.value.start, bind.value.end),
        message: `${titleOf(context.site)} mounts ${bind.source}, which it wrote itself; in the dind service that is an empty folder${context.runners.length > 0 ? '' : ', unless the runner shares it'}.`,
        severity: sure ? severity : 'warning',
        confidence: sure ? 'high' : 'medium',
      };
    }
  },
});

/** No volume of the runner holds the path, so that job and services each have their own. */
function hides({ runner }: PairedRunner, path: string): boolean {
  return (
    runner.mounts.state !== 'unknown' && !(settled(runner.mounts) ?? []).some(mount => covers(mount, path))
  );
}

const OUTSIDE = /^(?:\/(?!builds(?:\/|$)|dev(?:\/|$))|\$HOME\/)/;

/** Files that the script writes outside the builds: by `>`, `tee`, and as the last word of `cp` and `mv`. */
function writtenFiles(site: BuildSite): readonly string[] {
  return site.commands
    .flatMap(({ shell }) => {
      const program = programOf(shell);
      const { operands } = readFlags(shell.words.slice((program?.index ?? -1) + 1), new Set());
      const targets = shell.redirects.flatMap(({ operator, target }) =>
        /^&?>[>|]?$/.test(operator) && target ? [target] : [],
      );
      const copied =
        /^(?:cp|mv|tee)$/.test(program?.name ?? '') && operands.length > 0 ? operands.slice(-1) : [];
      return [...targets, ...copied].map(({ text }) => home(text));
    })
    .filter(path => OUTSIDE.test(path) && !/[`*]|\$(?!HOME\/)/.test(path));
}

/** One spelling for the home folder, and no slash at the end. */
function home(path: string): string {
  return path.replace(/^(?:~|\$\{HOME\})(?=\/)/, '$HOME').replace(/(?<=.)\/+$/, '');
}
