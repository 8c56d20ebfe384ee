/** Pods that stand in a Jenkinsfile as text, with what the pipeline runs in their containers. */
import type { Environment, ScriptText } from '../../model/build-site.js';
import { ABSENT, type Known, placeKey, unknown } from '../../model/known.js';
import { HOLE, type Text } from '../../model/text.js';
import type { GroovyString } from '../../syntax/groovy.js';
import type { ScalarNode } from '../../syntax/tree.js';
import type { Embedded, PodUse } from '../dialect.js';
import type { PodAgent } from './agents.js';
import { environmentIn } from './environment.js';
import { fileOf, walked } from './lower.js';
import type { JenkinsTree } from './read.js';
import { type JenkinsFile, scriptOf } from './strings.js';
import type { Scope, Walked } from './walk.js';

const found = new WeakMap<JenkinsTree, readonly Embedded[]>();

/** The nodes are the same objects for as long as the tree is. */
export function podsOf(tree: JenkinsTree, path: string): readonly Embedded[] {
  const known = found.get(tree);
  if (known) return known;
  const file = fileOf({ path, tree });
  const pods = file ? embeddedIn(file, walked(tree)) : [];
  found.set(tree, pods);
  return pods;
}

function embeddedIn(file: JenkinsFile, all: Walked): readonly Embedded[] {
  // Several agents may have one text.
  const pods = new Map<number, { readonly yaml: GroovyString; readonly agents: Set<PodAgent> }>();
  for (const agent of podAgents(all)) {
    const { yaml } = agent;
    // Escapes would shift what stands behind them.
    if (!yaml?.plain) continue;
    const pod = pods.get(yaml.start) ?? { yaml, agents: new Set() };
    pods.set(yaml.start, pod);
    pod.agents.add(agent);
  }
  return [...pods.values()].map(({ yaml, agents }) => {
    const host = { dialect: 'jenkinsfile', use: useOf(file, all, agents) } as const;
    return { dialect: 'kubernetes', node: nodeOf(file, yaml), host };
  });
}

/** Every pod that is an agent. */
export function podAgents({ scopes, steps }: Walked): ReadonlySet<PodAgent> {
  const all = [...scopes, ...steps.map(({ scope }) => scope)];
  return new Set(all.flatMap(({ agent }) => (agent.kind === 'pod' ? [agent] : [])));
}

/** What Groovy puts in is a hole of the same length. */
function nodeOf({ block }: JenkinsFile, { inner, text, holes }: GroovyString): ScalarNode {
  let masked = text;
  for (const { start, end } of holes)
    masked = masked.slice(0, start) + HOLE.repeat(end - start) + masked.slice(end);
  return { kind: 'scalar', style: 'verbatim', block, ...inner, text: masked };
}

function useOf(file: JenkinsFile, { steps, scopes }: Walked, agents: ReadonlySet<PodAgent>): PodUse {
  const scripts = new Map<string, ScriptText[]>();
  const isOwn = ({ agent }: Scope): boolean => agent.kind === 'pod' && agents.has(agent);
  const own = steps.filter(({ scope }) => isOwn(scope));
  for (const { scope, script } of own) {
    const container = scope.container ?? defaultOf(scope) ?? 'jnlp';
    const before = scripts.get(container) ?? [];
    scripts.set(container, before);
    before.push(scriptOf(file, script, scope.part));
  }
  const all = own.length > 0 ? own.map(({ scope }) => scope) : scopes.filter(isOwn);
  const settings = [...new Set(all.map(scope => scope.settings))];
  const env = inAll(settings.map(one => environmentIn(file, one)));
  return { key: String(file.block.id), scripts, env };
}

function defaultOf({ agent }: Scope): string | undefined {
  return agent.kind === 'pod' ? agent.defaultContainer : undefined;
}

/** Variables of which all stages say the same; of the others nobody can tell which one counts. */
function inAll(environments: readonly Environment[]): Environment {
  return {
    get(name) {
      const [first = ABSENT, ...others] = environments.map(env => env.get(name));
      const same = others.every(other => keyOf(other) === keyOf(first));
      return same ? first : unknown('not all stages set it');
    },
    names: () => [...new Set(environments.flatMap(env => env.names()))],
  };
}

function keyOf(value: Known<Text>): string {
  return value.state === 'known' ? placeKey(value.origin.place) : value.state;
}
