/** Reads `.drydock.yml` and finds what is wrong in it. */

import { FORMATS } from '../model/build-site.js';
import type { Severity } from '../model/finding.js';
import { type Place, placeOf } from '../model/known.js';
import type { Entry, MapNode, Node, Tree } from '../syntax/tree.js';
import type { ConfigIgnore, ConfigProblem, DeclaredRunner, DrydockConfig } from './config.js';
import { CONFIG_KEYS, EXPOSURES, HOSTED, LEVELS, PROFILES } from './config-keys.js';

/** What reading needs at hand: the file, and a place for problems. */
interface Reader {
  readonly path: string;
  readonly tree: Tree;
  readonly ruleIds: ReadonlySet<string>;
  readonly problems: ConfigProblem[];
}

/** Reads the configuration; a part that is wrong is left out and named in `problems`. */
export function readConfig(path: string, tree: Tree, ruleIds: ReadonlySet<string>): DrydockConfig {
  const reader: Reader = { path, tree, ruleIds, problems: [] };
  for (const { block, problems } of tree.documents.flatMap(document => document.blocks)) {
    const [problem] = problems;
    if (problem)
      reader.problems.push({
        place: { path, block, ...lineOf(block.text, 0) },
        message: 'This cannot be read as YAML, so what it says does not hold.',
      });
  }
  const entries = tree.documents[0]?.entries ?? [];
  checkKeys(reader, entries, '');
  const at = (key: string): Node | undefined => valueIn(reader, entries, key);
  const version = at('version');
  if (version && textOf(version) !== '1')
    complain(reader, version, 'This version of Drydock reads "version: 1" only.');
  return {
    profile: oneOf(reader, at('profile'), PROFILES),
    runners: mapsIn(reader, at('runners')).map(map => readRunner(reader, map)),
    variables: readVariables(reader, at('variables')),
    files: readFiles(reader, at('files')),
    projects: readProjects(reader, at('projects')),
    rules: readRules(reader, at('rules')),
    ignores: mapsIn(reader, at('ignore')).flatMap(map => readIgnore(reader, map)),
    problems: reader.problems,
    broken: tree.problems.length > 0,
  };
}

/** The rest of the line from an offset on; an error may run to the end of the file. */
function lineOf(text: string, start: number): { start: number; end: number } {
  const newline = text.indexOf('\n', start);
  return { start, end: Math.max(start + 1, newline < 0 ? text.length : newline) };
}

function complain(reader: Reader, node: Node, message: string): void {
  reader.problems.push({ place: placeOf(reader.path, node), message });
}

function checkKeys(reader: Reader, entries: readonly Entry[], section: string): void {
  const allowed = CONFIG_KEYS[section];
  const seen = new Set<string>();
  for (const { key } of entries) {
    if (seen.has(key.text))
      complain(reader, key, `The key "${key.text}" is here already; only one of them can hold.`);
    seen.add(key.text);
    if (!allowed || allowed.includes(key.text)) continue;
    const where = section === '' ? '' : ` in ${section}`;
    complain(reader, key, `Unknown key "${key.text}"${where}; known are ${allowed.join(', ')}.`);
  }
}

function valueIn(reader: Reader, entries: readonly Entry[], key: string): Node | undefined {
  const value = entries.find(entry => entry.key.text === key)?.value;
  return value && reader.tree.resolve(value);
}

function textOf(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' ? node.text : undefined;
}

function oneOf<T extends string>(
  reader: Reader,
  node: Node | undefined,
  allowed: readonly T[],
): T | undefined {
  if (!node) return undefined;
  const found = allowed.find(value => value === textOf(node));
  if (found === undefined)
    complain(reader, node, `"${textOf(node) ?? ''}" is none of ${allowed.join(', ')}.`);
  return found;
}

function mapsIn(reader: Reader, node: Node | undefined): readonly MapNode[] {
  if (!node) return [];
  if (node.kind !== 'seq') {
    complain(reader, node, 'A list is expected here.');
    return [];
  }
  return node.items.flatMap(item => {
    const map = reader.tree.resolve(item);
    if (map?.kind === 'map') return [map];
    complain(reader, item, 'A mapping is expected here.');
    return [];
  });
}

function isMapping(reader: Reader, node: Node | undefined): node is MapNode {
  if (node && node.kind !== 'map') complain(reader, node, 'A mapping is expected here.');
  return node?.kind === 'map';
}

function textsIn(reader: Reader, node: Node | undefined): readonly string[] {
  if (node?.kind === 'scalar') return [node.text];
  if (node?.kind !== 'seq') return [];
  return node.items.flatMap(item => textOf(reader.tree.resolve(item)) ?? []);
}

function readRunner(reader: Reader, map: MapNode): DeclaredRunner {
  checkKeys(reader, map.entries, 'runners');
  const at = (key: string): Node | undefined => valueIn(reader, map.entries, key);
  const hosted = oneOf(reader, at('hosted'), HOSTED);
  const config = textOf(at('config'));
  if (hosted === undefined && config === undefined && !at('hosted') && !at('tags')) {
    complain(
      reader,
      map,
      'A runner needs "config" (the path of its config.toml) or "hosted"; one for workflows needs "tags", its labels.',
    );
  }
  const untagged = textOf(at('untagged'));
  return {
    place: placeOf(reader.path, map),
    name: textOf(at('name')),
    config: config?.replace(/^\.?\//, ''),
    entry: textOf(at('entry')),
    hosted,
    engine: textOf(at('engine')),
    tags: at('tags') ? textsIn(reader, at('tags')) : undefined,
    untagged: untagged === undefined ? undefined : untagged === 'true',
    exposure: oneOf(reader, at('exposure'), EXPOSURES),
  };
}

function readVariables(reader: Reader, node: Node | undefined): DrydockConfig['variables'] {
  const variables = new Map<string, { value: string; place: Place }>();
  if (!isMapping(reader, node)) return variables;
  for (const entry of node.entries) {
    const value = entry.value && reader.tree.resolve(entry.value);
    if (value?.kind === 'scalar')
      variables.set(entry.key.text, { value: value.text, place: placeOf(reader.path, value) });
  }
  return variables;
}

function readProjects(reader: Reader, node: Node | undefined): DrydockConfig['projects'] {
  if (!isMapping(reader, node)) return new Map();
  return new Map(
    node.entries.flatMap(({ key, value }) => {
      const folder = value && textOf(value);
      if (value && folder === undefined) complain(reader, value, 'The folder of a checkout is a path.');
      return folder === undefined ? [] : [[key.text, folder] as const];
    }),
  );
}

function readFiles(reader: Reader, node: Node | undefined): DrydockConfig['files'] {
  if (!isMapping(reader, node)) return [];
  return node.entries.flatMap(entry => {
    const dialect = FORMATS.find(id => id === entry.key.text);
    if (!dialect)
      complain(reader, entry.key, `Unknown format "${entry.key.text}"; known are ${FORMATS.join(', ')}.`);
    return dialect ? [{ dialect, globs: textsIn(reader, entry.value) }] : [];
  });
}

function readRules(reader: Reader, node: Node | undefined): DrydockConfig['rules'] {
  const rules = new Map<string, Severity | 'off'>();
  if (!isMapping(reader, node)) return rules;
  for (const entry of node.entries) {
    if (!reader.ruleIds.has(entry.key.text))
      complain(reader, entry.key, `There is no rule "${entry.key.text}".`);
    const level = oneOf(reader, entry.value, LEVELS);
    if (level) rules.set(entry.key.text, level);
  }
  return rules;
}

function readIgnore(reader: Reader, map: MapNode): readonly ConfigIgnore[] {
  checkKeys(reader, map.entries, 'ignore');
  const at = (key: string): string | undefined => textOf(valueIn(reader, map.entries, key));
  const rule = at('rule');
  if (rule === undefined || !reader.ruleIds.has(rule)) {
    complain(reader, map, rule === undefined ? 'An ignore needs a "rule".' : `There is no rule "${rule}".`);
    return [];
  }
  const until = at('until');
  if (until !== undefined && !isDay(until)) {
    complain(
      reader,
      valueIn(reader, map.entries, 'until') ?? map,
      'A date is expected here, as in 2027-01-31.',
    );
  }
  return [
    {
      place: placeOf(reader.path, map),
      rule,
      path: at('path'),
      site: at('site'),
      reason: at('reason')?.trim() || undefined,
      until,
    },
  ];
}

/** An ISO date of a day that there is. */
function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
