/** Reads the calls of Groovy scripts, and is not led astray by strings, comments and operators. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GroovyCall, type GroovyValue, readGroovy } from '../server/src/syntax/groovy.js';
import { cpuTimer } from './support/cpu-time.js';
import { random } from './support/random.js';

function shown(calls: readonly GroovyCall[]): string {
  return calls
    .map(({ name, kind, args, body, on }) => {
      const given = args.map(arg => (arg.name ? `${arg.name}: ` : '') + value(arg.value)).join(', ');
      const head = on ? `${shown([on])}.${name}` : name;
      const call = kind === 'assign' ? `${head} = ${given}` : `${head}(${given})`;
      if (kind === 'branch') return `${name} ${shown(body ?? [])}`.trim();
      return body ? `${kind === 'define' ? 'def ' : ''}${call} { ${shown(body)} }` : call;
    })
    .join('; ');
}

function value(one: GroovyValue): string {
  if (one.kind === 'string') return `<${one.text}>`;
  if (one.kind === 'word') return one.text;
  if (one.kind === 'list') return `[${one.items.map(item => value(item.value)).join(', ')}]`;
  return one.kind === 'closure' ? `{ ${shown(one.calls)} }` : '…';
}

function read(text: string): string {
  const { calls, problems } = readGroovy(text);
  assert.deepEqual(problems, [], text);
  return shown(calls);
}

const CASES: readonly (readonly [string, string, string])[] = [
  ['steps without parentheses', 'sh \'a\'\necho "b"', 'sh(<a>); echo(<b>)'],
  [
    'named arguments over lines',
    "sh(script: 'a',\n   returnStdout: true)",
    'sh(script: <a>, returnStdout: true)',
  ],
  ['named arguments without parentheses', "sh label: 'x', script: 'a'", 'sh(label: <x>, script: <a>)'],
  ['closures', "stage('a') { sh 'b' }", 'stage(<a>) { sh(<b>) }'],
  [
    'a closure on the next line belongs to nobody',
    "agent any\nfoo { sh 'b' }",
    'agent(any); foo() { sh(<b>) }',
  ],
  ['parameters of closures', "x.inside('a') { c, d -> sh 'b' }", 'x.inside(<a>) { sh(<b>) }'],
  ['chains', "docker.image('a').inside('b') { sh 'c' }", 'docker.image(<a>).inside(<b>) { sh(<c>) }'],
  ['chains over lines', "docker.image('a')\n  .inside { sh 'c' }", 'docker.image(<a>).inside() { sh(<c>) }'],
  ['assignments', 'A = \'x\'\nenv.B = "y"', 'A = <x>; env.B = <y>'],
  ['no assignments', "if (a == 'x') { sh 'b' }", 'if sh(<b>)'],
  ['branches without braces', "if (a) b = 'c'\nelse b = 'd'\nsh 'e'", 'if b = <c>; else b = <d>; sh(<e>)'],
  ['calls in conditions', "if (sh(script: 'a') == 0) { sh 'b' }", 'sh(script: <a>); if sh(<b>)'],
  ['else if', "if (a) { sh 'b' } else if (c) { sh 'd' }", 'if sh(<b>); else if sh(<d>)'],
  ['blocks of their own', "{ sh 'b' }", 'sh(<b>)'],
  [
    'tries',
    "try { sh 'a' } catch (e) { sh 'b' } finally { sh 'c' }",
    'try sh(<a>); catch sh(<b>); finally sh(<c>)',
  ],
  ['what is added later', "a = 'b'\na += 'c'", 'a = <b>; a = …'],
  ['elements that are set', "a[b] = { sh 'c' }\na['d'] = 'e'", 'a[] = { sh(<c>) }; a.d = <e>'],
  ['margins', 'sh """|a\n  |b | c""".stripMargin()', 'sh(< a\n   b | c>)'],
  ['margins of another kind', "sh '''#a'''.stripMargin('#')", 'sh(…)'],
  ['slashy strings behind a plus', "x = a + /b\"c/\nsh 'd'", 'x = …; sh(<d>)'],
  ['divisions behind an increment', "x = i++ / 2 / 3\nsh 'd'", 'x = …; sh(<d>)'],
  ['backslashes in slashy strings', "foo(/\\d'\\/x/)\nsh 'b'", "foo(<\\d'\\/x>); sh(<b>)"],
  ['dollars in dollar slashy strings', "sh($/ $$1 $/$ /$)\nsh 'b'", 'sh(< $$1 $/$ >); sh(<b>)'],
  ['comments', "// sh 'a'\n/* sh 'b' ' */ sh 'c' // '", 'sh(<c>)'],
  ['quotes in triple quotes', "sh '''a 'b' \"c\" ''d'''", "sh(<a 'b' \"c\" ''d>)"],
  ['more than three quotes close late', "sh '''a''''", "sh(<a'>)"],
  ['quotes in interpolations', 'sh "a ${b("c")} d"', 'sh(<a ${b("c")} d>)'],
  ['braces in interpolations', 'sh "a ${[1].collect { "}" }} d"', 'sh(<a ${[1].collect { "}" }} d>)'],
  ['slashy strings', "x = y =~ /it's {/\nsh 'b'", 'x = …; sh(<b>)'],
  ['slashy arguments', "foo(/a'{/)\nsh 'b'", "foo(<a'{>); sh(<b>)"],
  ['divisions', "def x = a / b / c\nsh 'b'", 'x = …; sh(<b>)'],
  ['dollar slashy strings', "sh($/a 'b' / {/$)", "sh(<a 'b' / {>)"],
  ['escaped quotes', "sh 'it\\'s {'", "sh(<it\\'s {>)"],
  ['added texts are no literals', "sh 'a' + b\nsh 'c'", 'sh(…); sh(<c>)'],
  ['text that is trimmed stays one', "sh '''a'''.stripIndent().trim()", 'sh(<a>)'],
  ['methods', "def f(String a) {\n  sh 'b'\n}\nf('x')", 'def f() { sh(<b>) }; f(<x>)'],
  ['typed methods', "void f() { sh 'b' }", 'def f() { sh(<b>) }'],
  ['branches', "parallel a: { sh 'b' }, c: { sh 'd' }", 'parallel(a: { sh(<b>) }, c: { sh(<d>) })'],
  ['maps over lines', "foo([a: 'b',\n  c: ['d',\n 'e']])", 'foo([<b>, [<d>, <e>]])'],
  ['annotations and imports', "@Library('x') _\nimport a.b.C\nsh 'd'", 'Library(<x>); sh(<d>)'],
  ['ternaries', "def a = b ? 'c' : 'd'\nsh 'e'", 'a = …; sh(<e>)'],
  ['a shebang', "#!/usr/bin/env groovy\nsh 'a'", 'sh(<a>)'],
  ['carriage returns', "node {\r\n  sh 'a'\r\n}\r\n", 'node() { sh(<a>) }'],
];

for (const [name, text, expected] of CASES) test(`reads ${name}`, () => assert.equal(read(text), expected));

test('what does not end is a problem, and nothing more', () => {
  for (const text of ["sh 'a", "sh '''a\n''", 'x {', 'f(', '/* a', '}', 'a ]) }'])
    assert.ok(readGroovy(text).problems.length > 0 || text === 'a ]) }', text);
});

test('any text is read, in time that grows with it', () => {
  const pieces = [
    "'",
    "'''",
    '"',
    '"""',
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    '/',
    '$/',
    '/$',
    '${',
    '$',
    '\\',
    '\n',
    ' ',
    'sh',
    'a.b',
    ',',
    ':',
    '=',
    '->',
    '//',
    '/*',
    '*/',
    'def ',
    'if ',
  ];
  const chance = random(7);
  for (let i = 0; i < 3_000; i++) {
    const text = Array.from({ length: chance.below(30) }, () => chance.pick(pieces)).join('');
    readGroovy(text);
  }
  for (const piece of ['{', '(', '[', "'a' ", '"${', 'a.', "a('b').", 'x {\n', '/', 'a = ']) {
    const took = cpuTimer();
    readGroovy(piece.repeat(20_000));
    assert.ok(took() < 2_000, `${piece} takes too long`);
  }
});
