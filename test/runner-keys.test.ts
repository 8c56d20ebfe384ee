/** Holds the rules over keys of config.toml against the whole table: every key, at its right type, is silent. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { ReportedFinding } from '../server/src/analysis/index.js';
import { keyIn, sectionAt } from '../server/src/catalog/runner-sections.js';
import type { RunnerKeyTable } from '../server/src/catalog/variables.js';
import { closest } from '../server/src/model/closest.js';
import { runtimeData } from './support/data.js';
import { projectOf } from './support/project.js';

interface Row {
  readonly section: string;
  readonly key: string;
  readonly type: string;
  readonly deprecated?: string;
}

const { keys, featureFlags } = JSON.parse(readFileSync('data/runner-keys.json', 'utf8')) as {
  keys: readonly Row[];
  featureFlags: readonly { readonly name: string }[];
};
const table = runtimeData('runner-keys') as RunnerKeyTable;
const REQUIREMENT = '(any match_expressions[] / match_fields[])';
const sections = [...new Set(keys.map(({ section }) => section))].filter(one => one !== REQUIREMENT);

/** Words for keys that take only some. */
const WORDS: Readonly<Record<string, string>> = {
  '.log_level': '"info"',
  '.log_format': '"text"',
  'runners[].executor': '"kubernetes"',
  'runners[].feature_flags': '{ FF_TIMESTAMPS = true }',
  'runners[].shell': '"bash"',
  'runners[].url': '"https://gitlab.example.com"',
  'runners[].docker.isolation': '"default"',
  'runners[].kubernetes.dns_policy': '"default"',
  'runners[].kubernetes.pod_spec[].patch_type': '"merge"',
};

function valueFor({ section, key, type }: Row): string {
  const word = WORDS[`${section}.${key}`];
  if (word !== undefined) return word;
  if (/pull_policy|pull_policies/.test(key)) return '["always", "never"]';
  if (key === 'environment') return '["A=b"]';
  if (key === 'volumes' && section === 'runners[].docker') return '["/cache"]';
  if (type.includes('{key, operator')) return '[{ key = "a", operator = "In", values = ["b"] }]';
  return byType(type);
}

function byType(type: string): string {
  if (type.startsWith('array of tables')) return '[]';
  if (type.startsWith('duration')) return '"1h30m"';
  if (type.startsWith('datetime')) return '2026-11-21T00:00:00Z';
  if (type.startsWith('table<string,any')) return '{ a = [1, "b"] }';
  const inner = /^table<string,(.+)>$/.exec(type)?.[1];
  if (inner !== undefined) return `{ "a.b" = ${byType(inner)} }`;
  const item = /^(\w+)\[\]/.exec(type)?.[1];
  if (item !== undefined) return `[${byType(item)}]`;
  const plain: Readonly<Record<string, string>> = {
    string: '"x"',
    integer: '3',
    float: '0.5',
    boolean: 'true',
  };
  return plain[type.split(' ')[0] ?? ''] ?? '{}';
}

function hasSection({ section, key, type }: Row): boolean {
  const path = section === '' ? key : `${section}.${key}`;
  return (
    /^(?:table$|array of tables)/.test(type) && sections.some(one => one === path || one === `${path}[]`)
  );
}

/** A configuration in which every key of the table stands once. */
function wholeConfig(change: (key: string) => string = key => key): string {
  return sections
    .map(section => {
      const name = section.replaceAll('[]', '');
      const header = section === '' ? '' : section.endsWith('[]') ? `[[${name}]]` : `[${name}]`;
      const rows = keys.filter(row => row.section === section && !hasSection(row));
      return [header, ...rows.map(row => `${change(row.key)} = ${valueFor(row)}`)].join('\n');
    })
    .join('\n');
}

function findingsIn(text: string): readonly ReportedFinding[] {
  const project = projectOf([['config.toml', text]]);
  return project.check().flatMap(file => file.findings.filter(({ rule }) => rule.startsWith('toml-')));
}

test('every key of the table is accepted at its right type, in any case of letters', () => {
  for (const text of [wholeConfig(), wholeConfig(key => key.toUpperCase())]) {
    const found = findingsIn(text);
    assert.deepEqual(
      found.filter(({ rule }) => rule !== 'toml-deprecated-key').map(({ message }) => message),
      [],
    );
    const deprecated = keys.filter(row => row.deprecated && !hasSection(row));
    assert.equal(found.length, deprecated.length, 'and what is deprecated is said to be so');
  }
});

test('every key of the table is found where the configuration has it', () => {
  for (const { section, key } of keys)
    assert.ok(keyIn(table, section, key.toUpperCase()), `${section} ${key}`);
  for (const section of sections)
    assert.deepEqual(sectionAt(table, section), { kind: 'section', path: section });
});

test('every key with a wrong letter is reported', () => {
  const missed = keys.filter(
    ({ section, type }) => section === 'runners[].docker' && !type.startsWith('table'),
  );
  for (const row of missed) {
    const text = `[[runners]]\nexecutor = "docker"\n[runners.docker]\n${row.key}zz = ${valueFor(row)}\n`;
    assert.deepEqual(
      findingsIn(text).map(({ rule }) => rule),
      ['toml-unknown-key'],
      row.key,
    );
  }
});

test('every key with a value of another type is reported', () => {
  for (const row of keys.filter(({ section }) => section === 'runners[].kubernetes')) {
    const wrong = row.type.startsWith('table') || row.type.startsWith('array of') ? '"x"' : '{ a = 1 }';
    const text = `[[runners]]\nexecutor = "kubernetes"\n[runners.kubernetes]\n${row.key} = ${wrong}\n`;
    assert.deepEqual(
      findingsIn(text).map(({ rule }) => rule),
      ['toml-wrong-type'],
      row.key,
    );
  }
});

test('every feature flag of the table is accepted', () => {
  const flags = featureFlags.map(({ name }) => `${name} = true`).join('\n');
  assert.deepEqual(findingsIn(`[[runners]]\nexecutor = "shell"\n[runners.feature_flags]\n${flags}\n`), []);
});

test('the closest word is near, and case, dashes and underscores count for nothing', () => {
  const words = ['privileged', 'pull_policy', 'tls-ca-file', 'cpus'];
  assert.equal(closest('privilegd', words), 'privileged');
  assert.equal(closest('Pull-Policy', words), 'pull_policy');
  assert.equal(closest('tls_ca_fiel', words), 'tls-ca-file');
  assert.equal(closest('cpu', words), 'cpus');
  assert.equal(closest('gpus', words), 'cpus');
  assert.equal(closest('memory', words), undefined);
});
