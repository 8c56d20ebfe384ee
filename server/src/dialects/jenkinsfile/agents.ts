/** The agents of a pipeline: machines, containers of docker, pods. */
import type { GroovyArgument, GroovyCall, GroovyString } from '../../syntax/groovy.js';
import type { Span } from '../../syntax/tree.js';
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
  /** What `withRun` hands to the image behind its name. */
  readonly command: GroovyString | undefined;
  /** Its arguments are no literal, so that anything may be among them. */
  readonly open: boolean;
  readonly span: Span;
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
export function agentIn(call: GroovyCall, outer: Agent): Agent {
  const [kind] = call.body ?? [];
  if (!kind) return call.args[0]?.value.kind === 'word' && isNone(call) ? outer : MACHINE;
  switch (kind.name) {
    case 'docker':
      return declared(kind);
    case 'dockerfile':
      return { ...declared(kind), image: undefined };
    case 'kubernetes':
      return podAgent(argumentsOf(kind));
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
function declared(call: GroovyCall): DockerAgent {
  const named = argumentsOf(call);
  const image = asString(call.args[0]?.value) ?? asString(value(named, 'image'));
  const args = value(named, 'args');
  return {
    kind: 'docker',
    image,
    args: asString(args),
    command: undefined,
    open: args !== undefined && args.kind !== 'string',
    span: call.nameSpan,
  };
}

/** Settings of a block as arguments: `image 'x'` counts as `image: 'x'`. */
function argumentsOf({ args, body }: GroovyCall): readonly GroovyArgument[] {
  const inner = (body ?? []).flatMap(({ name, args: own }) => {
    const given = own.find(arg => arg.name === undefined);
    return given ? [{ name, value: given.value }] : [];
  });
  return [...args, ...inner];
}

function value(args: readonly GroovyArgument[], name: string): GroovyArgument['value'] | undefined {
  return args.find(arg => arg.name === name)?.value;
}

/** Of the settings of a pod, or the arguments of `podTemplate`. */
export function podAgent(args: readonly GroovyArgument[]): PodAgent {
  const yaml = asString(value(args, 'yaml'));
  // Settings of the plugin add containers, or change those of the text.
  const more = args.some(({ name }) =>
    /^(?:inheritFrom|containers|containerTemplates?|yamlFile|volumes|envVars)$/.test(name ?? ''),
  );
  return {
    kind: 'pod',
    yaml: more ? undefined : yaml,
    defaultContainer: asString(value(args, 'defaultContainer'))?.text,
  };
}

/** The container of `docker.image('…').inside('…')` and `.withRun('…', '…')`. */
export function entered(call: GroovyCall): DockerAgent | undefined {
  const { on, args } = call;
  if (on?.name !== 'docker.image' || !/^(?:inside|withRun)$/.test(call.name)) return undefined;
  return {
    kind: 'docker',
    image: asString(on.args[0]?.value),
    args: asString(args[0]?.value),
    command: asString(args[1]?.value),
    open: args.some(({ value: one }) => one.kind !== 'string' && one.kind !== 'closure'),
    span: on.nameSpan,
  };
}
