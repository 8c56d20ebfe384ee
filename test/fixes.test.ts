/** Applies every fix of every fixture: the finding goes, none comes, and doing it again changes nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { applyEdits, type ReportedFinding, type ReportedFix } from '../server/src/analysis/index.js';
import { readShell } from '../server/src/syntax/shell.js';
import { tomlValues } from '../server/src/syntax/toml.js';
import { type FixtureFile, readFixtures } from './support/fixture.js';
import { projectOf } from './support/project.js';

type Files = ReadonlyMap<string, string>;

for (const fixture of readFixtures('test/fixtures')) {
  const files: Files = new Map(fixture.files.map(file => [file.path, file.text]));
  const findings = projectOf(files)
    .check()
    .flatMap(file => file.findings);
  for (const finding of findings) {
    for (const fix of finding.fixes()) {
      test(`fix of ${fixture.name}: ${fix.title} (${finding.start})`, () =>
        checkFix(files, finding, fix, findings));
    }
  }
  const expected = fixture.files.filter(file => file.fixed !== undefined);
  if (expected.length > 0) {
    test(`text after the fix of ${fixture.name}`, () =>
      compareFixed(fixture.rule, files, findings, expected));
  }
}

function checkFix(
  files: Files,
  finding: ReportedFinding,
  fix: ReportedFix,
  before: readonly ReportedFinding[],
): void {
  const fixed = applyFix(files, fix);
  assert.notDeepEqual(fixed, files, 'the fix changes something');
  for (const { path } of fix.edits) assertSound(path, files.get(path) ?? '', fixed.get(path) ?? '');
  const after = projectOf(fixed)
    .check()
    .flatMap(file => file.findings);
  const left = after.map(identity);
  assert.ok(
    !left.includes(identity(finding)) || count(left, finding) < count(before.map(identity), finding),
    'the finding is gone',
  );
  const fresh = left.filter(one => !before.some(old => identity(old) === one));
  assert.deepEqual(fresh, [], 'no new finding');
  for (const again of after.filter(one => identity(one) === identity(finding) && one.path === finding.path)) {
    assert.ok(
      !again.fixes().some(one => JSON.stringify(one.edits) === JSON.stringify(fix.edits)),
      'it is not offered again',
    );
  }
}

/** What could be loaded before can be loaded after: no key twice, no alias without its anchor. */
function assertSound(path: string, before: string, after: string): void {
  if (path.endsWith('.toml')) {
    if (tomlValues(before)) assert.ok(tomlValues(after), `${path} is still TOML`);
  } else if (path.endsWith('.sh')) {
    if (readShell(before).complete) assert.ok(readShell(after).complete, `${path} is still a script`);
  } else if (loads(before)) assert.ok(loads(after), `${path} is still YAML`);
}

function loads(text: string): boolean {
  try {
    return parseAllDocuments(text, { logLevel: 'silent' }).every(
      one => one.errors.length === 0 && one.toJS() !== undefined,
    );
  } catch {
    return false;
  }
}

/** A finding without what a fix elsewhere may change: its place, how many jobs share it, tags of images in its words. */
function identity({ path, rule, message }: ReportedFinding): string {
  const words = message.replace(/ \(and in .*$/, '').replace(/\.$/, '');
  return `${path} ${rule} ${words.replaceAll(/\b(docker|buildkit|kaniko):[\w.-]+/g, '$1')}`;
}

function count(all: readonly string[], finding: ReportedFinding): number {
  return all.filter(one => one === identity(finding)).length;
}

function applyFix(files: Files, fix: ReportedFix): Files {
  const result = new Map(files);
  for (const { path, edits } of fix.edits) result.set(path, applyEdits(result.get(path) ?? '', edits));
  return result;
}

/** The first fix of the first finding of the rule that the fixture is named after. */
function compareFixed(
  rule: string,
  files: Files,
  findings: readonly ReportedFinding[],
  expected: readonly FixtureFile[],
): void {
  const finding = findings.find(one => one.rule === rule && one.fixes().length > 0);
  const fix = finding?.fixes()[0];
  assert.ok(fix, 'there is a fix');
  const fixed = applyFix(files, fix);
  for (const file of expected) assert.equal(fixed.get(file.path), file.fixed, file.source);
}
