/** A core of few words for tests of the language server: what it finds is written in the text itself. */
import type {
  CheckedFile,
  FileEdit,
  Project,
  ProjectOptions,
  ReportedFinding,
  ReportedFix,
} from '../server/src/analysis/index.js';
import {
  answerPlan,
  candidatePath,
  explainLog,
  includeMatcher,
  isPattern,
  jobComment,
  jobLines,
  logMarkdown,
  plannedPaths,
} from '../server/src/analysis/index.js';
import type { LogEvidence } from '../server/src/analysis/log-evidence.js';
import type { Core } from '../server/src/lsp/server.js';

export interface FakeCore extends Core {
  /** Options that projects were given, the newest last. */
  readonly options: ProjectOptions[];
  /** How often a project was checked anew. */
  checks: number;
  /** How long a check takes, in milliseconds. */
  cost: number;
}

/**
 * Files with a candidate's name are ours unless they hold FOREIGN; so are those that a line `include: PATH` names.
 * BAD is a finding with a safe fix, BOTH one whose fix also changes `config.toml`, OLD one of `kaniko-archived`;
 * `blames: PATH` puts a finding at the start of another file. A hover over BOOM throws.
 */
export function fakeCore(): FakeCore {
  const core: FakeCore = {
    options: [],
    checks: 0,
    cost: 0,
    candidatePath,
    isPattern,
    includeMatcher,
    explainLog,
    logMarkdown,
    answerPlan,
    plannedPaths,
    jobLines,
    jobComment,
    createProject(options) {
      core.options.push(options);
      return new FakeProject(core, options);
    },
  };
  return core;
}

class FakeProject implements Project {
  readonly #texts = new Map<string, string>();
  #checked: readonly CheckedFile[] | undefined;

  constructor(
    private readonly core: FakeCore,
    private options: ProjectOptions,
  ) {}

  setOptions(options: ProjectOptions): void {
    this.core.options.push(options);
    this.options = options;
    this.#checked = undefined;
  }

  setFile(path: string, text: string | undefined): void {
    this.#checked = undefined;
    if (text === undefined) this.#texts.delete(path);
    else this.#texts.set(path, text);
  }

  has(path: string): boolean {
    return this.#texts.has(path);
  }

  text(path: string): string | undefined {
    return this.#texts.get(path);
  }

  wanted(): readonly string[] {
    return this.#named('include').filter(path => !this.has(path));
  }

  dialectOf(path: string): CheckedFile['dialect'] | undefined {
    const given = this.options.associations?.get(path);
    if (given) return given;
    const ours = candidatePath(path) || this.#named('include').includes(path);
    return ours && this.text(path)?.includes('FOREIGN') === false ? 'gitlab-ci' : undefined;
  }

  check(): readonly CheckedFile[] {
    this.#checked ??= this.#check();
    return this.#checked;
  }

  logEvidence(): LogEvidence {
    return { sites: [], others: [] };
  }

  planning(): never {
    throw new Error('not asked for');
  }

  convert(): never {
    throw new Error('not asked for');
  }

  conversions(): undefined {
    return undefined;
  }

  jobs(): readonly [] {
    return [];
  }

  jobAt(): undefined {
    return undefined;
  }

  lines(path: string) {
    return this.#words(path, 'LENS').map(start => ({ path, start, end: start + 4, texts: ['✓ lens'] }));
  }

  overview(): string {
    return '# All';
  }

  status() {
    return { dialect: undefined, label: '', explanation: '', choices: [] };
  }

  choose() {
    return { refused: 'nothing to choose' };
  }

  trace(): readonly [] {
    return [];
  }

  hover(path: string, offset: number) {
    const word = /^\w+/.exec(this.text(path)?.slice(offset) ?? '')?.[0];
    if (word === undefined) return undefined;
    if (word === 'BOOM') throw new Error('a hover that fails');
    return {
      path,
      start: offset,
      end: offset + word.length,
      markdown: `**${word}** is a [word](https://x.test)`,
    };
  }

  fixAll(path: string): FileEdit {
    return {
      path,
      edits: this.#words(path, 'BAD').map(start => ({ start, end: start + 3, newText: 'GOOD' })),
    };
  }

  #check(): readonly CheckedFile[] {
    this.core.checks += 1;
    const end = performance.now() + this.core.cost;
    while (performance.now() < end);
    const paths = [...this.#texts.keys()].filter(path => this.dialectOf(path) !== undefined).sort();
    return paths.map(path => ({ path, dialect: 'gitlab-ci', findings: this.#findings(path) }));
  }

  #findings(path: string): readonly ReportedFinding[] {
    const bad = this.#words(path, 'BAD').map(start =>
      finding('bad-word', path, start, 3, [replace(path, start)]),
    );
    const both = this.#words(path, 'BOTH').map(start =>
      finding('two-files', path, start, 4, [replaceInBoth(path, start)]),
    );
    const old = this.#words(path, 'OLD').map(start => finding('kaniko-archived', path, start, 3, []));
    const blamed = this.#named('blames').includes(path) ? [finding('blamed', path, 0, 1, [])] : [];
    return [...blamed, ...bad, ...both, ...old];
  }

  #words(path: string, word: string): readonly number[] {
    const text = this.text(path) ?? '';
    return [...text.matchAll(new RegExp(`\\b${word}\\b`, 'g'))].map(match => match.index);
  }

  /** What all files of the project name with `KEY: PATH`. */
  #named(key: string): readonly string[] {
    const texts = [...this.#texts.values()].join('\n');
    return [...texts.matchAll(new RegExp(`^${key}: (\\S+)$`, 'gm'))].map(match => match[1] ?? '');
  }
}

function finding(
  rule: string,
  path: string,
  start: number,
  length: number,
  fixes: readonly ReportedFix[],
): ReportedFinding {
  const end = start + length;
  const related = [{ path, start: 0, end: 1, message: 'it begins here' }];
  const message = `${rule} at ${start}`;
  return {
    rule,
    severity: 'error',
    confidence: 'high',
    message,
    path,
    start,
    end,
    related,
    fixes: () => fixes,
  };
}

function replace(path: string, start: number): ReportedFix {
  const edits = [{ path, edits: [{ start, end: start + 3, newText: 'GOOD' }] }];
  return { title: 'Make it good', safety: 'safe', preferred: true, edits };
}

function replaceInBoth(path: string, start: number): ReportedFix {
  const here = { path, edits: [{ start, end: start + 4, newText: 'ONE' }] };
  const there = { path: 'config.toml', edits: [{ start: 0, end: 0, newText: 'two = 2\n' }] };
  return { title: 'Change both', safety: 'unsafe', preferred: false, edits: [here, there] };
}
