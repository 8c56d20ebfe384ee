/** Writes each kind of change into workflows, in all the ways in which people write them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { githubActions } from '../server/src/dialects/github-actions/index.js';
import type { Intent } from '../server/src/model/intent.js';
import type { Place } from '../server/src/model/known.js';
import { applyEdits } from '../server/src/syntax/patch.js';
import type { Tree } from '../server/src/syntax/tree.js';

const PATH = '.github/workflows/build.yml';

/** The place of `written`, which stands in the text once, or of its `nth` occurrence. */
function placeOf(tree: Tree, written: string, nth = 1): Place {
  let seen = 0;
  for (const { block } of tree.documents.flatMap(({ blocks }) => blocks)) {
    for (let at = block.text.indexOf(written); at >= 0; at = block.text.indexOf(written, at + 1)) {
      seen += 1;
      if (seen === nth) return { path: PATH, block, start: at, end: at + written.length };
    }
  }
  throw new Error(`${written} is not there`);
}

type Make = (place: (written: string, nth?: number) => Place) => readonly Intent[];

/** The text after the change, or why it was refused. */
function write(text: string, make: Make): string {
  const tree = githubActions.read(text);
  const unit = { path: PATH, tree, variables: { key: '', values: new Map<string, never>() } };
  const written = githubActions.write(
    make((words, nth) => placeOf(tree, words, nth)),
    unit,
  );
  return 'refused' in written
    ? `refused: ${written.refused}`
    : applyEdits(text, written.edits[0]?.edits ?? []);
}

function job(text: string): string {
  return `on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n${text.replace(/^(?=.)/gm, '    ')}`;
}

const STEP = 'steps:\n  - run: docker build .\n';

const CASES: readonly (readonly [string, string, Make, string])[] = [
  [
    'a value',
    job(`env:\n  A: "1" # why\n${STEP}`),
    at => [{ kind: 'replace-value', at: at('"1"'), value: '2' }],
    job(`env:\n  A: "2" # why\n${STEP}`),
  ],
  [
    'no value that an expression makes',
    job(`env:\n  A: \${{ x }}\n${STEP}`),
    at => [{ kind: 'replace-value', at: at('${{ x }}'), value: '2' }],
    'refused: an expression stands there',
  ],
  [
    'a variable into a job that has none',
    job(STEP),
    at => [{ kind: 'set-variable', site: at('build'), near: undefined, name: 'A', value: '1' }],
    job(`${STEP}env:\n  A: "1"\n`).replace(/\n$/, '\n'),
  ],
  [
    'variables beside others',
    job(`env:\n  A: a\n${STEP}`),
    at => [
      { kind: 'set-variable', site: at('build'), near: at('A: a'), name: 'B', value: 'b' },
      { kind: 'set-variable', site: at('build'), near: at('A: a'), name: 'C', value: 'c' },
    ],
    job(`env:\n  A: a\n  B: "b"\n  C: "c"\n${STEP}`),
  ],
  [
    'the last variable goes with its key',
    job(`env:\n  A: a\n${STEP}`),
    at => [{ kind: 'remove-entry', entry: at('A: a') }],
    job(STEP),
  ],
  [
    'another variable in its place',
    job(`env:\n  A: a\n${STEP}`),
    at => [{ kind: 'replace-entry', entry: at('A: a'), name: 'B', value: 'b' }],
    job(`env:\n  B: "b"\n${STEP}`),
  ],
  [
    'words of a script',
    job('steps:\n  - run: echo a && docker build .\n'),
    at => [
      {
        kind: 'replace-words',
        script: at('echo a && docker build .'),
        start: 10,
        end: 16,
        text: 'podman',
      },
    ],
    job('steps:\n  - run: echo a && podman build .\n'),
  ],
  [
    'a new input of an action',
    job('steps:\n  - uses: docker/build-push-action@v7\n    with:\n      tags: a\n'),
    at => [
      {
        kind: 'replace-words',
        script: at('docker/build-push-action@v7'),
        start: 20,
        end: 20,
        text: '--load ',
      },
    ],
    job('steps:\n  - uses: docker/build-push-action@v7\n    with:\n      tags: a\n      load: true\n'),
  ],
  [
    'one more line of an input',
    job(
      'steps:\n  - uses: docker/build-push-action@v7\n    with:\n      build-args: |\n        A=1\n      tags: a\n',
    ),
    at => [
      {
        kind: 'replace-words',
        script: at('docker/build-push-action@v7'),
        start: 20,
        end: 20,
        text: '--build-arg B=2 ',
      },
    ],
    job(
      'steps:\n  - uses: docker/build-push-action@v7\n    with:\n      build-args: |\n        A=1\n        B=2\n      tags: a\n',
    ),
  ],
  [
    'a part of an input',
    job('steps:\n  - uses: docker/build-push-action@v7\n    with: { tags: app:a }\n'),
    at => [
      { kind: 'replace-words', script: at('docker/build-push-action@v7'), start: 30, end: 31, text: 'b' },
    ],
    job('steps:\n  - uses: docker/build-push-action@v7\n    with: { tags: app:b }\n'),
  ],
  [
    'no words that no input holds',
    job('steps:\n  - uses: docker/build-push-action@v7\n    with: { tags: app:a }\n'),
    at => [
      { kind: 'replace-words', script: at('docker/build-push-action@v7'), start: 0, end: 6, text: 'podman' },
    ],
    'refused: the inputs of the action cannot be changed so',
  ],
  [
    'a command of a service that is a bare name',
    job(`services:\n  dind: docker:dind # why\n${STEP}`),
    at => [
      {
        kind: 'set-service-key',
        service: at('docker:dind'),
        key: 'command',
        value: ['--tls=false', '--mtu=1 4'],
      },
    ],
    job(`services:\n  dind:\n    image: docker:dind\n    command: "--tls=false '--mtu=1 4'" # why\n${STEP}`),
  ],
  [
    'a command in the place of one',
    job(`services:\n  dind:\n    image: docker:dind\n    command: --debug\n${STEP}`),
    at => [
      {
        kind: 'set-service-key',
        service: at('docker:dind'),
        key: 'command',
        value: ['--debug', '--tls=false'],
      },
    ],
    job(`services:\n  dind:\n    image: docker:dind\n    command: "--debug --tls=false"\n${STEP}`),
  ],
  [
    'no alias',
    job(`services:\n  dind: docker:dind\n${STEP}`),
    at => [{ kind: 'set-service-key', service: at('docker:dind'), key: 'alias', value: 'docker' }],
    'refused: the name of a service is its key in the workflow',
  ],
  [
    'a variable of a service, in a flow mapping',
    job(`services: { dind: { image: "docker:dind", env: { A: a } } }\n${STEP}`),
    at => [{ kind: 'set-service-variable', service: at('"docker:dind"'), name: 'B', value: 'b' }],
    job(`services: { dind: { image: "docker:dind", env: { A: a, B: "b" } } }\n${STEP}`),
  ],
  [
    'a health check behind other options',
    job(
      `services:\n  dind:\n    image: docker:dind\n    options: >-\n      --privileged\n    ports: []\n${STEP}`,
    ),
    at => [{ kind: 'set-health-check', service: at('docker:dind'), command: 'docker info' }],
    job(
      `services:\n  dind:\n    image: docker:dind\n    options: >-\n      --privileged\n      --health-cmd "docker info" --health-interval 5s --health-retries 12\n    ports: []\n${STEP}`,
    ),
  ],
  [
    'a port beside others',
    job(`services:\n  dind:\n    image: docker:dind\n    ports:\n      - 80:80\n${STEP}`),
    at => [{ kind: 'publish-port', service: at('docker:dind'), port: 2375 }],
    job(
      `services:\n  dind:\n    image: docker:dind\n    ports:\n      - 80:80\n      - "2375:2375"\n${STEP}`,
    ),
  ],
  [
    'a key of a map',
    job(`permissions:\n  contents: read\n${STEP}`),
    at => [{ kind: 'set-key', at: at('contents: read'), key: 'packages', value: 'write' }],
    job(`permissions:\n  contents: read\n  packages: write\n${STEP}`),
  ],
  [
    'a key that is there, in a flow mapping',
    job(`permissions: { packages: read }\n${STEP}`),
    at => [{ kind: 'set-key', at: at('{ packages: read }'), key: 'packages', value: 'write' }],
    job(`permissions: { packages: write }\n${STEP}`),
  ],
  [
    'a step in front of another',
    job('steps:\n  - name: Build\n    run: docker build .\n'),
    at => [{ kind: 'insert-step', at: at('docker build .'), uses: 'docker/setup-buildx-action@v4' }],
    job('steps:\n  - uses: docker/setup-buildx-action@v4\n  - name: Build\n    run: docker build .\n'),
  ],
  [
    'no step into a line of them',
    job('steps: [{ run: docker build . }]\n'),
    at => [{ kind: 'insert-step', at: at('docker build .'), uses: 'a/b@v1' }],
    'refused: the steps are written in one line',
  ],
  [
    'no entrypoint',
    job(`container: docker:cli\n${STEP}`),
    at => [{ kind: 'clear-entrypoint', image: at('docker:cli') }],
    'refused: the steps of a job are run without the entrypoint of its image',
  ],
  [
    'nothing of a runner',
    job(STEP),
    at => [{ kind: 'add-mount', runner: at('ubuntu-latest'), volume: '/certs/client' }],
    'refused: a workflow does not set up its runner',
  ],
  [
    'no value that an anchor shares',
    job(`env:\n  A: &a x\n  B: *a\n${STEP}`),
    at => [{ kind: 'replace-value', at: at('x'), value: 'y' }],
    'refused: an anchor shares the value with other places',
  ],
];

for (const [name, before, make, after] of CASES) {
  test(`write into a workflow: ${name}`, () => assert.equal(write(before, make), after));
}

test('write into a workflow with CRLF', () => {
  const before = job(`services:\n  dind: docker:dind\n${STEP}`).replaceAll('\n', '\r\n');
  const after = write(before, at => [
    { kind: 'set-service-key', service: at('docker:dind'), key: 'command', value: 'x' },
  ]);
  assert.ok(!/(?<!\r)\n/.test(after), after);
});
