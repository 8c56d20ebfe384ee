/** What is said of the jobs of workflows: where they run, which docker they reach, and what steps change of that. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpuTimer } from './support/cpu-time.js';
import { projectOf } from './support/project.js';
import { BUILD, DIND, HOSTED, PATH, rows, SOCKET, workflow } from './support/workflow-rows.js';

const CASES: readonly (readonly [string, string, readonly string[]])[] = [
  ['a hosted machine', workflow(`runs-on: ubuntu-latest\n${BUILD}`), [HOSTED]],
  ['a hosted ARM machine in a list', workflow(`runs-on: [ubuntu-24.04-arm]\n${BUILD}`), [HOSTED]],
  ['a job without docker', workflow('runs-on: ubuntu-latest\nsteps: [{ run: make }]'), []],
  ['a container has the socket', workflow(`runs-on: ubuntu-latest\ncontainer: node:22\n${BUILD}`), [HOSTED]],
  [
    'a container whose image is nothing is none',
    workflow(`runs-on: ubuntu-latest\ncontainer: { image: "" }\n${BUILD}`),
    [HOSTED],
  ],
  [
    'a machine of one’s own',
    workflow(`runs-on: [self-hosted, linux]\n${BUILD}`),
    ['job job - unknown unknown cannot-tell'],
  ],
  ['macOS', workflow(`runs-on: macos-15\n${BUILD}`), ['job job - unknown unknown cannot-tell']],
  [
    'the small machine',
    workflow(`runs-on: ubuntu-slim\n${BUILD}`),
    ['job job - unknown unknown cannot-tell'],
  ],
  ['a shell of Windows is not read', workflow(`runs-on: windows-2025\n${BUILD}`), []],
  [
    'dind by its name, in a container',
    workflow(
      `runs-on: ubuntu-latest\ncontainer: docker:29.7.2-cli\n${DIND}\nenv: { DOCKER_HOST: "tcp://dind:2375" }\n${BUILD}`,
    ),
    ['job job tcp://dind:2375 none dind reaches'],
  ],
  [
    'dind by another name that its options give',
    workflow(
      `runs-on: ubuntu-latest\ncontainer: docker:29.7.2-cli\n${DIND.replace('--privileged', '--privileged --network-alias docker')}\nenv: { DOCKER_HOST: "tcp://docker:2375" }\n${BUILD}`,
    ),
    ['job job tcp://docker:2375 none dind reaches'],
  ],
  [
    'no entrypoint is run in a container, so nothing dials dind by itself',
    workflow(`runs-on: ubuntu-latest\ncontainer: docker:29.7.2-cli\n${DIND}\n${BUILD}`),
    [HOSTED],
  ],
  [
    'dind by its name, on the machine',
    workflow(`runs-on: ubuntu-latest\n${DIND}\nenv: { DOCKER_HOST: "tcp://dind:2375" }\n${BUILD}`),
    ['job job tcp://dind:2375 none none fails gh-dind-hostname'],
  ],
  [
    'dind on a port of the machine that leads to it under another number',
    workflow(
      `runs-on: ubuntu-latest\n${DIND}\n    ports: ["12375:2375"]\nenv: { DOCKER_HOST: "tcp://127.0.0.1:12375" }\n${BUILD}`,
    ),
    ['job job tcp://127.0.0.1:12375 none dind reaches'],
  ],
  [
    'a port that no service publishes',
    workflow(
      `runs-on: ubuntu-latest\n${DIND}\n    ports: ["2376:2376"]\nenv: { DOCKER_HOST: "tcp://localhost:2375" }\n${BUILD}`,
    ),
    ['job job tcp://localhost:2375 none none fails gh-dind-hostname'],
  ],
  [
    'a port that docker picks',
    workflow(
      `runs-on: ubuntu-latest\n${DIND}\n    ports: ["2375"]\nenv: { DOCKER_HOST: "tcp://localhost:2375" }\n${BUILD}`,
    ),
    ['job job tcp://localhost:2375 none unknown cannot-tell'],
  ],
  [
    'variables of a step count above those of the job, and end with it',
    workflow(
      'runs-on: ubuntu-latest\nenv: { DOCKER_HOST: "tcp://a.example.com:2375" }\nsteps:\n  - run: docker ps\n    env: { DOCKER_HOST: "tcp://b.example.com:2375" }\n  - run: docker info',
    ),
    [
      'job script tcp://b.example.com:2375 none remote cannot-tell',
      'job job tcp://a.example.com:2375 none remote cannot-tell',
    ],
  ],
  [
    'what a script exports ends with its step',
    workflow(
      'runs-on: ubuntu-latest\nsteps:\n  - run: export DOCKER_HOST=tcp://a.example.com:2375; docker ps\n  - run: docker info',
    ),
    ['job script tcp://a.example.com:2375 none remote cannot-tell', HOSTED],
  ],
  [
    'what is written to GITHUB_ENV holds for later steps only',
    workflow(
      'runs-on: ubuntu-latest\nsteps:\n  - run: |\n      docker ps\n      echo "DOCKER_HOST=$(find-it)" >> "$GITHUB_ENV"\n  - run: docker info',
    ),
    [HOSTED, 'job script - unknown unknown cannot-tell'],
  ],
  [
    'other names in GITHUB_ENV do not matter',
    workflow(
      'runs-on: ubuntu-latest\nsteps:\n  - run: |\n      { echo "TAG=1"; echo "REF<<EOF"; echo EOF; } >> $GITHUB_ENV\n      cat <<-END >> $GITHUB_ENV\n      A=1\n      END\n      echo B=2 | tee -a $GITHUB_ENV\n  - run: docker info',
    ),
    [HOSTED],
  ],
  [
    'a program that writes to GITHUB_ENV may write anything',
    workflow('runs-on: ubuntu-latest\nsteps:\n  - run: ./tool >> $GITHUB_ENV\n  - run: docker info'),
    ['job script - unknown unknown cannot-tell'],
  ],
  [
    'an expression in DOCKER_HOST that the file resolves',
    workflow(
      'runs-on: ubuntu-latest\nenv: { DOCKER_HOST: "tcp://${{ matrix.host }}:2375" }\nstrategy: { matrix: { host: [a.example.com, b.example.com] } }\nsteps: [{ run: docker info }]',
    ),
    [
      'job job tcp://a.example.com:2375 none remote cannot-tell',
      'job job tcp://b.example.com:2375 none remote cannot-tell',
    ],
  ],
  [
    'the machine from a matrix, with one left out and one added',
    workflow(
      'runs-on: ${{ matrix.os }}\nstrategy:\n  matrix:\n    os: [ubuntu-latest, macos-15]\n    exclude: [{ os: macos-15 }]\n    include: [{ os: ubuntu-slim }]\nsteps: [{ run: docker info }]',
    ),
    [HOSTED, 'job job - unknown unknown cannot-tell'],
  ],
  [
    'the action that installs a daemon chooses a context',
    workflow('runs-on: ubuntu-latest\nsteps:\n  - uses: docker/setup-docker-action@v5\n  - run: docker info'),
    ['job script - unknown unknown cannot-tell'],
  ],
  [
    'builders that need no daemon',
    workflow(
      'runs-on: ubuntu-latest\nsteps:\n  - uses: redhat-actions/buildah-build@v2\n    with: { image: app }',
    ),
    ['job job - - none no-daemon-needed'],
  ],
];

for (const [name, text, expected] of CASES) {
  test(`workflow: ${name}`, () => assert.deepEqual(rows(text), expected));
}

test('a composite action runs in the job that uses it, with its inputs', () => {
  const files = {
    [PATH]: workflow(
      'runs-on: ubuntu-latest\nsteps:\n  - uses: ./actions/build\n    with: { host: "tcp://a.example.com:2375" }\n  - uses: ./actions/build',
    ),
    'actions/build/action.yml':
      'name: Build\ninputs:\n  host: { default: "" }\nruns:\n  using: composite\n  steps:\n    - run: docker build .\n      shell: bash\n      env: { DOCKER_HOST: "${{ inputs.host }}" }\n',
  };
  assert.deepEqual(rows(files), [
    'job script tcp://a.example.com:2375 none remote cannot-tell',
    'job script unix:///var/run/docker.sock none hosted reaches',
  ]);
});

test('a workflow that is only called is read through its caller, with its inputs', () => {
  const called =
    'on:\n  workflow_call:\n    inputs:\n      machine: { type: string, default: macos-15 }\njobs:\n  image:\n    runs-on: ${{ inputs.machine }}\n    steps: [{ run: docker info }]\n';
  const caller =
    'on: push\njobs:\n  call:\n    uses: ./.github/workflows/image.yml\n    with: { machine: ubuntu-latest }\n';
  assert.deepEqual(rows({ [PATH]: caller, '.github/workflows/image.yml': called }), [
    `image job ${SOCKET} hosted reaches`,
  ]);
  assert.deepEqual(rows({ '.github/workflows/image.yml': called }), [
    'image job - unknown unknown cannot-tell',
  ]);
});

test('workflows that call each other in a circle end', () => {
  const around = (name: string) =>
    `on: [push, workflow_call]\njobs:\n  a: { uses: ./.github/workflows/${name}.yml }\n  b: { runs-on: ubuntu-latest, steps: [{ run: docker info }] }\n`;
  const found = rows({ '.github/workflows/x.yml': around('y'), '.github/workflows/y.yml': around('x') });
  assert.deepEqual([...new Set(found)], [`b job ${SOCKET} hosted reaches`]);
});

test('labels of one’s own are hosted machines, or runners of one’s own, where that is declared', () => {
  const text = workflow(`runs-on: big\n${BUILD}`);
  const declared = (runner: string) => ({
    [PATH]: text,
    '.drydock.yml': `version: 1\nrunners:\n  - ${runner}\n`,
  });
  assert.deepEqual(rows(declared('{ hosted: github, tags: [big] }')), [HOSTED]);
  assert.deepEqual(rows(declared('{ hosted: github, tags: [small] }')), [
    'job job - unknown unknown cannot-tell',
  ]);
  assert.deepEqual(
    projectOf(Object.entries(declared('{ tags: [big], exposure: single-tenant }')))
      .check()
      .flatMap(({ findings }) => findings),
    [],
  );
});

test('runners of GitLab take no jobs of workflows', () => {
  const config =
    '[[runners]]\n  name = "r"\n  executor = "docker"\n  [runners.docker]\n    image = "alpine:3.22"\n';
  assert.deepEqual(rows({ [PATH]: workflow(`runs-on: [self-hosted]\n${BUILD}`), 'config.toml': config }), [
    'job job - unknown unknown cannot-tell',
  ]);
});

test('a file of another kind is none of ours', () => {
  const project = projectOf([
    ['action.yml', 'name: x\nsteps: []\n'],
    ['workflows/build.yml', workflow(BUILD)],
    ['.github/workflows/nested/build.yml', workflow(BUILD)],
  ]);
  assert.deepEqual(project.check(), []);
});

const BAD: Readonly<Record<string, string>> = {
  empty: '',
  'a list': '- a\n- b\n',
  'no jobs': 'on: push\n',
  'jobs of other types': 'on: push\njobs: [a]\n',
  'a job of another type': 'on: push\njobs: { a: 1, b: [x], c: }\n',
  'steps of other types': workflow('runs-on: ubuntu-latest\nsteps: { run: docker build . }'),
  'nothing but nulls': workflow('runs-on:\ncontainer:\nservices:\nenv:\nsteps:'),
  'services of other types': workflow('runs-on: ubuntu-latest\nservices: [a]\nsteps: [{ run: docker info }]'),
  'an alias that is undefined': workflow('runs-on: ubuntu-latest\nenv: *none\nsteps: [{ run: docker info }]'),
  'an open expression': workflow('runs-on: ubuntu-latest\nsteps: [{ run: "docker build ${{ x" }]'),
  'an open quote': workflow('runs-on: "ubuntu-latest\nsteps: [{ run: docker info }]'),
  'several documents': `${workflow(BUILD)}---\n${workflow(BUILD)}`,
  'a matrix that multiplies': workflow(
    `runs-on: ubuntu-latest\nstrategy:\n  matrix:\n${Array.from({ length: 12 }, (_, i) => `    k${i}: [${Array.from({ length: 12 }, (_, k) => k)}]`).join('\n')}\nenv: { A: "\${{ matrix.k0 }}" }\n${BUILD}`,
  ),
  'many expressions': workflow(
    `runs-on: ubuntu-latest\nenv: { A: "${'${{ a }}'.repeat(20_000)}" }\n${BUILD}`,
  ),
  'an expression without end, many times': workflow(
    `runs-on: ubuntu-latest\nenv: { A: "${'${{ '.repeat(20_000)}" }\n${BUILD}`,
  ),
  'many steps': workflow(`runs-on: ubuntu-latest\nsteps:\n${'  - run: docker build .\n'.repeat(3_000)}`),
};

for (const [name, text] of Object.entries(BAD)) {
  test(`bad workflow: ${name}`, () => {
    const took = cpuTimer();
    projectOf([[PATH, text]]).check();
    assert.ok(took() < 10_000);
  });
}
