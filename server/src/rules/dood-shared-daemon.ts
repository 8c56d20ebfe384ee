/** Flags what jobs do to containers of other jobs on a daemon that they share. */

import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { readFlags } from '../syntax/shell.js';
import { defineRule, type SiteContext } from './define.js';
import { type DockerCommand, dockerCommands, isOn } from './docker-commands.js';
import { dockerRuns } from './docker-runs.js';
import { onOwnMachine } from './workflow-steps.js';

const DOCS = 'https://docs.gitlab.com/ci/docker/using_docker_build/#use-docker-socket-binding';

const onShared = { severity: 'warning', profile: 'default', fixable: false, needs: 'tool' } as const;

const prune = defineRule({
  id: 'dood-prune',
  ...onShared,
  dialects: ['gitlab-ci', 'github-actions'],
  ...prose({
    title: 'Prune on a daemon that jobs share',
    why: 'On a runner that lends its own docker to jobs, prune and docker rm -f $(docker ps -aq) take away what other jobs are working with: No such container, No such image.',
    remedy:
      'Remove only what this job made, by name or label, and let the host clear up at night: docker system prune -af --filter until=24h.',
    sources: [DOCS, 'https://docs.docker.com/reference/cli/docker/system/prune/'],
  }),
  *site(context) {
    const shared = sharedDaemon(context);
    for (const use of shared ? dockerCommands(context.tools) : []) {
      if (!shared || !clearsAll(use)) continue;
      const { command } = use;
      yield {
        at: command.script.place(command.shell.words[0]?.start ?? command.shell.start, command.shell.end),
        message: `${titleOf(context.site)} runs docker ${use.name} on the docker of ${shared.runner}: containers and images of other jobs go too.`,
        severity: shared.severity,
        confidence: shared.confidence,
      };
    }
  },
});

const fixedName = defineRule({
  id: 'dood-fixed-container-name',
  ...onShared,
  dialects: ['gitlab-ci'],
  ...prose({
    title: 'Fixed container name on a daemon that jobs share',
    why: 'A name can be given once on a daemon. Where jobs share the docker of their runner, a second job that runs at the same time fails: Conflict. The container name "/test" is already in use.',
    remedy: 'Put the number of the job into the name, as in --name "test-$CI_JOB_ID", or give no name.',
    sources: [DOCS],
  }),
  *site(context) {
    const shared = sharedDaemon(context);
    for (const { command, flags } of shared ? dockerRuns(context.tools) : []) {
      const name = flags.find(flag => flag.name === '--name')?.value;
      // One that is left running is a deployment, whose name is meant to stay.
      if (!shared || !name?.literal || !isOn(flags, '--rm') || isOn(flags, '-d') || isOn(flags, '--detach'))
        continue;
      yield {
        at: command.script.place(name.start, name.end),
        message: `${titleOf(context.site)} calls its container "${name.text}" on the docker of ${shared.runner}; two jobs at a time collide.`,
        confidence: shared.confidence,
      };
    }
  },
});

export default [prune, fixedName];

/** The docker of the runner itself, if the job works with that on every runner in view, and other jobs do too. */
function sharedDaemon({ site, paired, runners }: SiteContext): Shared | undefined {
  const [first] = runners;
  if (onOwnMachine(site)) return { runner: 'a runner of your own', confidence: 'low', severity: 'info' };
  if (!first || runners.some(({ exposure }) => exposure === 'ephemeral')) return undefined;
  const host = site.env.get('DOCKER_HOST');
  const shell =
    runners.every(({ runner }) => settled(runner.executor) === 'shell') && host.state === 'absent';
  const socket =
    paired.length > 0 && paired.every(({ decided, daemon }) => decided && daemon.kind === 'host-socket');
  if (!shell && !socket) return undefined;
  const lonely = first.how === 'only-one';
  return {
    runner: `${runners.length === 1 ? `runner "${first.runner.name}"` : 'its runners'}${lonely ? ', the only one here' : ''}`,
    confidence: lonely ? 'medium' : 'high',
    severity: 'warning',
  };
}

interface Shared {
  readonly runner: string;
  readonly confidence: 'high' | 'medium' | 'low';
  readonly severity: 'warning' | 'info';
}

const FILTER: ReadonlySet<string> = new Set(['--filter', '-f', '--format', '-t', '--time', '-s', '--signal']);

/** `system prune`, `volume prune`, or `rm -f $(docker ps -aq)`, unless a filter keeps to some. */
function clearsAll({ name, words }: DockerCommand): boolean {
  if (/^(?:system|container|volume|network) prune$/.test(name)) {
    return !words.some(({ text }) => /^--filter/.test(text));
  }
  if (name === 'image prune')
    return (
      words.some(({ text }) => /^(?:--all|-\w*a\w*)$/.test(text)) &&
      !words.some(({ text }) => /^--filter/.test(text))
    );
  if (!/^(?:container )?(?:rm|stop|kill)$/.test(name)) return false;
  return words.some(({ parts }) => {
    const [part] = parts;
    const [inner, ...more] = part?.kind === 'command' ? part.commands : [];
    const listing = inner?.words.map(({ text }) => text) ?? [];
    if (more.length > 0 || !/^docker (?:ps|container ls)(?: |$)/.test(listing.join(' '))) return false;
    return !readFlags(inner?.words ?? [], FILTER).flags.some(
      flag => flag.name === '--filter' || flag.name === '-f',
    );
  });
}
