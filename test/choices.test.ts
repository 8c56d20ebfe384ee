/** Holds what choices write into `.drydock.yml`: the smallest edit, after which the reader finds what was chosen. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits } from '../server/src/analysis/index.js';
import { projectOf } from './support/project.js';

const PIPELINE = 'build:\n  image: docker:cli\n  services: [docker:dind]\n  script: [docker build .]\n';
const RUNNERS =
  '[[runners]]\n  name = "vm one"\n  executor = "docker"\n[[runners]]\n  name = "two"\n  executor = "shell"\n';

function projectWith(config: string | undefined) {
  return projectOf([
    ['.gitlab-ci.yml', PIPELINE],
    ['run/config.toml', RUNNERS],
    ['ci/odd [x].yml', PIPELINE],
    ...(config === undefined ? [] : [['.drydock.yml', config] as const]),
  ]);
}

/** The configuration after a choice, checked by the product itself; or why it was refused. */
function chosen(config: string | undefined, choice: string, path = '.gitlab-ci.yml'): string {
  const project = projectWith(config);
  const before = project.check().find(file => file.path === '.drydock.yml')?.findings ?? [];
  const written = project.choose(path, choice);
  if ('refused' in written) return written.refused;
  const text = applyEdits(config ?? '', written.edits);
  const after = projectWith(text);
  const findings = after.check().find(file => file.path === '.drydock.yml')?.findings ?? [];
  const known = new Set(before.map(({ message }) => message));
  assert.deepEqual(
    findings.map(({ message }) => message).filter(message => !known.has(message)),
    [],
  );
  const left = after.status(path);
  assert.ok(!left.choices.some(({ id }) => id === choice), 'what was chosen is not offered again');
  return text;
}

const ONE = 'runner run/config.toml vm one';
const ITEM = '- name: vm one\n  config: run/config.toml\n  entry: vm one';

function at(indent: string): string {
  return ITEM.replace(/^/gm, indent);
}

const CASES: readonly (readonly [name: string, before: string | undefined, after: string])[] = [
  ['no file', undefined, `version: 1\n\nrunners:\n${at('  ')}\n`],
  ['an empty file', '\n', `version: 1\n\nrunners:\n${at('  ')}\n`],
  ['other keys', 'version: 1 # ours\n# end\n', `version: 1 # ours\n# end\n\nrunners:\n${at('  ')}\n`],
  ['no line break at the end', 'profile: strict', `profile: strict\n\nrunners:\n${at('  ')}\n`],
  [
    'a list',
    'runners:\n  - hosted: gitlab.com # c\n# d\nprofile: strict\n',
    `runners:\n  - hosted: gitlab.com # c\n${at('  ')}\n# d\nprofile: strict\n`,
  ],
  ['a list at the edge', 'runners:\n- hosted: gitlab.com\n', `runners:\n- hosted: gitlab.com\n${ITEM}\n`],
  [
    'a list of several keys',
    'runners:\n    - hosted: gitlab.com\n      tags: [a]\n',
    `runners:\n    - hosted: gitlab.com\n      tags: [a]\n${at('    ')}\n`,
  ],
  [
    'a list in brackets',
    'runners: [{ hosted: gitlab.com }] # c\n',
    'runners: [{ hosted: gitlab.com }, { name: "vm one", config: "run/config.toml", entry: "vm one" }] # c\n',
  ],
  [
    'an empty list',
    'runners: []\n',
    'runners: [{ name: "vm one", config: "run/config.toml", entry: "vm one" }]\n',
  ],
  [
    'nothing behind the key',
    'runners: # none yet\nprofile: strict\n',
    `runners: # none yet\n${at('  ')}\nprofile: strict\n`,
  ],
  ['null behind the key', 'runners: ~ # none yet\n', `runners: # none yet\n${at('  ')}\n`],
  [
    'Windows line ends',
    'version: 1\r\nrunners:\r\n  - hosted: gitlab.com\r\n',
    `version: 1\r\nrunners:\r\n  - hosted: gitlab.com\r\n${at('  ').replaceAll('\n', '\r\n')}\r\n`,
  ],
];

for (const [name, before, after] of CASES) {
  test(`a runner goes into ${name}`, () => assert.equal(chosen(before, ONE), after));
}

test('what cannot be written is refused, with the reason', () => {
  assert.match(chosen('runners: &a [{ hosted: gitlab.com }]\n', ONE), /cannot be changed/);
  assert.match(chosen('runners: "x\n', ONE), /cannot be read as YAML/);
  assert.match(chosen('{ version: 1 }\n', ONE), /not written as a block/);
  assert.match(chosen('version: 1\n---\nversion: 1\n', ONE), /more than one document/);
  assert.match(chosen(undefined, 'runner nobody'), /no such choice/);
});

test("GitLab.com's runners are offered until they are declared", () => {
  assert.match(
    chosen(undefined, 'hosted gitlab.com'),
    /^version: 1\n\nrunners:\n {2}- hosted: gitlab\.com\n$/,
  );
});

test('a file is taken for what was chosen, whatever its name', () => {
  const path = 'ci/odd [x].yml';
  const files = [
    undefined,
    'files:\n',
    'files:\n  gitlab-ci:\n    - a.yml\n',
    'files: { gitlab-ci: [a.yml] }\n',
    'files:\n  helm-values: [v.yml]\n',
  ];
  for (const config of files) {
    const text = chosen(config, 'file gitlab-ci', path);
    assert.equal(projectWith(text).dialectOf(path), 'gitlab-ci', text);
    if (config) assert.ok(text.includes(config.trimEnd().slice(0, 8)));
  }
});

test('the status names the file, its runners, and how both are known', () => {
  const { label, explanation, choices } = projectWith(undefined).status('.gitlab-ci.yml');
  assert.equal(label, 'GitLab CI · 2 runners');
  assert.match(explanation, /a GitLab CI pipeline\*\*, by its name/);
  assert.match(explanation, /Runner `vm one` of `run\/config\.toml`, one of several here/);
  assert.deepEqual(
    choices.map(({ id }) => id),
    [ONE, 'runner run/config.toml two', 'hosted gitlab.com'],
  );
  const declared = projectWith('runners:\n  - { config: run/config.toml, entry: two }\n').status(
    '.gitlab-ci.yml',
  );
  assert.equal(declared.label, 'GitLab CI · two');
  assert.match(declared.explanation, /declared in `\.drydock\.yml`/);
  const alone = projectOf([['.gitlab-ci.yml', PIPELINE]]).status('.gitlab-ci.yml');
  assert.equal(alone.label, 'GitLab CI · runner unknown');
  const runner = projectWith(undefined).status('run/config.toml');
  assert.match(runner.explanation, /configuration of GitLab Runner\*\*, by its content/);
  const foreign = projectWith(undefined).status('ci/odd [x].yml');
  assert.equal(foreign.dialect, undefined);
  assert.deepEqual(
    foreign.choices.map(({ id }) => id).filter(id => id.startsWith('file')),
    [
      'file gitlab-ci',
      'file helm-values',
      'file github-actions',
      'file compose',
      'file kubernetes',
      'file jenkinsfile',
      'file shell',
      'file dockerfile',
    ],
  );
  assert.equal(projectWith(undefined).status('missing.yml').dialect, undefined);
});
