/** Holds every finding of every rule against the marks of the fixtures. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { ruleInfos } from '../server/src/analysis/index.js';
import {
  asMark,
  type Fixture,
  type FixtureFile,
  findingsOf,
  readFixtures,
  sameMark,
} from './support/fixture.js';
import { projectOf } from './support/project.js';

const fixtures = readFixtures('test/fixtures');
const updating = process.env.UPDATE === '1';

for (const fixture of fixtures) {
  test(`fixture ${fixture.name}`, () => {
    const project = projectOf(fixture.files.map(file => [file.path, file.text]));
    const checked = project.check();
    for (const file of fixture.files) {
      const actual = findingsOf(checked, file.path).map(finding => asMark(finding, file.text));
      if (updating) writeMarks(file, actual);
      else assert.ok(equal(file.marks, actual), `${file.source}\n${difference(file.marks, actual)}`);
    }
  });
}

test('every rule has a marked and a silent case in every dialect that it claims', () => {
  const missing = ruleInfos().flatMap(rule =>
    rule.dialects.flatMap(dialect => {
      const cases = fixtures.filter(fixture => fixture.rule === rule.id && hasDialect(fixture, dialect));
      const marked = cases.some(fixture => marksOf(fixture).some(mark => mark.includes(` ${rule.id}`)));
      const silent = cases.some(fixture => !marksOf(fixture).some(mark => mark.includes(` ${rule.id}`)));
      return marked && silent
        ? []
        : [`${rule.id} in ${dialect}: ${marked ? '' : 'no marked case '}${silent ? '' : 'no silent case'}`];
    }),
  );
  assert.deepEqual(missing, []);
});

test('every fixture folder is named after a rule', () => {
  const ids = new Set(ruleInfos().map(({ id }) => id));
  assert.deepEqual(
    [...new Set(fixtures.map(({ rule }) => rule))].filter(rule => !ids.has(rule)),
    [],
  );
});

function marksOf(fixture: Fixture): readonly string[] {
  return fixture.files.flatMap(file => file.marks);
}

function hasDialect(fixture: Fixture, dialect: string): boolean {
  const project = projectOf(fixture.files.map(file => [file.path, file.text]));
  return fixture.files.some(file => project.dialectOf(file.path) === dialect);
}

function equal(expected: readonly string[], actual: readonly string[]): boolean {
  return expected.length === actual.length && expected.every((mark, i) => sameMark(mark, actual[i] ?? ''));
}

function difference(expected: readonly string[], actual: readonly string[]): string {
  const missing = expected.filter(mark => !actual.some(one => sameMark(mark, one)));
  const extra = actual.filter(one => !expected.some(mark => sameMark(mark, one)));
  return (
    [...missing.map(mark => `  missing  ${mark}`), ...extra.map(one => `  extra    ${one}`)].join('\n') ||
    '  same marks, other order'
  );
}

/** `UPDATE=1` draws the marks anew; the result is to be read, not trusted. */
function writeMarks(file: FixtureFile, actual: readonly string[]): void {
  if (equal(file.marks, actual)) return;
  const raw = readFileSync(file.source, 'utf8');
  const crlf = raw.includes('\r\n');
  const out: string[] = [];
  file.text.split('\n').forEach((line, i) => {
    out.push(line);
    for (const mark of actual) {
      const [, number, from, to, rest] = /^(\d+):(\d+)-(\d+) (.*)$/s.exec(mark) ?? [];
      if (Number(number) === i + 1) out.push(draw(Number(from), Number(to), rest ?? '') + (crlf ? '\r' : ''));
    }
  });
  writeFileSync(file.source, out.join('\n'));
}

function draw(from: number, to: number, rest: string): string {
  if (from === 0) return `#${'~'.repeat(Math.max(1, to - from - 1))} ${rest}`;
  return `#${' '.repeat(from - 1)}${'^'.repeat(to - from)} ${rest}`;
}
