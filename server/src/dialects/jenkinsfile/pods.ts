/** Pods that stand in a Jenkinsfile as text, with what the pipeline runs in their containers. */
import type { ScriptText } from '../../model/build-site.js';
import { type Known, placeKey, unknown } from '../../model/known.js';
import { HOLE, type Text } from '../../model/text.js';
import type { GroovyString } from '../../syntax/groovy.js';
import type { ScalarNode } from '../../syntax/tree.js';
import type { Embedded, PodUse } from '../dialect.js';
import { environmentOf } from '../machine.js';
import type { PodAgent } from './agents.js';
import { fileOf, settingsOf, walked } from './lower.js';
import type { JenkinsTree } from './read.js';
import { type JenkinsFile, scriptOf } from './strings.js';
import type { Walked } from './walk.js';

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
  const agents = new Set(all.scopes.flatMap(({ agent }) => (agent.kind === 'pod' ? [agent] : [])));
  for (const { scope } of all.steps) if (scope.agent.kind === 'pod') agents.add(scope.agent);
  return [...agents].flatMap(agent => {
    const { yaml } = agent;
    // Escapes would shift what stands behind them.
    if (!yaml?.plain) return [];
    const host = { dialect: 'jenkinsfile', use: useOf(file, all, agent) } as const;
    return [{ dialect: 'kubernetes', node: nodeOf(file, yaml), host }];
  });
}

/** What Groovy puts in is a hole of the same length. */
function nodeOf({ block }: JenkinsFile, { inner, text, holes }: GroovyString): ScalarNode {
  let masked = text;
  for (const { start, end } of holes)
    masked = masked.slice(0, start) + HOLE.repeat(end - start) + masked.slice(end);
  return { kind: 'scalar', style: 'verbatim', block, ...inner, text: masked };
}

function useOf(file: JenkinsFile, { steps, scopes }: Walked, agent: PodAgent): PodUse {
  const scripts = new Map<string, ScriptText[]>();
  const own = steps.filter(({ scope }) => scope.agent === agent);
  for (const { scope, script } of own) {
    const container = scope.container ?? agent.defaultContainer ?? 'jnlp';
    const before = scripts.get(container) ?? [];
    scripts.set(container, [...before, scriptOf(file, script, scope.part)]);
  }
  const all = own.length > 0 ? own.map(({ scope }) => scope) : scopes.filter(scope => scope.agent === agent);
  const values = inAll(all.map(({ settings }) => settingsOf(file, settings)));
  return { key: String(file.block.id), scripts, env: environmentOf(values) };
}

/** Variables of which all stages say the same; of the others nobody can tell which one counts. */
function inAll(maps: readonly ReadonlyMap<string, Known<Text>>[]): ReadonlyMap<string, Known<Text>> {
  const values = new Map<string, Known<Text>>();
  const key = (value: Known<Text> | undefined): string =>
    value?.state === 'known' ? placeKey(value.origin.place) : (value?.state ?? 'absent');
  for (const [name, value] of maps.flatMap(map => [...map])) {
    const same = maps.every(map => key(map.get(name)) === key(value));
    values.set(name, same ? value : unknown('not all stages set it'));
  }
  return values;
}
