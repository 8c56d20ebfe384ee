/** Looks up sections and keys of config.toml in the table of runner keys, as the runner itself matches them. */
import type { RunnerKeyDoc, RunnerKeyTable } from './variables.js';

/** A section of the table, or one whose keys are free (`table<string,string>`), with the type of their values. */
export type Section =
  | { readonly kind: 'section'; readonly path: string }
  | { readonly kind: 'free'; readonly type: string };

export interface KnownKey {
  /** As the table spells it. */
  readonly name: string;
  readonly doc: RunnerKeyDoc;
}

/** What several sections share, and the table lists once. Source: gitlab-runner common/config.go, NodeSelectorRequirement. */
const REQUIREMENT = '(any match_expressions[] / match_fields[])';

const kept = new WeakMap<RunnerKeyTable, Map<string, Section | undefined>>();

/** The section at a path as it is written (`runners[].docker`); `undefined` when a part of it is no known key. */
export function sectionAt(table: RunnerKeyTable, written: string): Section | undefined {
  const sections = kept.get(table) ?? new Map<string, Section | undefined>();
  kept.set(table, sections);
  if (!sections.has(written)) sections.set(written, resolve(table, written));
  return sections.get(written);
}

function resolve(table: RunnerKeyTable, written: string): Section | undefined {
  let section: Section = { kind: 'section', path: '' };
  if (written === '') return section;
  for (const part of written.split('.')) {
    if (section.kind === 'free') return { kind: 'free', type: 'any' };
    const known = keyIn(table, section.path, part.replace(/(?:\[\])+$/, ''));
    if (!known) return undefined;
    section = below(table, section.path, known);
  }
  return section;
}

function below(table: RunnerKeyTable, path: string, { name, doc }: KnownKey): Section {
  const inner = path === '' ? name : `${path}.${name}`;
  const values = /^table<string,(.+)>$/.exec(doc.type)?.[1];
  if (values !== undefined) return { kind: 'free', type: values };
  const next = doc.type.startsWith('array of tables') ? `${inner}[]` : inner;
  if (table.sections[next]) return { kind: 'section', path: next };
  return doc.type.includes('{key, operator')
    ? { kind: 'section', path: REQUIREMENT }
    : { kind: 'free', type: 'any' };
}

/** A key of a section of the table. As in the runner, an exact name wins and else the case does not count. */
export function keyIn(table: RunnerKeyTable, path: string, key: string): KnownKey | undefined {
  const keys = table.sections[path] ?? {};
  const lower = key.toLowerCase();
  const name = Object.hasOwn(keys, key)
    ? key
    : Object.keys(keys).find(known => known.toLowerCase() === lower);
  const doc = name === undefined ? undefined : keys[name];
  return name === undefined || !doc ? undefined : { name, doc };
}

/** A section as people write its header: `[runners.docker]`, `[[runners]]`. */
export function headerOf(path: string): string {
  if (path === '') return 'the top of the file';
  const name = path.replaceAll('[]', '');
  return path.endsWith('[]') ? `[[${name}]]` : `[${name}]`;
}
