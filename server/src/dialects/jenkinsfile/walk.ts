/** Walks over a pipeline, declarative or scripted: which step runs in which stage, on which agent, with which variables. */
import type { ScriptText } from '../../model/build-site.js';
import type { GroovyArgument, GroovyCall, GroovyString } from '../../syntax/groovy.js';
import type { Span } from '../../syntax/tree.js';
import { type Agent, agentIn, type DockerAgent, entered, MACHINE, podAgent, SOMEWHERE } from './agents.js';
import { asString } from './strings.js';

/** A variable as a step sees it; `value` is missing where it is no literal. */
export interface Setting {
  readonly name: string;
  readonly value: GroovyString | undefined;
  /** Name and value. */
  readonly span: Span;
}

/** Where a step stands. */
export interface Scope {
  /** Names of the stages around it, outermost first. */
  readonly path: readonly string[];
  /** What names the innermost of them, or the pipeline. */
  readonly nameSpan: Span;
  readonly agent: Agent;
  /** Variables, the innermost last. */
  readonly settings: readonly Setting[];
  /** The container of a pod. */
  readonly container: string | undefined;
  /** Containers that run beside the step, the nearest last. */
  readonly beside: readonly DockerAgent[];
  readonly part: ScriptText['part'];
}

export interface Step {
  readonly scope: Scope;
  readonly script: GroovyString;
}

/** What a file comes to. */
export interface Walked {
  readonly steps: readonly Step[];
  /** Every place where an agent is in force, also without a step that can be read. */
  readonly scopes: readonly Scope[];
  /** How many scripts are no literals. */
  readonly made: number;
  readonly declarative: boolean;
}

interface Walk {
  readonly steps: Step[];
  readonly scopes: Scope[];
  made: number;
  declarative: boolean;
}

export function walk(calls: readonly GroovyCall[]): Walked {
  const state: Walk = { steps: [], scopes: [], made: 0, declarative: false };
  const start: Scope = {
    path: [],
    nameSpan: { start: 0, end: 0 },
    agent: SOMEWHERE,
    settings: [],
    container: undefined,
    beside: [],
    part: 'main',
  };
  visitAll(state, calls, start);
  return state;
}

/** Blocks whose steps run where the block itself does. */
const TRANSPARENT =
  /^(?:script|steps|stages|parallel|matrix|timeout|timestamps|ansiColor|dir|ws|retry|catchError|warnError|lock|waitUntil|wrap|withCredentials|withRegistry|docker\.withRegistry|sshagent|configFileProvider|milestone|sshUserPrivateKey|throttle|each|always|success|failure|unstable|changed|cleanup|aborted|fixed|regression|unsuccessful|post|try|catch|withSonarQubeEnv|withMaven|nodejs|withAWS|withChecks|gitlabCommitStatus|updateGitlabCommitStatus|xvfb|tool|input|unstash|container)$/;

function visitAll(state: Walk, calls: readonly GroovyCall[], scope: Scope): void {
  let inner = scope;
  for (const call of calls) inner = visit(state, call, inner);
}

/** Visits a call, and gives the scope of what stands behind it in the same block. */
function visit(state: Walk, call: GroovyCall, scope: Scope): Scope {
  if (call.kind === 'define') return scope;
  const { name, args, body } = call;
  switch (name) {
    case 'pipeline':
      if (body) {
        state.declarative = true;
        enter(state, body, { ...scope, nameSpan: call.nameSpan, agent: MACHINE });
      }
      return scope;
    case 'stage':
      enter(state, body ?? [], inStage(call, scope));
      return scope;
    case 'environment':
    case 'agent':
      return scope;
    case 'node':
      enter(state, body ?? [], onNode(call, scope));
      return scope;
    case 'podTemplate':
      visitAll(state, body ?? [], { ...scope, agent: podAgent(args) });
      return scope;
    case 'container':
      visitAll(state, body ?? [], { ...scope, container: asString(args[0]?.value)?.text ?? '?' });
      return scope;
    case 'sh':
      addStep(state, call, scope);
      return scope;
    case 'withEnv':
      visitAll(state, body ?? [], { ...scope, settings: [...scope.settings, ...listed(args[0])] });
      return scope;
    case 'docker.withServer': {
      const server = asString(args[0]?.value);
      const own: Setting = { name: 'DOCKER_HOST', value: server, span: server ?? call.nameSpan };
      visitAll(state, body ?? [], { ...scope, settings: [...scope.settings, own] });
      return scope;
    }
    case 'post':
      visitAll(state, body ?? [], { ...scope, part: 'after' });
      return scope;
    default:
      return visitOther(state, call, scope);
  }
}

function visitOther(state: Walk, call: GroovyCall, scope: Scope): Scope {
  const { name, kind, args, body, on } = call;
  if (kind === 'assign') {
    const variable = /^env\.(\w+)$/.exec(name)?.[1];
    const value = args[0]?.value;
    if (value?.kind === 'closure') visitAll(state, value.calls, { ...scope, agent: SOMEWHERE });
    if (variable === undefined || !value) return scope;
    const own: Setting = {
      name: variable,
      value: asString(value),
      span: { start: call.start, end: call.end },
    };
    return { ...scope, settings: [...scope.settings, own] };
  }
  const agent = entered(call);
  if (agent) {
    const next: Scope =
      name === 'withRun'
        ? { ...scope, beside: [...scope.beside, agent] }
        : { ...scope, agent, container: undefined };
    enter(state, body ?? [], { ...next, nameSpan: scope.path.length > 0 ? scope.nameSpan : agent.span });
    return scope;
  }
  if (on) visit(state, on, scope);
  for (const { value } of args) if (value.kind === 'closure') visitAll(state, value.calls, scope);
  const known = TRANSPARENT.test(name) || TRANSPARENT.test(name.replace(/^.*\./, ''));
  if (body)
    visitAll(state, body, known ? scope : { ...scope, agent: SOMEWHERE, container: undefined, beside: [] });
  return scope;
}

/** A block with an agent and variables of its own. */
function enter(state: Walk, body: readonly GroovyCall[], scope: Scope): void {
  const own = body.find(({ name, kind }) => name === 'agent' && kind === 'call');
  const agent = own ? agentIn(own, scope.agent) : scope.agent;
  const settings = body
    .filter(({ name }) => name === 'environment')
    .flatMap(({ body: inner }) => assigned(inner ?? []));
  const inner: Scope = {
    ...scope,
    agent,
    ...(own ? { container: undefined } : {}),
    settings: [...scope.settings, ...settings],
  };
  state.scopes.push(inner);
  visitAll(state, body, inner);
}

function inStage(call: GroovyCall, scope: Scope): Scope {
  const name = asString(call.args.find(arg => arg.name === undefined || arg.name === 'name')?.value);
  const label = name && !name.interpolates ? name.text : (name?.text ?? 'stage');
  return { ...scope, path: [...scope.path, label], nameSpan: name?.inner ?? call.nameSpan };
}

/** A node within the template of a pod is that pod; any other is a machine. */
function onNode(call: GroovyCall, scope: Scope): Scope {
  const { agent, path } = scope;
  const nameSpan = path.length > 0 ? scope.nameSpan : call.nameSpan;
  return { ...scope, nameSpan, agent: agent.kind === 'pod' ? agent : MACHINE, container: undefined };
}

function assigned(calls: readonly GroovyCall[]): readonly Setting[] {
  return calls
    .filter(({ kind, name }) => kind === 'assign' && /^\w+$/.test(name))
    .map(({ name, args, start, end }) => ({ name, value: asString(args[0]?.value), span: { start, end } }));
}

/** `['NAME=value', …]` of withEnv; a name that cannot be read may be any. */
function listed(arg: GroovyArgument | undefined): readonly Setting[] {
  if (arg?.value.kind !== 'list')
    return [{ name: '*', value: undefined, span: arg?.value ?? { start: 0, end: 0 } }];
  return arg.value.items.map(({ value }) => {
    const string = asString(value);
    const at = string?.text.indexOf('=') ?? -1;
    if (!string || at < 0 || !string.plain || string.holes.some(({ start }) => start < at))
      return { name: '*', value: undefined, span: value };
    const inner = { start: string.inner.start + at + 1, end: string.inner.end };
    const holes = string.holes.map(({ start, end }) => ({ start: start - at - 1, end: end - at - 1 }));
    const own = { ...string, inner, text: string.text.slice(at + 1), holes };
    return { name: string.text.slice(0, at), value: own, span: string };
  });
}

function addStep(state: Walk, { args }: GroovyCall, scope: Scope): void {
  const script = asString(
    (args.find(({ name }) => name === 'script') ?? args.find(({ name }) => name === undefined))?.value,
  );
  if (script) state.steps.push({ scope, script });
  else state.made += 1;
}
