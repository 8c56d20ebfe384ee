/** Reads fixtures: texts with the expected findings drawn under the lines that they are about. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import type { CheckedFile, ReportedFinding } from '../../server/src/analysis/index.js';

/** One file of a case: its text without marks, and what the marks expect, in the order of the lines. */
export interface FixtureFile {
  /** Path on disk, from the root of the project. */
  readonly source: string;
  /** Path that the product gets to see. */
  readonly path: string;
  readonly text: string;
  readonly marks: readonly string[];
  /** The text after the fix, where the fixture has one. */
  readonly fixed: string | undefined;
}

export interface Fixture {
  /** `<rule-id>/<case>`. */
  readonly name: string;
  readonly rule: string;
  readonly files: readonly FixtureFile[];
}

const NAMES: Readonly<Record<string, string>> = {
  'gitlab-ci': '.gitlab-ci.yml',
  'gitlab-runner': 'config.toml',
  'github-actions': '.github/workflows/build.yml',
  compose: 'compose.yaml',
  'drydock-config': '.drydock.yml',
  jenkinsfile: 'Jenkinsfile',
  shell: 'setup.sh',
  dockerfile: 'Dockerfile',
};

/** All cases below a folder of rule folders. */
export function readFixtures(root: string): readonly Fixture[] {
  return readdirSync(root)
    .sort()
    .flatMap(rule =>
      readdirSync(join(root, rule))
        .sort()
        .filter(name => !/\.fixed\./.test(name))
        .map(name => readFixture(root, rule, name)),
    );
}

function readFixture(root: string, rule: string, name: string): Fixture {
  const path = join(root, rule, name);
  if (!statSync(path).isDirectory()) {
    const dialect = name.split('.').at(-2) ?? '';
    return { name: `${rule}/${name}`, rule, files: [readFile(path, NAMES[dialect] ?? name)] };
  }
  return { name: `${rule}/${name}`, rule, files: readFolder(path) };
}

/** Every file of a folder, as one project. */
export function readFolder(folder: string): readonly FixtureFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .filter(name => statSync(join(folder, name)).isFile() && !/\.fixed\./.test(basename(name)))
    .map(name => readFile(join(folder, name), relative(folder, join(folder, name)).replaceAll('\\', '/')));
}

function readFile(source: string, path: string): FixtureFile {
  const { text, marks } = stripMarks(readFileSync(source, 'utf8'));
  const beside = source.replace(/(\.\w+)$/, '.fixed$1');
  let fixed: string | undefined;
  try {
    if (beside !== source) fixed = stripMarks(readFileSync(beside, 'utf8')).text;
  } catch {
    fixed = undefined;
  }
  return { source, path, text, marks, fixed };
}

const MARK = /^\s*#(?:\s*(\^+)|(~+)) ((?:error|warning|info) .+?)\r?$/;

/** Takes the mark lines out; each becomes `line:from-to severity rule 💡: message`, lines counted from 1. */
export function stripMarks(raw: string): { text: string; marks: readonly string[] } {
  const kept: string[] = [];
  const marks: string[] = [];
  for (const line of raw.split('\n')) {
    const [, carets, tildes, expected] = MARK.exec(line) ?? [];
    if (expected === undefined) {
      kept.push(line);
      continue;
    }
    const underline = carets ?? `#${tildes}`;
    const from = line.indexOf(underline);
    marks.push(`${kept.length}:${from}-${from + underline.length} ${expected}`);
  }
  return { text: kept.join('\n'), marks };
}

/** A finding in the form of a mark. One that runs over several lines is drawn to the end of its first. */
export function asMark(finding: ReportedFinding, text: string): string {
  const before = text.slice(0, finding.start);
  const line = before.split('\n').length;
  const from = before.length - (before.lastIndexOf('\n') + 1);
  const newline = text.indexOf('\n', finding.start);
  const stop = newline < 0 ? text.length : newline;
  const to = from + Math.max(1, Math.min(finding.end, stop) - finding.start);
  const bulb = finding.fixes().length > 0 ? ' 💡' : '';
  return `${line}:${from}-${to} ${finding.severity} ${finding.rule}${bulb}: ${finding.message}`;
}

/** Whether an actual mark is the expected one; an expected mark may stop before the message. */
export function sameMark(expected: string, actual: string): boolean {
  return actual === expected || actual.startsWith(`${expected}: `);
}

export function findingsOf(checked: readonly CheckedFile[], path: string): readonly ReportedFinding[] {
  return checked.find(file => file.path === path)?.findings ?? [];
}
