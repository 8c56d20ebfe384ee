/** Flags a data folder of docker that several daemons would use at once. */

import type { Mount, Runner, RunnerFile } from '../model/build-site.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import { runsDockerd } from '../trace/docker-image.js';
import { daemonContainer } from './containers.js';
import type { SiteContext } from './define.js';
import { defineRule } from './define.js';
import { bringsSocket, containersOf, onOneEngine, runsAtOnce } from './runner-facts.js';

const DATA = /^\/var\/lib\/docker\/?$/;

export default defineRule({
  id: 'var-lib-docker-shared',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-runner', 'compose', 'kubernetes', 'jenkinsfile', 'shell'],
  ...prose({
    title: 'One data folder for several docker daemons',
    why: 'A data folder of docker belongs to one daemon. A second one that starts on it fails ("failed to start daemon", "layer does not exist", a lock that is held) or corrupts it, and with the folder of the host it is the daemon of the host that suffers.',
    remedy:
      'Do not share /var/lib/docker. Keep layers in a registry instead (--cache-to and --cache-from), or give each daemon a volume of its own; on a runner the path without a source does that.',
    sources: [
      'https://docs.docker.com/reference/cli/dockerd/#run-multiple-daemons',
      'https://hub.docker.com/_/docker',
    ],
  }),
  fixable: true,

  *site(context) {
    const self = daemonContainer(context);
    if (!self) return;
    for (const mount of settled(self.container.mounts) ?? []) {
      const other = mount.source === undefined ? undefined : sharing(context, mount.source, mount.target);
      if (other === undefined) continue;
      yield {
        at: mount.origin.place,
        message: `The dind of ${nameOf(context.site)} uses ${mount.source?.replace(/^volume:/, '')} as its data folder, and so does ${other}: one folder takes one daemon.`,
      };
    }
  },

  *runnerFile({ file }) {
    for (const runner of file.runners) {
      // Without privilege no dind runs, and beside the socket of the host none can.
      if (containersOf(runner) !== 'docker' || !maybeDind(runner)) continue;
      for (const mount of settled(runner.mounts) ?? []) {
        const others = sharers(file, runner, mount);
        if (others === undefined) continue;
        yield {
          at: mount.origin.place,
          message: `Every dind of runner "${runner.name}" uses ${mount.source} as its data folder, and so does ${others}: one folder takes one daemon.`,
          fixes: () => [
            {
              title: 'Give each job that runs at a time a volume of its own (images are pulled anew)',
              safety: 'unsafe',
              intents: [{ kind: 'replace-value', at: mount.origin.place, value: '/var/lib/docker' }],
            },
          ],
        };
      }
    }
  },
});

/** Which other daemon keeps its data in the same place. */
function sharing({ site }: SiteContext, source: string, target: string): string | undefined {
  const data = target.replace(/\/+$/, '');
  if (!DATA.test(data)) return undefined;
  if (DATA.test(source)) return 'the daemon of the host';
  const other = (site.neighbours ?? []).find(
    one =>
      runsDockerd(one) &&
      settled(one.container.mounts)?.some(mount => mount.source === source && DATA.test(mount.target)),
  );
  return other && `service "${other.container.name}"`;
}

function maybeDind(runner: Runner): boolean {
  const privileged = [runner.privileged, runner.servicesPrivileged].some(
    value => value.state === 'unknown' || settled(value) === true,
  );
  return privileged && !bringsSocket(runner);
}

/** Which other daemon has the folder, in words. */
function sharers(file: RunnerFile, runner: Runner, mount: Mount): string | undefined {
  if (mount.source === undefined || !DATA.test(mount.target) || mount.mode.split(',').includes('ro'))
    return undefined;
  if (DATA.test(mount.source)) return 'the daemon of the host';
  return onOneEngine(runner) && runsAtOnce(file, runner) ? 'that of the job beside it' : undefined;
}
