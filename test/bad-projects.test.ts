/** Feeds the core projects whose files, inputs and jobs multiply: it answers in bounded time, and never throws. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProject } from '../server/src/analysis/index.js';
import { cpuTimer } from './support/cpu-time.js';
import { TODAY } from './support/project.js';

/** Ample for machines that do other things as well; what multiplies without a bound takes hours. */
const LIMIT_MS = 15_000;
const ROOT = '.gitlab-ci.yml';
const HEADER = 'spec:\n  inputs:\n    x: { default: v }\n---\n';
const BUILD = 'script: docker build .';

type Files = Readonly<Record<string, string>>;

function many(count: number, each: (i: number) => string, between = '\n'): string {
  return Array.from({ length: count }, (_, i) => each(i)).join(between);
}

/** A hundred files that each hand on to the next what they are given, put into `given`. */
function handedOn(first: string, given: string, job: string): Files {
  const file = (i: number): string =>
    `${HEADER}include:\n  - local: f${i + 1}.yml\n    inputs: { x: ${given} }\nj${i}:\n  ${job}\n`;
  const files = Array.from({ length: 100 }, (_, i) => [`f${i}.yml`, file(i)] as const);
  return {
    [ROOT]: `include: [{ local: f0.yml, inputs: { x: ${first} } }]\njob: { ${BUILD} }\n`,
    ...Object.fromEntries(files),
  };
}

const X = '"$[[ inputs.x ]]"';
const PROJECTS: Readonly<Record<string, Files>> = {
  'an input that is never closed': {
    [ROOT]: `${HEADER}j:\n  script: "$[[ inputs.x${'  |  '.repeat(2_000)}"\n`,
  },
  'aliases that multiply beside inputs': {
    [ROOT]: `${HEADER}${many(40, i => `.a${i}: &a${i} {${i ? `l: *a${i - 1}, r: *a${i - 1}` : 'x: y'}}`)}\njob:\n  variables: *a39\n  <<: *a39\n  ${BUILD}\n`,
  },
  'texts that double from file to file': handedOn(
    'aaaa',
    '"$[[ inputs.x ]]$[[ inputs.x ]]"',
    'script: docker build $[[ inputs.x ]]',
  ),
  'lists that double from file to file': handedOn('[a]', `[${X}, ${X}]`, `script: [${X}]`),
  'maps that double from file to file': handedOn(
    '[a]',
    `{ a: ${X}, b: ${X} }`,
    `variables: ${X}\n  ${BUILD}`,
  ),
  'one file a hundred and fifty times': {
    [ROOT]: `include:\n${many(150, i => `  - { local: f.yml, inputs: { x: v${i} } }`)}\n`,
    'f.yml': `${HEADER}${many(5_000, i => `j$[[ inputs.x ]]${i}: { script: make }`)}`,
  },
  'more includes than GitLab takes': {
    [ROOT]: `include:\n${many(50_000, i => `  - ci/**/f${i}*.yml`)}\njob: { ${BUILD} }\n`,
    ...Object.fromEntries(
      Array.from({ length: 200 }, (_, i) => [`ci/x/${i}.gitlab-ci.yml`, `j: { ${BUILD} }`]),
    ),
  },
  'includes that all include all': Object.fromEntries(
    Array.from({ length: 60 }, (_, i) => [`${i}.gitlab-ci.yml`, `include: "*.yml"\nj${i}: { ${BUILD} }\n`]),
  ),
  'a matrix of aliases': {
    [ROOT]: `.l: &l [${many(9_000, i => `v${i}`, ', ')}]\n.r: &r {${many(30, i => `A${i}: *l`, ', ')}}\njob:\n  image: docker:$A0\n  parallel: { matrix: [${many(9_000, () => '*r', ', ')}] }\n  ${BUILD}\n`,
  },
  'a long chain of jobs': { [ROOT]: many(4_000, i => `j${i}: { extends: j${i + 1}, ${BUILD} }`) },
  'references in circles through parents': {
    [ROOT]: `.a: { extends: .b, script: !reference [.c, script], variables: !reference [.b, variables] }\n.b: { extends: .c, script: [!reference [.a, script]], variables: !reference [.a, variables] }\n.c: { extends: .a, script: !reference [.b, script] }\njob: { extends: .a, script: [!reference [.a, script], !reference [job, script]], image: !reference [job, image] }\n`,
  },
  'names that objects have': {
    [ROOT]: `__proto__: { extends: constructor, ${BUILD} }\nconstructor: { extends: [toString], variables: { __proto__: x, hasOwnProperty: y }, ${BUILD} }\n`,
  },
  'inputs that name themselves': {
    [ROOT]: `spec:\n  inputs:\n    x: { default: ${X} }\n---\ninclude: { local: a.yml, inputs: { x: ${X} } }\njob: { image: ${X}, ${BUILD} }\n`,
    'a.yml': `spec:\n  inputs:\n    x: { default: ${X} }\n---\nj: { image: ${X}, ${BUILD} }\n`,
  },
};

for (const [name, files] of Object.entries(PROJECTS)) {
  test(`bad projects: ${name}`, () => {
    const took = cpuTimer();
    const project = createProject({ today: TODAY, log: message => assert.fail(message), absent: () => true });
    for (const [path, text] of Object.entries(files)) project.setFile(path, text);
    project.check();
    project.trace();
    project.jobs();
    project.wanted();
    project.hover(ROOT, 40);
    assert.ok(took() < LIMIT_MS, `${took()} ms`);
  });
}
