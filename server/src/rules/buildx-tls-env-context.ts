/** Flags builders that are created while the client takes TLS from the environment. */

import type { Command } from '../model/build-site.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { readFlags } from '../syntax/shell.js';
import { scriptSets } from '../trace/script-way.js';
import { variableOf } from './builds.js';
import { changeCommand } from './command-changes.js';
import { defineRule, type SiteContext } from './define.js';
import { dockerCommands, mayHoldFlags } from './docker-commands.js';
import { onlyFix } from './images.js';
import { atMost, type Surety, severityOf } from './surety.js';

export default defineRule({
  id: 'buildx-tls-env-context',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-ci', 'github-actions', 'kubernetes', 'jenkinsfile', 'shell', 'compose'],
  ...prose({
    title: 'docker buildx create with TLS from the environment',
    why: "A builder keeps the address of its daemon, but not certificates that stand in variables, so buildx refuses: could not create a builder instance with TLS data loaded from environment. Please use `docker context create <context-name>`. The entrypoint of docker's image sets these variables by itself when it finds the certificates of a dind service. The Buildx examples in GitLab's documentation have this fault.",
    remedy:
      'Make a context first, which takes the settings of the environment, and name it: docker context create ci && docker buildx create --use ci.',
    sources: [
      'https://github.com/docker/buildx/issues/413',
      'https://github.com/docker/buildx/blob/master/builder/builder.go',
    ],
  }),
  fixable: true,
  needs: 'tool',

  *site(context) {
    const surety = takesTlsFromEnvironment(context);
    if (!surety) return;
    const commands = dockerCommands(context.tools);
    const contexts = commands.filter(({ name }) => name === 'context create');
    if (commands.some(({ name, before }) => name === 'context use' || before.length > 0)) return;
    for (const { command, name, words } of commands) {
      const severity = severityOf(command);
      if (name !== 'buildx create' || !severity || words.some(mayHoldFlags)) continue;
      const { flags, operands } = readFlags(words, VALUED);
      const driver = flags.find(flag => flag.name === '--driver')?.value?.text ?? 'docker-container';
      if (operands.length > 0 || driver !== 'docker-container') continue;
      if (flags.some(flag => flag.name === '--help' || flag.name === '--append')) continue;
      const create = command.shell.words.at(-1 - words.length);
      yield {
        at: command.script.place(create?.start ?? command.shell.start, create?.end ?? command.shell.end),
        message: `${titleOf(context.site)} creates a builder without a context, and buildx takes no TLS settings from variables${surety.onRunner}.`,
        severity: atMost(severity, surety.severity),
        confidence: surety.confidence,
        fixes: () => (contexts.length === 0 ? withContext(command) : []),
      };
    }
  },
});

const VALUED: ReadonlySet<string> = new Set(
  '--builder --buildkitd-config --config --buildkitd-flags --driver --driver-opt --name --node --platform'.split(
    ' ',
  ),
);

/** The variables of the job ask for TLS, or the entrypoint of its image will where the runner lets it. */
function takesTlsFromEnvironment({ site, blind, paired, runners }: SiteContext): Surety | undefined {
  if (site.env.get('BUILDKIT_HOST').state !== 'absent') return undefined;
  const undecided = [...blind, ...paired].some(({ decided }) => !decided);
  if (undecided || blind.length === 0 || scriptSets(site, 'DOCKER_TLS_VERIFY')) return undefined;
  const asked = variableOf(site, 'DOCKER_TLS_VERIFY');
  if (asked) return { severity: 'error', confidence: 'high', onRunner: '' };
  if (asked === '' || site.env.get('DOCKER_TLS_VERIFY').state === 'unknown') return undefined;
  const traces = paired.length > 0 ? paired : blind;
  if (!traces.every(({ client, likely }) => (likely ?? client)?.tls === 'verify')) return undefined;
  const docker = runners.every(
    ({ runner }) => settled(runner.executor) === 'docker' && runner.mounts.state !== 'unknown',
  );
  const sure = docker && runners.length > 0;
  if (sure && runners.every(({ how }) => how !== 'only-one'))
    return { severity: 'error', confidence: 'high', onRunner: '' };
  const where = sure
    ? `, on runner "${runners[0]?.runner.name}", the only one here`
    : ', where the runner shares the certificates';
  return { severity: 'warning', confidence: 'medium', onRunner: where };
}

/** `docker context create ci && docker buildx create … ci` */
function withContext(command: Command): ReturnType<typeof onlyFix> {
  const { shell } = command;
  if (shell.assignments.length > 0 || shell.words[0]?.text !== 'docker') return [];
  const end = shell.words.at(-1)?.end ?? shell.end;
  const context = { start: shell.start, end: shell.start, text: 'docker context create ci && ' };
  const intents = changeCommand(command, context, { start: end, end, text: ' ci' });
  return onlyFix('Create a context for the builder first', 'safe', intents);
}
