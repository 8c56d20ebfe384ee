/** Finds what rules about workflows look for in the steps of a job. */
import type { BuildSite, Command } from '../model/build-site.js';
import { settled } from '../model/known.js';
import type { WorkflowStep } from '../model/workflow.js';
import { readFlags } from '../syntax/shell.js';
import type { ToolUse } from '../trace/tools.js';
import { type Build, buildsOf, valuesOf } from './builds.js';
import { dockerCommand, type FlagValue, settledText } from './docker-commands.js';

export function stepsOf({ workflow }: BuildSite): readonly WorkflowStep[] {
  return workflow?.steps ?? [];
}

/** The step whose script a command stands in. */
export function stepOf(site: BuildSite, { script }: Command): WorkflowStep | undefined {
  return stepsOf(site).find(step => step.script === script);
}

/** The job has the docker of a machine that takes jobs of workflows: more than one runner may be set up on it. */
export function onOwnMachine({ runsOn, tags, image, env }: BuildSite): boolean {
  return (
    runsOn?.paired.how === 'unseen' &&
    settled(tags)?.some(({ value }) => value === 'self-hosted') === true &&
    [image, env.get('DOCKER_HOST')].every(({ state }) => state === 'absent')
  );
}

/** An image that a command sends to a registry. */
export interface Push {
  readonly command: Command;
  /** As written. */
  readonly value: FlagValue;
  /** It happens whenever the command runs; otherwise an expression decides. */
  readonly always: boolean;
}

/** The images that builds with `--push` and `docker push` send away. */
export function pushesOf(site: BuildSite, tools: readonly ToolUse[]): readonly Push[] {
  return tools.flatMap(use => {
    const [build] = buildsOf([use]);
    if (build) return ofBuild(site, build);
    const docker = dockerCommand(use);
    const [name, ...words] = docker
      ? [docker.name, ...docker.words]
      : [use.args[0]?.text ?? '', ...use.args.slice(1)];
    if (name !== 'push' && name !== 'image push') return [];
    const { operands } = readFlags(
      words.flatMap(word => (typeof word === 'string' ? [] : word)),
      new Set(),
    );
    return operands.slice(0, 1).map(word => ({
      command: use.command,
      value: { word, start: word.start, end: word.end, text: word.text, literal: word.literal },
      always: true,
    }));
  });
}

function ofBuild(site: BuildSite, build: Build): readonly Push[] {
  const flag = build.flags.find(({ name }) => name === '--push');
  const said = flag && (flag.value ? (settledText(site, flag.value.text) ?? '?') : 'true');
  if (said === undefined || said === 'false') return [];
  const always = said === 'true';
  return valuesOf(build, '--tag', '-t').map(value => ({ command: build.command, value, always }));
}
