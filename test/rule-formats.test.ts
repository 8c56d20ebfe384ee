/** Holds the table of rules and formats to having no empty cell: a rule works in a format, or a reason says why not. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { ruleInfos } from '../server/src/analysis/index.js';
import { type Fixture, readFixtures } from './support/fixture.js';
import { projectOf } from './support/project.js';

interface Table {
  /** Heads of columns by the id of their format. */
  readonly columns: Readonly<Record<string, string>>;
  /** Why a format has nothing for rules of most groups. */
  readonly formats: Readonly<Record<string, string>>;
  readonly groups: readonly {
    readonly about: string;
    readonly rules: readonly string[];
    /** By format; `*` is for all others. */
    readonly why: Readonly<Record<string, string>>;
  }[];
}

const { withoutFix } = JSON.parse(readFileSync('scripts/rule-formats.json', 'utf8')) as {
  /** Why rules have no fix in any shape of a format, for formats of which all cells are watched over. */
  readonly withoutFix: Readonly<
    Record<string, readonly { readonly rules: readonly string[]; readonly why: string }[]>
  >;
};
const table = JSON.parse(readFileSync('scripts/rule-formats.json', 'utf8')) as Table;
const { reasonFor } = createRequire(resolve('package.json'))('./scripts/generate-docs.mjs') as {
  reasonFor(table: Table, rule: string, format: string): string | undefined;
};
const rules = ruleInfos();

test('the table has every format that some rule works in, and no other', () => {
  const claimed = new Set<string>(rules.flatMap(({ dialects }) => dialects));
  assert.deepEqual([...claimed].sort(), Object.keys(table.columns).sort());
});

test('every rule is in one group', () => {
  const grouped = table.groups.flatMap(group => group.rules);
  assert.deepEqual(
    grouped.toSorted(),
    rules.map(({ id }) => id).toSorted(),
    'put new rules into a group of scripts/rule-formats.json',
  );
});

test('a rule works in a format, or a reason says why not', () => {
  const empty = rules.flatMap(({ id, dialects }) =>
    Object.keys(table.columns)
      .filter(format => !dialects.some(one => one === format) && !reasonFor(table, id, format))
      .map(format => `${id} in ${format}`),
  );
  assert.deepEqual(empty, [], 'say why in scripts/rule-formats.json');
});

test('no reason stands for a format in which all rules of its group work', () => {
  const works = (id: string, format: string): boolean =>
    rules.some(rule => rule.id === id && rule.dialects.some(one => one === format));
  const needless = table.groups.flatMap(({ about, rules: ids, why }) =>
    Object.keys(why)
      .filter(format => format !== '*' && ids.every(id => works(id, format)))
      .map(format => `${about}: ${format}`),
  );
  assert.deepEqual(needless, []);
});

test('in formats that are watched over each rule with a fix shows it in a fixture, or a reason says why not', () => {
  const shown = new Set(readFixtures('test/fixtures').flatMap(fixesIn));
  for (const [format, rows] of Object.entries(withoutFix)) {
    const expected = rules
      .filter(rule => rule.fixable && rule.dialects.some(one => one === format))
      .map(({ id }) => id)
      .filter(id => !shown.has(`${format} ${id}`));
    assert.deepEqual(rows.flatMap(row => row.rules).toSorted(), expected.toSorted(), format);
    assert.ok(rows.every(({ why }) => why !== ''));
  }
});

function fixesIn({ files }: Fixture): readonly string[] {
  const project = projectOf(files.map(({ path, text }) => [path, text]));
  return project
    .check()
    .flatMap(({ path, findings }) =>
      findings.filter(one => one.fixes().length > 0).map(({ rule }) => `${project.dialectOf(path)} ${rule}`),
    );
}
