/** Flags docker run commands that mount the working copy through the socket of the host. */

import type { BuildSite, PairedRunner } from '../model/build-site.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { covers } from '../trace/sharing.js';
import { defineRule } from './define.js';
import { dockerRuns } from './docker-runs.js';
import { severityOf } from './surety.js';

export default defineRule({
  id: 'dood-bind-mount-path',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-ci'],
  ...prose({
    title: 'Folder of the job mounted through the socket of the host',
    why: 'A daemon looks for the source of a mount on its own machine. Through the socket of the host that is the host, where the working copy of the job is not: docker makes an empty folder there and mounts that.',
    remedy:
      'Let the runner mount the builds at the same path, volumes = ["/builds:/builds", "/var/run/docker.sock:/var/run/docker.sock"], or copy files with docker cp.',
    sources: ['https://docs.gitlab.com/ci/docker/using_docker_build/#use-docker-socket-binding'],
  }),
  fixable: false,
  needs: 'tool',
  *site(context) {
    const { site, paired, runners } = context;
    const [first] = runners;
    const onHost = paired.every(({ decided, daemon }) => decided && daemon.kind === 'host-socket');
    if (!first || paired.length === 0 || !onHost || !runners.every(hidesBuilds) || goesAway(site)) return;
    for (const { command, binds } of dockerRuns(context.tools)) {
      const bind = binds.find(({ source }) => PROJECT.test(source));
      const severity = severityOf(command);
      if (!bind || !severity) continue;
      const lonely = first.how === 'only-one';
      const runner = runners.length === 1 ? `runner "${first.runner.name}"` : 'its runner';
      yield {
        at: command.script.place(bind.value.start, bind.value.end),
        message: `${titleOf(site)} mounts its working copy through the socket of ${runner}${lonely ? ', the only one here' : ''}; on that host it is an empty folder.`,
        severity: lonely ? 'warning' : severity,
        confidence: lonely ? 'medium' : 'high',
      };
    }
  },
});

const PROJECT = /^(?:\$CI_PROJECT_DIR|\$\{CI_PROJECT_DIR\}|\$PWD|\$\{PWD\}|\$\(pwd\)|`pwd`|\.\.?(?=\/|$))/;

/** The runner does not put its builds into the job under the path that they have on the host. */
function hidesBuilds({ runner }: PairedRunner): boolean {
  const dir = runner.setting('builds_dir')?.value;
  const builds =
    dir === undefined ? '/builds' : dir.kind === 'string' && !dir.templated ? dir.text : undefined;
  if (builds === undefined || runner.mounts.state === 'unknown') return false;
  return !(settled(runner.mounts) ?? []).some(
    mount => mount.source === mount.target && covers(mount, builds),
  );
}

/** The script leaves the working copy for a folder that the runner may well share. */
function goesAway(site: BuildSite): boolean {
  return site.commands.some(
    ({ shell }) => shell.words[0]?.text === 'cd' && /^[/$]/.test(shell.words[1]?.text ?? ''),
  );
}
