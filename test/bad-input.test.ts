/** Feeds the core what no pipeline should be: it answers in bounded time, says what it skipped, and never throws. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProject, MAX_LENGTH } from '../server/src/analysis/index.js';
import { allRules } from '../server/src/rules/index.js';
import { cpuTimer } from './support/cpu-time.js';
import { TODAY } from './support/project.js';

const LIMIT_MS = 10_000;

interface Checked {
  readonly skipped: string | undefined;
  readonly broken: number | undefined;
  readonly findings: number;
  readonly ms: number;
}

function check(path: string, text: string): Checked {
  const took = cpuTimer();
  const project = createProject({ today: TODAY, log: message => assert.fail(message) });
  project.setFile(path, text);
  const file = project.check().find(one => one.path === path);
  project.trace();
  project.hover(path, Math.floor(text.length / 2));
  const findings = file?.findings.length ?? 0;
  return { skipped: file?.skipped, broken: file?.broken?.at, findings, ms: took() };
}

const chain = Array.from(
  { length: 200 },
  (_, i) => `.m${i}: &m${i}\n  <<: [${i ? `*m${i - 1}, *m${i - 1}` : '{ x: y }'}]\n  k${i}: v\n`,
).join('');
const PIPELINES: Readonly<Record<string, string>> = {
  'alias bomb': `${Array.from({ length: 40 }, (_, i) => `a${i}: &a${i} [${i ? `*a${i - 1}, *a${i - 1}` : 'x'}]`).join('\n')}\njob:\n  script: *a39\n`,
  'chain of merge keys': `${chain}job:\n  <<: *m199\n  script: docker info\n`,
  'deep nesting': `job:\n  script: ${'['.repeat(5_000)}${']'.repeat(5_000)}\n`,
  'deep blocks': Array.from({ length: 500 }, (_, i) => `${' '.repeat(i)}k:`).join('\n'),
  'extends in a circle': 'a:\n  extends: b\nb:\n  extends: a\n  script: docker info\n',
  'references in a circle': 'a:\n  script: !reference [b, script]\nb:\n  script: !reference [a, script]\n',
  'variables in a circle': 'variables:\n  A: $B\n  B: $A\njob:\n  image: $A\n  script: docker info\n',
  'parents that multiply': `.a0: {image: docker}\n${Array.from({ length: 9 }, (_, i) => `.a${i + 1}:\n  extends: [${Array.from({ length: 11 }, () => `.a${i}`).join(', ')}]\n`).join('')}job:\n  extends: .a9\n  script: docker info\n`,
  'aliases that multiply in variables': `.a0: &a0 {x: y}\n${Array.from({ length: 11 }, (_, i) => `.a${i + 1}: &a${i + 1} {${Array.from({ length: 9 }, (_, k) => `k${k}: *a${i}`).join(', ')}}\n`).join('')}job:\n  variables: *a11\n  script: docker info\n`,
  'an include of nothing but stars': `include: "${'*a'.repeat(40_000)}"\njob:\n  script: docker info\n`,
  'many keys': Array.from({ length: 20_000 }, (_, i) => `job${i}:\n  script: docker info`).join('\n'),
  'one long line': `job:\n  script: [${'"docker info", '.repeat(50_000)}]\n`,
  'a script of half a megabyte': `job:\n  script:\n    - |\n${'      docker info && (echo "x" | cat) # y\n'.repeat(12_000)}`,
  'git conflict': '<<<<<<< HEAD\njob:\n  script: a\n=======\njob:\n  script: b\n>>>>>>> other\n',
  'only a mark': '\uFEFF',
  'control characters': 'job:\n  script: "\x01\x02\x1b[31m"\n',
};

for (const [name, text] of Object.entries(PIPELINES)) {
  test(`bad input: ${name}`, () => assert.ok(check('.gitlab-ci.yml', text).ms < LIMIT_MS));
}

test('bad input: what is not analysed says why', () => {
  assert.match(check('.gitlab-ci.yml', `a: "${'x'.repeat(MAX_LENGTH)}"`).skipped ?? '', /larger than/);
  assert.match(check('.gitlab-ci.yml', 'a: \0').skipped ?? '', /NUL/);
  assert.equal(check('.gitlab-ci.yml', 'image: docker:latest\n').skipped, undefined);
});

test('bad input: a broken block leaves the others their findings', () => {
  assert.equal(
    check(
      '.gitlab-ci.yml',
      'a:\n  image: docker:latest\n  script: [x\nb:\n  image: docker:latest\n  script: docker info\n',
    ).findings,
    1,
  );
});

test('bad input: a template is no broken file, whatever its format', () => {
  const job = 'build:\n  script: docker build .\n';
  const workflow = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: [run: "docker info"]\n';
  const values = 'githubConfigUrl: https://github.com/a/b\nminRunners: 1\n';
  const templates: readonly (readonly [string, string])[] = [
    ['.gitlab-ci.yml', `{% if docker %}\nimage: docker:29\n{% endif %}\n${job}`],
    ['.gitlab-ci.yml', `image: docker:29\n<% if docker %>\n${job}<% end %>\n`],
    ['.github/workflows/a.yml', `{%- if docker %}\nname: a\n{%- endif %}\n${workflow}`],
    [
      'templates/set.yaml',
      `{{- if .Values.on }}\n${values}name: {{ .Values.name }}-{{ .Release.Name }}\n{{- end }}\n`,
    ],
  ];
  for (const [path, text] of templates) assert.equal(check(path, text).broken, undefined, text);
  assert.equal(check('.gitlab-ci.yml', `${job}a: [b\n`).broken, job.length + 6);
  // The mark of a template elsewhere, and an expression of a workflow, explain nothing.
  assert.equal(check('.gitlab-ci.yml', `a: "{{ b }}"\n${job}c: [d\n`).broken, job.length + 19);
  assert.notEqual(
    check('.github/workflows/a.yml', `${workflow}name: [\${{ github.ref }}\n`).broken,
    undefined,
  );
});

test('bad input: broken TOML is reported at its place, the rest is still read', () => {
  const text =
    '[[runners]]\n  name = oops\n  executor = "docker"\n  [runners.docker]\n    volumes = ["/var/run/docker.sock:/var/run/docker.sock"]\n';
  assert.equal(check('config.toml', text).findings, 2);
  assert.equal(check('config.toml.j2', text).findings, 1);
});

test('a rule that throws loses only itself, and says so', () => {
  const rule = allRules().find(one => one.id === 'kaniko-archived');
  assert.ok(rule?.site);
  const original = rule.site;
  const logged: string[] = [];
  try {
    Object.assign(rule, {
      site: () => {
        throw new Error('broken on purpose');
      },
    });
    const project = createProject({ today: TODAY, log: message => logged.push(message) });
    project.setFile('.gitlab-ci.yml', 'job:\n  image: docker:latest\n  script: docker info\n');
    assert.deepEqual(
      project.check()[0]?.findings.map(finding => finding.rule),
      ['image-latest'],
    );
  } finally {
    Object.assign(rule, { site: original });
  }
  assert.match(logged.join('\n'), /kaniko-archived.*broken on purpose/s);
});

test('bad input: half-typed patterns in .drydock.yml', () => {
  const project = createProject({ today: TODAY, log: message => assert.fail(message) });
  project.setFile('.gitlab-ci.yml', 'job:\n  image: docker:latest\n  script: docker info\n');
  project.setFile(
    '.drydock.yml',
    'files:\n  gitlab-ci: ["", "["]\nignore:\n  - rule: image-latest\n    path: ""\n    reason: x\n',
  );
  assert.equal(project.check().find(({ path }) => path === '.gitlab-ci.yml')?.findings.length, 1);
});
