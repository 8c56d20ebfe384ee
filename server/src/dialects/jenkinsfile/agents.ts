/** The agents of a pipeline: machines, containers of docker, pods. */
import type { GroovyArgument, GroovyCall, GroovyString } from '../../syntax/groovy.js';
import type { Span } from '../../syntax/tree.js';
import { type Registry, registryOf } from './registry.js';
import type { Setting } from './settings.js';
import { asString } from './strings.js';

/** Where steps run. Two agents are the same when they are the same object. */
export type Agent =
  /** `any`, a label, a node: a machine that is not in view. */
  | { readonly kind: 'machine' }
  /** Nobody can tell: a block of a library, a value that is no literal. */
  | { readonly kind: 'somewhere' }
  | DockerAgent
  | PodAgent;

export interface DockerAgent {
  readonly kind: 'docker';
  /** Missing for one that is built from a Dockerfile, or named by something that is no literal. */
  readonly image: GroovyString | undefined;
  readonly args: GroovyString | undefined;
  /** What stands in front of the name of the image. */
  readonly registry: Registry;
  /** What `withRun` hands to the image behind its name. */
  readonly command: GroovyString | undefined;
  /** Its arguments are no literal, so that anything may be among them. */
  readonly open: boolean;
  /** The variables that are there when it is started; those of its own stage come later. */
  readonly settings: readonly Setting[];
  readonly span: Span;
  /** What `inside` or `withRun` is called, behind which its arguments stand; missing for an agent with a block. */
  readonly called?: Span;
}

export interface PodAgent {
  readonly kind: 'pod';
  /** The text of the pod, where it stands in this file. */
  readonly yaml: GroovyString | undefined;
  readonly defaultContainer: string | undefined;
}

export const MACHINE: Agent = { kind: 'machine' };
export const SOMEWHERE: Agent = { kind: 'somewhere' };

/** The agent that `agent …` names; `any` and `none` count as machines. Source: jenkins.io, Pipeline Syntax, agent. */
export function agentIn(call: GroovyCall, outer: Agent, settings: readonly Setting[]): Agent {
  const [kind] = call.body ?? [];
  if (!kind) return call.args[0]?.value.kind === 'word' && isNone(call) ? outer : MACHINE;
  switch (kind.name) {
    case 'docker':
      return declared(kind, settings);
    case 'dockerfile':
      return { ...declared(kind, settings), image: undefined };
    case 'kubernetes':
      return podAgent(argumentsOf(kind), false);
    case 'label':
    case 'node':
      return MACHINE;
    default:
      return SOMEWHERE;
  }
}

function isNone({ args }: GroovyCall): boolean {
  const value = args[0]?.value;
  return value?.kind === 'word' && value.text === 'none';
}

/** `docker 'image'`, or `docker { image 'image'; args '…' }`. */
function declared(call: GroovyCall, settings: readonly Setting[]): DockerAgent {
  const named = argumentsOf(call);
  const image = asString(call.args[0]?.value) ?? asString(value(named, 'image'));
  const url = value(named, 'registryUrl');
  const args = value(named, 'args');
  return {
    kind: 'docker',
    image,
    args: asString(args),
    registry: url ? registryOf(url) : '',
    command: undefined,
    open: args !== undefined && args.kind !== 'string',
    settings,
    span: call.nameSpan,
  };
}

/** Settings of a block as arguments: `image 'x'` counts as `image: 'x'`. */
function argumentsOf({ args, body }: GroovyCall): readonly GroovyArgument[] {
  const inner = (body ?? []).map(({ name, args: own, nameSpan }) => {
    const given = own.find(arg => arg.name === undefined);
    return { name, value: given?.value ?? ({ kind: 'other', ...nameSpan } as const) };
  });
  return [...args, ...inner];
}

function value(args: readonly GroovyArgument[], name: string): GroovyArgument['value'] | undefined {
  return args.find(arg => arg.name === name)?.value;
}

/** Of the settings of a pod, or the arguments of `podTemplate`; `adds` where it adds to another one. */
export function podAgent(args: readonly GroovyArgument[], adds: boolean): PodAgent {
  const yaml = asString(value(args, 'yaml'));
  // Settings of the plugin add containers, or change those of the text.
  const more =
    adds ||
    args.some(({ name }) =>
      /^(?:inheritFrom|containers|containerTemplates?|yamlFile|volumes|envVars)$/.test(name ?? ''),
    );
  return {
    kind: 'pod',
    yaml: more ? undefined : yaml,
    defaultContainer: asString(value(args, 'defaultContainer'))?.text,
  };
}

/** The container of `docker.image('…').inside('…')` and `.withRun('…', '…')`. */
export function entered(
  call: GroovyCall,
  { registry, settings }: Pick<DockerAgent, 'registry' | 'settings'>,
): DockerAgent | undefined {
  const { on, args } = call;
  if (on?.name !== 'docker.image' || !/^(?:inside|withRun)$/.test(call.name)) return undefined;
  return {
    kind: 'docker',
    image: asString(on.args[0]?.value),
    args: asString(args[0]?.value),
    // withRun hands the name on as it is.
    registry: call.name === 'inside' ? registry : '',
    command: asString(args[1]?.value),
    open: args.some(({ value: one }) => one.kind !== 'string' && one.kind !== 'closure'),
    settings,
    span: on.nameSpan,
    called: call.nameSpan,
  };
}
