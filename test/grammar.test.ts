/** Tests the TOML grammar: it is valid, its includes resolve, and real config.toml lines get the right scopes. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

interface Capture {
  readonly name?: string;
  readonly patterns?: readonly Rule[];
}

interface Rule {
  readonly include?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly name?: string;
  readonly patterns?: readonly Rule[];
  readonly captures?: Readonly<Record<string, Capture>>;
  readonly beginCaptures?: Readonly<Record<string, Capture>>;
  readonly endCaptures?: Readonly<Record<string, Capture>>;
}

interface Grammar {
  readonly scopeName: string;
  readonly patterns: readonly Rule[];
  readonly repository: Readonly<Record<string, Rule>>;
}

const grammar = readJson<Grammar>('syntaxes/gitlab-runner-toml.tmLanguage.json');

test('the grammar has its scope name and every rule is a match, a begin with end, or a list', () => {
  assert.equal(grammar.scopeName, 'source.toml.gitlab-runner');
  for (const rule of allRules()) {
    const kinds = [rule.include, rule.match, rule.begin ?? rule.patterns].filter(kind => kind !== undefined);
    assert.equal(kinds.length, 1, JSON.stringify(rule));
    assert.equal(rule.begin === undefined, rule.end === undefined, JSON.stringify(rule));
  }
});

test('every include resolves and every part of the repository is used', () => {
  const included = new Set(allRules().flatMap(rule => rule.include ?? []));
  const defined = Object.keys(grammar.repository).map(name => `#${name}`);
  assert.deepEqual([...included].sort(), defined.sort());
});

test('every regular expression compiles and none matches the empty text', () => {
  for (const rule of allRules()) {
    for (const source of [rule.match, rule.begin]) {
      assert.ok(source === undefined || new RegExp(source).exec('') === null, source);
    }
    assert.doesNotThrow(() => new RegExp(rule.end ?? ''));
  }
});

test('every scope ends in the language', () => {
  for (const rule of allRules()) {
    const captures = [rule.captures, rule.beginCaptures, rule.endCaptures].flatMap(list =>
      Object.values(list ?? {}),
    );
    for (const { name } of [rule, ...captures]) {
      assert.match(name ?? 'x.toml.gitlab-runner', /\.toml\.gitlab-runner$/);
    }
  }
});

/** A line, and the text and scope of its last token that is no comment. */
const LINES: readonly (readonly [string, string, string])[] = [
  ['privileged =', 'privileged', 'support.type.property-name'],
  ['"a.b" . c =', '"a.b" . c', 'support.type.property-name'],
  ['concurrent = 4 # jobs', '4', 'constant.numeric.integer'],
  ['[[runners]]', 'runners', 'entity.name.section.array'],
  ['  [[runners.docker.services]]', 'runners.docker.services', 'entity.name.section.array'],
  ['  [runners.docker] # engine', 'runners.docker', 'entity.name.section'],
  ['[runners."feature flags"]', 'runners."feature flags"', 'entity.name.section'],
  ['    privileged = true', 'true', 'constant.language.boolean'],
  ['token_obtained_at = 0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z', 'constant.other.date-time'],
  ['day = 2026-08-10', '2026-08-10', 'constant.other.date'],
  ['at = 07:32:00.5', '07:32:00.5', 'constant.other.time'],
  ['ratio = -1.5e3', '-1.5e3', 'constant.numeric.float'],
  ['mask = 0o755', '0o755', 'constant.numeric.integer'],
  ['limit = inf', 'inf', 'constant.numeric.float'],
  [String.raw`name = "a \"b\" # no comment"`, String.raw`"a \"b\" # no comment"`, 'string.quoted.double'],
  [String.raw`path = 'C:\build'`, String.raw`'C:\build'`, 'string.quoted.single'],
  ['script = """a ""quoted"" b"""', '"""a ""quoted"" b"""', 'string.quoted.triple.double'],
  ["raw = '''it's'''", "'''it's'''", 'string.quoted.triple.single'],
  ['url = $URL', '$URL', 'invalid.illegal.unquoted'],
];

for (const [line, text, scope] of LINES) {
  test(`scopes of ${line}`, () => {
    const tokens = scopes(line, grammar.patterns).filter(([token]) => !token.startsWith('#'));
    assert.deepEqual(tokens.at(-1), [text, `${scope}.toml.gitlab-runner`]);
  });
}

test('a line is a key, a value and a comment', () => {
  assert.deepEqual(scopes('concurrent = 4 # jobs', grammar.patterns), [
    ['concurrent', 'support.type.property-name.toml.gitlab-runner'],
    ['4', 'constant.numeric.integer.toml.gitlab-runner'],
    ['# jobs', 'comment.line.number-sign.toml.gitlab-runner'],
  ]);
});

test('arrays and inline tables nest', () => {
  const [, array] = scopes('volumes = ["/certs/client", [1, {a = "]"}]] # end', grammar.patterns);
  assert.deepEqual(array, ['["/certs/client", [1, {a = "]"}]]', 'meta.array.toml.gitlab-runner']);
});

test('escapes inside strings are told from wrong ones', () => {
  const patterns = grammar.repository.escape?.patterns ?? [];
  assert.deepEqual(
    scopes(String.raw`\n\u00e9\q`, patterns).map(([text, scope]) => [text, scope.startsWith('constant')]),
    [
      [String.raw`\n`, true],
      [String.raw`\u00e9`, true],
      [String.raw`\q`, false],
    ],
  );
});

test('the language configuration closes every bracket and quote that it opens', () => {
  const configuration = readJson<{
    comments: { lineComment: string };
    brackets: [string, string][];
    autoClosingPairs: { open: string; close: string; notIn: string[] }[];
    surroundingPairs: [string, string][];
    wordPattern: string;
  }>('syntaxes/gitlab-runner-toml.language-configuration.json');
  assert.equal(configuration.comments.lineComment, '#');
  const closing = new Map(configuration.autoClosingPairs.map(pair => [pair.open, pair.close]));
  for (const [open, close] of [...configuration.brackets, ...configuration.surroundingPairs]) {
    assert.equal(closing.get(open), close);
  }
  assert.equal(new RegExp(`^${configuration.wordPattern}$`).test('wait_for_services-timeout'), true);
});

/** What VS Code's tokeniser does on one line, as far as the grammar uses it: [text, scope] of the outer tokens. */
function scopes(line: string, patterns: readonly Rule[]): [string, string][] {
  const tokens: [string, string][] = [];
  let at = 0;
  for (let found = next(line, at, patterns); found !== undefined; found = next(line, at, patterns)) {
    at = found.end;
    if (found.scope !== undefined) {
      tokens.push([line.slice(found.start, found.end), found.scope]);
    }
    tokens.push(...found.inner);
  }
  return tokens;
}

interface Found {
  readonly start: number;
  readonly end: number;
  readonly scope?: string;
  readonly inner: readonly [string, string][];
}

/** The rule whose match begins first wins; of several that begin at the same place, the first in the list. */
function next(line: string, from: number, patterns: readonly Rule[]): Found | undefined {
  let best: { readonly rule: Rule; readonly match: RegExpExecArray } | undefined;
  for (const rule of flatten(patterns)) {
    const match = search(rule.match ?? rule.begin ?? '', line, from);
    if (match !== null && (best === undefined || match.index < best.match.index)) {
      best = { rule, match };
    }
  }
  return best === undefined ? undefined : take(line, best.rule, best.match);
}

function take(line: string, rule: Rule, match: RegExpExecArray): Found {
  const start = match.index;
  if (rule.end !== undefined) {
    return { start, end: endOf(line, rule, start + match[0].length), ...named(rule.name), inner: [] };
  }
  const [, capture] =
    Object.entries(rule.captures ?? {}).find(([, value]) => value.patterns !== undefined) ?? [];
  if (rule.name !== undefined || capture?.name === undefined) {
    return { start, end: start + match[0].length, ...named(rule.name), inner: [] };
  }
  const group = Object.entries(rule.captures ?? {}).find(([, value]) => value === capture)?.[0] ?? '0';
  return { start, end: start + match[0].length, inner: [[match[Number(group)] ?? '', capture.name]] };
}

function endOf(line: string, rule: Rule, from: number): number {
  let at = from;
  for (;;) {
    const end = search(rule.end ?? '', line, at);
    const inside = next(line, at, rule.patterns ?? []);
    if (end === null) {
      return line.length;
    }
    if (inside === undefined || end.index <= inside.start) {
      return end.index + end[0].length;
    }
    at = inside.end;
  }
}

function search(source: string, line: string, from: number): RegExpExecArray | null {
  const expression = new RegExp(source, 'g');
  expression.lastIndex = from;
  return expression.exec(line);
}

function flatten(patterns: readonly Rule[]): Rule[] {
  return patterns.flatMap(rule => {
    if (rule.include !== undefined) {
      return flatten([grammar.repository[rule.include.slice(1)] ?? {}]);
    }
    return rule.match === undefined && rule.begin === undefined ? flatten(rule.patterns ?? []) : [rule];
  });
}

function named(scope: string | undefined): { scope?: string } {
  return scope === undefined ? {} : { scope };
}

function allRules(): Rule[] {
  const walk = (rule: Rule): Rule[] => {
    const captures = [rule.captures, rule.beginCaptures, rule.endCaptures].flatMap(list =>
      Object.values(list ?? {}),
    );
    return [rule, ...[rule, ...captures].flatMap(part => part.patterns ?? []).flatMap(walk)];
  };
  return [...grammar.patterns, ...Object.values(grammar.repository)].flatMap(walk);
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}
