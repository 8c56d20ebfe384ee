/** Holds the effective job against what GitLab's own source says of merging, inputs, references and defaults. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EffectiveJob } from '../server/src/model/effective.js';
import { cpuTimer } from './support/cpu-time.js';
import { projectOf } from './support/project.js';

/** The job `name` of a project whose first file is the pipeline. */
function jobOf(files: Readonly<Record<string, string>>, name = 'job'): EffectiveJob {
  const project = projectOf(Object.entries(files));
  const row = project.jobs().find(({ job }) => job.name === name);
  assert.ok(row, `there is no job ${name}`);
  return row.job;
}

function imageOf(files: Readonly<Record<string, string>>): string | undefined {
  return jobOf(files).image?.name.text;
}

function variables(job: EffectiveJob): Record<string, string> {
  return Object.fromEntries([...job.variables].map(([name, { text }]) => [name, text]));
}

const ROOT = '.gitlab-ci.yml';
const JOB = 'job: { script: x }\n';

test('a later include wins over an earlier one, and the including file over both', () => {
  const files = { 'a.yml': 'image: a', 'b.yml': 'image: b' };
  assert.equal(imageOf({ [ROOT]: `include: [a.yml, b.yml]\n${JOB}`, ...files }), 'b');
  assert.equal(imageOf({ [ROOT]: `image: r\ninclude: [a.yml, b.yml]\n${JOB}`, ...files }), 'r');
});

test('variables of several files are merged by name', () => {
  const job = jobOf({
    [ROOT]: `include: a.yml\nvariables: { X: r }\n${JOB}`,
    'a.yml': 'variables: { X: a, Y: a }',
  });
  assert.deepEqual(variables(job), { X: 'r', Y: 'a' });
});

test('extends leads into an included file, and out of one', () => {
  const into = jobOf({
    [ROOT]: 'include: a.yml\njob: { extends: .base, script: x }',
    'a.yml': '.base: { services: [docker:dind] }',
  });
  assert.deepEqual(
    into.services.map(({ name }) => name.text),
    ['docker:dind'],
  );
  const out = {
    [ROOT]: 'include: a.yml\n.base: { image: b }',
    'a.yml': 'job: { extends: .base, script: x }',
  };
  assert.equal(imageOf(out), 'b');
  assert.equal(jobOf(out).place.path, 'a.yml');
});

test('a job may be split over files', () => {
  const job = jobOf({
    [ROOT]: 'include: a.yml\njob: { variables: { A: 1 } }',
    'a.yml': 'job: { image: a, script: [x] }',
  });
  assert.equal(job.image?.name.text, 'a');
  assert.deepEqual(variables(job), { A: '1' });
  assert.deepEqual(
    job.script.main.map(({ text }) => text),
    ['x'],
  );
});

test('null takes away what a parent brings, and the default comes back', () => {
  const job = jobOf({
    [ROOT]:
      'default: { before_script: [d] }\n.b: { before_script: [b] }\njob: { extends: .b, before_script: null, script: [x] }',
  });
  assert.deepEqual(
    job.script.before.map(({ text }) => text),
    ['d'],
  );
});

test('of several parents the last one wins, and a job may have eleven ancestors', () => {
  assert.equal(
    imageOf({ [ROOT]: '.a: { image: a }\n.b: { image: b }\njob: { extends: [.a, .b], script: x }' }),
    'b',
  );
  const chain = Array.from({ length: 11 }, (_, i) =>
    i === 10 ? `.p${i}: { image: top }` : `.p${i}: { extends: .p${i + 1} }`,
  );
  assert.equal(imageOf({ [ROOT]: `${chain.join('\n')}\njob: { extends: .p0, script: x }` }), 'top');
});

test('a reference sees what extends made of a job, in any file', () => {
  const job = jobOf({
    [ROOT]:
      'include: a.yml\n.child: { extends: .base }\njob: { image: !reference [.child, image], script: [!reference [.child, script], z], variables: !reference [.child, variables] }',
    'a.yml': '.base: { image: i, script: [a, [b]], variables: { V: w } }',
  });
  assert.equal(job.image?.name.text, 'i');
  assert.deepEqual(
    job.script.main.map(({ text }) => text),
    ['a', 'b', 'z'],
  );
  assert.deepEqual(variables(job), { V: 'w' });
  assert.deepEqual(job.holes, []);
});

test('image is merged with a map, replaced by a name', () => {
  const base = '.b: { image: { name: a, entrypoint: [""] } }\n';
  const named = jobOf({ [ROOT]: `${base}job: { extends: .b, image: b, script: x }` });
  assert.deepEqual([named.image?.name.text, named.image?.entrypoint], ['b', undefined]);
  const merged = jobOf({ [ROOT]: `${base}job: { extends: .b, image: { name: b }, script: x }` });
  assert.deepEqual([merged.image?.name.text, merged.image?.entrypoint?.map(({ text }) => text)], ['b', ['']]);
  const replaced = jobOf({
    [ROOT]: 'default: { image: { name: a, entrypoint: [""] } }\njob: { image: b, script: x }',
  });
  assert.equal(replaced.image?.entrypoint, undefined);
});

test('inherit cuts off defaults and variables', () => {
  const top = 'default: { image: d, before_script: [b] }\nvariables: { A: 1, B: 2 }\n';
  const some = jobOf({
    [ROOT]: `${top}job: { inherit: { default: [image], variables: [B] }, script: x }`,
  });
  assert.deepEqual([some.image?.name.text, some.script.before, variables(some)], ['d', [], { B: '2' }]);
  const none = jobOf({ [ROOT]: `${top}job: { inherit: { default: false, variables: false }, script: x }` });
  assert.deepEqual([none.image, none.script.before, variables(none)], [undefined, [], {}]);
});

test('inputs take the place of their marks: given ones, defaults, lists, cut ones', () => {
  const template = `spec:
  inputs:
    name: { default: job }
    tag:
    words: { type: array, default: [a, b] }
---
"$[[ inputs.name ]]":
  image: docker:$[[ inputs.tag | truncate(0,2) ]]
  services: [{ name: s, command: "$[[ inputs.words ]]" }]
  script: [first, "$[[ inputs.words ]]", "$[[ inputs.missing ]]"]
`;
  const job = jobOf({
    [ROOT]: 'include: [{ local: t.yml, inputs: { tag: "29.7" } }]',
    't.yml': template,
  });
  assert.equal(job.image?.name.text, 'docker:29');
  assert.deepEqual(
    job.services[0]?.command?.map(({ text }) => text),
    ['a', 'b'],
  );
  assert.deepEqual(
    job.script.main.map(({ text }) => text),
    ['first', 'a', 'b', '$[[ inputs.missing ]]'],
  );
});

test('one template may come twice with different inputs', () => {
  const files = {
    [ROOT]:
      'include:\n  - { local: t.yml, inputs: { name: one } }\n  - { local: t.yml, inputs: { name: two, image: b } }',
    't.yml':
      'spec:\n  inputs: { name: , image: { default: a } }\n---\n"$[[ inputs.name ]]": { image: "$[[ inputs.image ]]", script: x }',
  };
  assert.equal(jobOf(files, 'one').image?.name.text, 'a');
  assert.equal(jobOf(files, 'two').image?.name.text, 'b');
});

test('what Ruby makes of plain scalars reaches variables', () => {
  const written = {
    A: '20.10',
    B: 'yes',
    C: '012',
    D: '1_000',
    E: '"20.10"',
    F: '0x1f',
    G: '12:30',
    H: '1e3',
    I: '29.7.2',
    J: '08',
    K: '.5',
    L: '1.0',
    M: 'n',
    N: ':latest',
    O: ":'8080'",
    P: '1__2',
    Q: '2:30.5',
    R: '-6:5',
    S: '-.inf',
    T: '.NaN',
    U: '.E+4',
  };
  const text = Object.entries(written).map(([name, value]) => `    ${name}: ${value}`);
  assert.deepEqual(variables(jobOf({ [ROOT]: `job:\n  script: x\n  variables:\n${text.join('\n')}` })), {
    A: '20.1',
    B: 'true',
    C: '10',
    D: '1000',
    E: '20.10',
    F: '31',
    G: '45000',
    H: '1e3',
    I: '29.7.2',
    J: '08',
    K: '0.5',
    L: '1.0',
    M: 'n',
    N: 'latest',
    O: '8080',
    P: '1__2',
    Q: '9030.0',
    R: '-21300',
    S: '-Infinity',
    T: 'NaN',
    U: '.E+4',
  });
});

test('what is not in view is a hole, and only as large as it is', () => {
  const remote = jobOf({ [ROOT]: `include: https://example.com/ci.yml\nvariables: { A: 1 }\n${JOB}` });
  assert.ok(remote.holes.some(({ what }) => what === 'image'));
  assert.ok(remote.holes.some(({ what }) => what === 'variables'));
  const known = jobOf({ [ROOT]: `include: { template: Security/SAST.gitlab-ci.yml }\n${JOB}` });
  assert.deepEqual(known.holes, []);
  const own = jobOf({
    [ROOT]:
      'include: { template: Jobs/Build.gitlab-ci.yml }\nbuild: { image: mine, script: x }\njob: { image: own, script: y }',
  });
  assert.deepEqual(own.holes, []);
});

test('a variable that rules or a matrix set has its alternatives', () => {
  const job = jobOf({
    [ROOT]: `job:
  script: x
  variables: { V: a }
  parallel: { matrix: [{ M: [1, 2] }] }
  rules:
    - { if: $X, variables: { V: b } }
    - when: always
`,
  });
  assert.deepEqual(variables(job), {});
  assert.deepEqual(
    job.holes.map(({ what, alternatives }) => [what, alternatives]),
    [
      ['variables.V', ['a', 'b']],
      ['variables.M', ['1', '2']],
    ],
  );
  assert.deepEqual(
    job.matrix?.map(row => [...row]),
    [[['M', ['1', '2']]]],
  );
});

test('files of another project count where the configuration names a checkout', () => {
  const files = {
    [ROOT]: 'include: { project: group/ci, file: [/docker.yml] }\njob: { extends: .docker, script: x }',
  };
  assert.equal(imageOf(files), undefined);
  const mapped = {
    ...files,
    '.drydock.yml': 'version: 1\nprojects:\n  group/ci: ../ci\n',
    '../ci/docker.yml': 'include: nested.yml',
    '../ci/nested.yml': '.docker: { image: theirs }',
  };
  assert.equal(imageOf(mapped), 'theirs');
});

test('every value knows where it was written and how it came', () => {
  const project = projectOf([
    [ROOT, 'include: a.yml\njob:\n  extends: .base\n  script: x\n'],
    ['a.yml', 'variables:\n  V: w\n.base:\n  image: i\n'],
  ]);
  const [row] = project.jobs();
  assert.ok(row?.job.image);
  const { origin } = row.job.image.name;
  assert.deepEqual([origin.way, origin.from, row.locate(origin.place)?.path], ['extends', '.base', 'a.yml']);
  assert.equal(row.job.variables.get('V')?.origin.way, 'global');
});

test('secrets are masked wherever they stand', () => {
  const job = jobOf({
    [ROOT]:
      'job:\n  variables: { REGISTRY_TOKEN: s3cret-one }\n  script:\n    - docker login -u u -p s3cret-two r\n    - echo s3cret-one\n    - docker build --build-arg API_TOKEN=s3cret-three .\n',
  });
  assert.ok(!JSON.stringify([variables(job), job.script.main.map(({ text }) => text)]).includes('s3cret'));
});

test('a hundred thousand jobs that extend each other in one chain are read', () => {
  const chain = Array.from({ length: 100_000 }, (_, i) => `.j${i}:\n  extends: .j${i + 1}\n`);
  const took = cpuTimer();
  const project = projectOf([
    [ROOT, `${chain.join('')}.j100000:\n  image: i\njob:\n  extends: .j0\n  script: x\n`],
  ]);
  assert.ok(Array.isArray(project.check()));
  assert.ok(took() < 60_000);
});
