/** Variables that `rules`, `workflow` and `parallel:matrix` set, and the ways in which a job runs because of them. */
import type { ScalarNode } from '../../syntax/tree.js';
import type { GitlabConfig } from './config.js';
import { dereference, flatItems } from './references.js';
import { type Fields, isNull, readFields, readValue, scalarOf, type Value } from './values.js';

/** Variables by name. */
export type Variables = ReadonlyMap<string, Value>;

/** What may set variables of a job besides `variables:`. */
export interface Conditions {
  /** Names with the reason why their value is not known. */
  readonly names: ReadonlyMap<string, string>;
  /** One entry for each instance of the job; missing when they cannot be told. */
  readonly matrix: readonly Variables[] | undefined;
  /** One entry for each rule that may apply, an empty one where none sets anything. */
  readonly rules: readonly Variables[] | undefined;
  /** False when a reference leads out of view. */
  readonly complete: boolean;
}

export function conditionsOf(config: GitlabConfig, job: Fields, workflow: Fields | undefined): Conditions {
  const matrix = readMatrix(config, job.get('parallel'));
  const own = readRules(config, job.get('rules'));
  const whole = readRules(config, workflow?.get('rules'));
  const names = new Map<string, string>();
  const add = (rows: readonly Variables[], reason: string): void => {
    for (const row of new Set(rows)) for (const name of row.keys()) names.set(name, reason);
  };
  add(whole.rows, 'workflow:rules:variables may set it');
  add(own.rows, 'rules:variables may set it');
  for (const name of matrix.names) names.set(name, 'parallel:matrix sets it');
  const alternatives = whole.rows.some(row => row.size > 0) ? undefined : own.rows;
  return {
    names,
    matrix: matrix.complete && job.get('parallel')?.doubt === undefined ? matrix.rows : undefined,
    rules: own.complete && job.get('rules')?.doubt === undefined ? alternatives : undefined,
    complete: matrix.complete,
  };
}

/** More instances are not told apart. */
const MAX_ROWS = 50;

/** GitLab refuses more rows, and more values in one. Source: gitlabhq lib/gitlab/ci/config/entry/product/parallel.rb. */
const MAX_PARALLEL = 200;

/** The rows of `parallel: matrix:` as written: names with their values. */
export function matrixRows(
  config: GitlabConfig,
  parallel: Value | undefined,
): readonly ReadonlyMap<string, readonly string[]>[] | undefined {
  const matrix = dereference(config, parallel)?.fields?.get('matrix');
  if (!matrix) return undefined;
  return flatItems(config, matrix.node)
    .items.slice(0, MAX_PARALLEL)
    .flatMap(item => {
      const row = config.resolve(item);
      if (row?.kind !== 'map') return [];
      const fields = [...readFields(config, row, { way: 'own' })];
      return [new Map(fields.map(([name, value]) => [name, textsAt(config, value).map(({ text }) => text)]))];
    });
}

function textsAt(config: GitlabConfig, value: Value): readonly ScalarNode[] {
  const items = flatItems(config, value.node).items.slice(0, MAX_PARALLEL);
  return items.filter(node => node.kind === 'scalar');
}

interface Matrix {
  readonly rows: readonly Variables[];
  /** Every variable that some row sets. */
  readonly names: ReadonlySet<string>;
  readonly complete: boolean;
}

const NO_NAMES: ReadonlySet<string> = new Set();

/** The rows of `parallel: matrix:`; each row of the file stands for all combinations of its lists. */
function readMatrix(config: GitlabConfig, parallel: Value | undefined): Matrix {
  const value = dereference(config, parallel);
  if (!parallel || value?.node.kind === 'scalar') return { rows: [], names: NO_NAMES, complete: true };
  const matrix = value?.fields?.get('matrix');
  if (!matrix) return { rows: [], names: NO_NAMES, complete: value !== undefined };
  const { items, complete } = flatItems(config, matrix.node);
  const maps = items.flatMap(item => {
    const row = config.resolve(item);
    return row?.kind === 'map' ? [readFields(config, row, { way: 'own' })] : [];
  });
  const rows: Variables[] = [];
  for (const map of maps.slice(0, MAX_PARALLEL)) {
    rows.push(...combinations(config, map));
    if (rows.length > MAX_ROWS) break;
  }
  return {
    rows,
    names: new Set(maps.flatMap(map => [...map.keys()])),
    complete: complete && rows.length <= MAX_ROWS && maps.length <= MAX_PARALLEL,
  };
}

function combinations(config: GitlabConfig, row: Fields): readonly Variables[] {
  let made: readonly Variables[] = [new Map()];
  for (const [name, value] of row) {
    const nodes = textsAt(config, value).slice(0, MAX_ROWS + 1);
    const values = nodes.map(node => ({ ...value, node, way: 'own' as const }));
    made = made.flatMap(one => values.map(each => new Map([...one, [name, each]]))).slice(0, MAX_ROWS + 1);
  }
  return made;
}

function readRules(
  config: GitlabConfig,
  rules: Value | undefined,
): { rows: readonly Variables[]; complete: boolean } {
  if (!rules || isNull(rules.node)) return { rows: [], complete: true };
  const { items, complete } = flatItems(config, rules.node);
  const rows = items.flatMap(item => {
    const rule = readValue(config, item, { way: 'own' })?.fields;
    if (!rule || scalarOf(rule.get('when'))?.text === 'never') return [];
    const variables = dereference(config, rule.get('variables'))?.fields;
    return [variables ?? new Map<string, Value>()];
  });
  return { rows, complete };
}

/** More ways than this are not played through. */
const MAX_WAYS = 12;

/** One way in which a job runs. */
export interface Way {
  readonly chosen: Variables;
  /** What tells it from the others, for people. */
  readonly label: string;
}

/** The ways of a job: all of them with a matrix, one of them with rules. `decides` are the variables they differ in. */
export interface Ways {
  readonly by: 'matrix' | 'rules';
  readonly ways: readonly Way[];
  readonly decides: ReadonlySet<string>;
}

/**
 * The ways in which a job runs as far as the variables `wanted` go, by matrix and by rules; only one when nothing
 * differs, or when it cannot be told how.
 */
export function waysOf(conditions: Conditions, wanted: ReadonlySet<string>): Ways | undefined {
  for (const by of ['matrix', 'rules'] as const) {
    const rows = conditions[by];
    if (!rows || rows.length === 0) continue;
    const ways = distinct(rows, wanted);
    const decides = new Set(ways.flatMap(({ chosen }) => [...chosen.keys()]));
    if (decides.size > 0 && ways.length <= MAX_WAYS) return { by, ways, decides };
  }
  return undefined;
}

function distinct(rows: readonly Variables[], wanted: ReadonlySet<string>): readonly Way[] {
  const ways = new Map<string, Way>();
  for (const row of new Set(rows)) {
    const chosen = new Map([...row].filter(([name]) => wanted.has(name)));
    const label = [...chosen].map(([name, value]) => `${name}: ${shownValue(value)}`).join(', ');
    if (!ways.has(label)) ways.set(label, { chosen, label });
  }
  return [...ways.values()];
}

function shownValue(value: Value): string {
  const text = scalarOf(value)?.text;
  return text === '' ? '""' : (text ?? '?');
}

const REFERENCE = /\$\{?([A-Za-z_]\w*)/g;

/** Names of the variables that decide image, services and docker's own variables, through any number of others. */
export function decisiveNames(
  job: Fields,
  variables: Fields,
  conditional: Iterable<string>,
): ReadonlySet<string> {
  const all = [...variables.keys(), ...conditional];
  const names = new Set(all.filter(name => name.startsWith('DOCKER_')));
  const queue = ['image', 'services'].flatMap(key => textsIn(job.get(key)));
  for (const name of names) queue.push(...textsIn(variables.get(name)));
  for (let text = queue.pop(); text !== undefined; text = queue.pop()) {
    for (const [, name = ''] of text.matchAll(REFERENCE)) {
      if (names.has(name)) continue;
      names.add(name);
      queue.push(...textsIn(variables.get(name)));
    }
  }
  return names;
}

/** Every text of a value, as its file writes it. */
function textsIn(value: Value | undefined): readonly string[] {
  if (!value) return [];
  const { node } = value;
  return [node.kind === 'scalar' ? node.text : node.block.text.slice(node.start, node.end)];
}
