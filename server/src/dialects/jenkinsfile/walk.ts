/** Walks over a pipeline, declarative or scripted: which step runs in which stage, on which agent, with which variables. */
import type { ScriptText } from '../../model/build-site.js';
import type { GroovyArgument, GroovyCall, GroovyString, GroovyValue } from '../../syntax/groovy.js';
import type { Span } from '../../syntax/tree.js';
import { type Agent, agentIn, type DockerAgent, entered, MACHINE, podAgent, SOMEWHERE } from './agents.js';
import { withLiterals } from './names.js';
import { type Registry, registryOf } from './registry.js';
import {
  assigned,
  bound,
  closuresIn,
  globalName,
  globalOf,
  globalsIn,
  listed,
  type Setting,
} from './settings.js';
import { asString } from './strings.js';

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
  /** Where images are taken from that are entered; empty for Docker Hub. */
  readonly registry: Registry;
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
  /** How often each variable is set by `env.NAME = …`, wherever that stands. */
  readonly globals: ReadonlyMap<string, number>;
  readonly scopes: Scope[];
  made: number;
  declarative: boolean;
}

export function walk(written: readonly GroovyCall[]): Walked {
  const calls = withLiterals(written);
  const globals = calls.flatMap(call => globalsIn(call));
  const counts = new Map<string, number>();
  for (const { name } of globals) counts.set(name, (counts.get(name) ?? 0) + 1);
  const state: Walk = { steps: [], globals: counts, scopes: [], made: 0, declarative: false };
  const start: Scope = {
    path: [],
    nameSpan: { start: 0, end: 0 },
    agent: SOMEWHERE,
    settings: globals,
    container: undefined,
    beside: [],
    part: 'main',
    registry: '',
  };
  visitAll(state, calls, start);
  return state;
}

/** Blocks whose steps run where the block itself does. */
const TRANSPARENT =
  /^(?:script|steps|stages|parallel|timeout|timestamps|ansiColor|dir|ws|retry|catchError|warnError|lock|waitUntil|wrap|withRegistry|withDockerRegistry|sshagent|configFileProvider|milestone|sshUserPrivateKey|throttle|each|always|success|failure|unstable|changed|cleanup|aborted|fixed|regression|unsuccessful|withSonarQubeEnv|withMaven|nodejs|withAWS|withChecks|gitlabCommitStatus|updateGitlabCommitStatus|xvfb|tool|input|unstash|container)$/;

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
    case 'matrix':
      enter(state, body ?? [], scope);
      return scope;
    case 'node':
      enter(state, body ?? [], onNode(call, scope));
      return scope;
    case 'podTemplate':
      // One within another adds to it.
      visitAll(state, body ?? [], { ...scope, agent: podAgent(args, scope.agent.kind === 'pod') });
      return scope;
    case 'container':
      visitAll(state, body ?? [], { ...scope, container: asString(given(args, 'name'))?.text ?? '?' });
      return scope;
    case 'sh':
      addStep(state, call, scope);
      return scope;
    case 'withEnv':
      visitAll(state, body ?? [], { ...scope, settings: [...scope.settings, ...listed(args[0])] });
      return scope;
    case 'withCredentials':
      visitAll(state, body ?? [], { ...scope, settings: [...scope.settings, ...bound(args[0])] });
      return scope;
    case 'docker.withServer':
    case 'withDockerServer': {
      const server = asString(given(args, 'uri'));
      const own: Setting = { name: 'DOCKER_HOST', value: server, span: server ?? call.nameSpan };
      visitAll(state, body ?? [], { ...scope, settings: [...scope.settings, own] });
      return scope;
    }
    case 'docker.withRegistry': {
      const registry = registryOf(args[0]?.value);
      visitAll(state, body ?? [], { ...scope, registry });
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
    visitAll(state, closuresIn(args), elsewhere(scope));
    const variable = globalName(call);
    if (variable === undefined || state.globals.get(variable) !== 1) return scope;
    const own = globalOf(call, variable, asString(args[0]?.value));
    const settings = scope.settings.map(one => (one.global && one.name === variable ? own : one));
    return { ...scope, settings };
  }
  const agent = entered(call, scope);
  if (agent) {
    const next: Scope =
      name === 'withRun'
        ? { ...scope, beside: [...scope.beside, agent] }
        : { ...scope, agent, container: undefined };
    enter(state, body ?? [], { ...next, nameSpan: scope.path.length > 0 ? scope.nameSpan : agent.span });
    return scope;
  }
  if (on) visit(state, on, scope);
  // Of the cases of a switch none comes before the others.
  if (name === 'switch' && kind === 'branch') {
    for (const one of body ?? []) visit(state, one, scope);
    return scope;
  }
  const known = kind === 'branch' || TRANSPARENT.test(name.replace(/^.*\./, ''));
  visitAll(state, [...closuresIn(args), ...(body ?? [])], known ? scope : elsewhere(scope));
  return scope;
}

/** Within a block of which nobody can tell where its steps run. */
function elsewhere(scope: Scope): Scope {
  return { ...scope, agent: SOMEWHERE, container: undefined, beside: [] };
}

/** A block with an agent and variables of its own. */
function enter(state: Walk, body: readonly GroovyCall[], scope: Scope): void {
  const own = body.find(({ name, kind }) => name === 'agent' && kind === 'call');
  const agent = own ? agentIn(own, scope.agent, scope.settings) : scope.agent;
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
  const name = asString(given(call.args, 'name'));
  const label = name && !name.interpolates ? name.text : (name?.text ?? 'stage');
  return { ...scope, path: [...scope.path, label], nameSpan: name?.inner ?? call.nameSpan };
}

/** A node within the template of a pod is that pod; any other is a machine. */
function onNode(call: GroovyCall, scope: Scope): Scope {
  const { agent, path } = scope;
  const nameSpan = path.length > 0 ? scope.nameSpan : call.nameSpan;
  return { ...scope, nameSpan, agent: agent.kind === 'pod' ? agent : MACHINE, container: undefined };
}

/** What an argument is given, by its name or as the only one without. */
function given(args: readonly GroovyArgument[], key: string): GroovyValue | undefined {
  return (args.find(({ name }) => name === key) ?? args.find(({ name }) => name === undefined))?.value;
}

function addStep(state: Walk, { args }: GroovyCall, scope: Scope): void {
  const script = asString(given(args, 'script'));
  if (script) state.steps.push({ scope, script });
  else state.made += 1;
}
