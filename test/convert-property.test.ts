/** Converts generated pipelines to every strategy, and holds the whole result against what the pipeline was before. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { parse, parseDocument } from 'yaml';
import { conversionTargets } from '../server/src/analysis/convert/ways.js';
import type { Project } from '../server/src/analysis/index.js';
import { strategies } from '../server/src/strategies/index.js';
import { Builders } from './support/builders.js';
import { projectOf } from './support/project.js';
import { type Random, random } from './support/random.js';

const builders = new Builders();
after(() => builders.dispose());

const PATH = '.gitlab-ci.yml';
const PIPELINES = Number(process.env.PIPELINES ?? 60);

/** Keys of a job that a conversion owns; of the variables it owns docker's own and those of the target. */
const OWNED = new Set(['image', 'services', 'variables', 'before_script', 'script']);
const VARIABLES =
  /^(?:DOCKER_(?:HOST|TLS_CERTDIR|TLS_VERIFY|CERT_PATH|DRIVER)|BUILDKITD_FLAGS|STORAGE_DRIVER|BUILDAH_\w+)$/;

const IMAGE = '"$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA"';
const OTHER = 'registry.example.com/shop/b:$TAG';
const LOGIN =
  'echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin $CI_REGISTRY';

const DOCKER_SCRIPTS: readonly (readonly string[])[] = [
  [`docker build -t ${IMAGE} .`, `docker push ${IMAGE}`],
  [`docker buildx build --push --build-arg A="$SPACED" -t ${IMAGE} -f docker/b.Dockerfile sub`],
  [
    'docker info',
    `docker build --pull -t ${IMAGE} .`,
    `docker tag ${IMAGE} ${OTHER}`,
    `docker push ${OTHER}`,
  ],
  ['cd sub && echo in', `docker build --label "l=$SPACED" -t ${OTHER} . && docker push ${OTHER}`],
  [`docker build \\\n  --target prod \\\n  -t ${IMAGE} .\ndocker push ${IMAGE}`],
];
const KANIKO_SCRIPTS: readonly (readonly string[])[] = [
  [`/kaniko/executor --context . --dockerfile Dockerfile --destination ${IMAGE}`],
  [
    'echo first',
    `/kaniko/executor --context "$CI_PROJECT_DIR" --dockerfile "$CI_PROJECT_DIR/docker/b.Dockerfile" --build-arg A=1 --destination ${IMAGE} --destination ${OTHER}`,
  ],
];
const KANIKO_LOGIN =
  'echo "{\\"auths\\":{\\"$CI_REGISTRY\\":{\\"auth\\":\\"eDp5\\"}}}" > /kaniko/.docker/config.json';

interface Pipeline {
  readonly text: string;
  readonly job: string;
}

/** One job that builds, in one of the many ways in which people write that, beside others. */
function pipeline(chance: Random): Pipeline {
  let count = 0;
  const note = (): string => `# note ${++count}`;
  const maybe = (lines: readonly string[]): readonly string[] => (chance.below(2) ? lines : []);
  const from = chance.pick(['dind-tls', 'dind-plain', 'dood', 'kaniko']);
  const kaniko = from === 'kaniko';
  const job = chance.pick(['build', '"build image"', 'build:image']);
  const image = kaniko
    ? ['image:', '  name: gcr.io/kaniko-project/executor:v1.23.2-debug', '  entrypoint: [""]']
    : chance.pick([
        ['image: docker:29.7.2-cli'],
        ['image:', `  name: "docker:29.7.2-cli" ${note()}`],
        ["image: 'docker:29.7.2-cli'"],
      ]);
  const dind = chance.pick([
    ['services: [docker:29.7.2-dind]'],
    ['services:', '  - docker:29.7.2-dind'],
    ['services:', '  - name: docker:29.7.2-dind', '    alias: docker'],
    ['services:', '  - postgres:18.1', '  - docker:29.7.2-dind'],
  ]);
  const services = kaniko ? maybe(['services: [postgres:18.1]']) : from === 'dood' ? [] : dind;
  const own = {
    'dind-tls': ['  DOCKER_TLS_CERTDIR: "/certs"'],
    'dind-plain': ['  DOCKER_HOST: tcp://docker:2375', `  DOCKER_TLS_CERTDIR: "" ${note()}`],
    dood: ['  DOCKER_HOST: unix:///var/run/docker.sock'],
    kaniko: [],
  }[from] as readonly string[];
  const kept = maybe([`  ${note()}`, '  NAME: "some thing"', '  OTHER: $NAME']);
  const variables = own.length + kept.length > 0 ? ['variables:', ...kept, ...own] : [];
  const lines = chance.pick(kaniko ? KANIKO_SCRIPTS : DOCKER_SCRIPTS);
  const script = ['script:', `  ${note()}`, ...lines.flatMap(line => item(line))];
  const login = kaniko ? maybe([KANIKO_LOGIN]) : chance.pick([[], [LOGIN]]);
  const before = login.length > 0 ? ['before_script:', ...login.flatMap(line => item(line))] : [];
  const shared = chance.below(3) === 0;
  const parts = [image, services, variables, before];
  const template = shared ? ['.base:', ...parts.flat().map(line => `  ${line}`), ''] : [];
  const body = [
    ...(shared ? ['extends: .base'] : []),
    ...maybe(['stage: build']),
    ...(shared ? [] : image),
    note(),
    ...maybe(['tags:', '  - vm']),
    ...(shared ? [] : [...services, ...variables, ...before]),
    ...script,
    ...maybe(['artifacts:', '  paths: [out]', `  ${note()}`]),
    ...maybe([`rules: ${note()}`, '  - if: $CI_COMMIT_BRANCH']),
  ];
  const others = ['lint:', `  image: alpine:3.22 ${note()}`, '  script: [echo lint]'];
  const all = [note(), ...template, `${job}:`, ...body.map(line => `  ${line}`), '', ...others, ''];
  const text = all.join('\n');
  return {
    text: chance.below(4) === 0 ? text.replaceAll('\n', '\r\n') : text,
    job: job.replaceAll('"', ''),
  };
}

function item(line: string): readonly string[] {
  if (line.includes('\n')) return ['  - |', ...line.split('\n').map(one => `    ${one}`)];
  return [/: |^["']| #/.test(line) ? `  - '${line.replaceAll("'", "''")}'` : `  - ${line}`];
}

const counts = new Map<string, number>();

for (const to of conversionTargets().filter(one => one !== 'socket-proxy')) {
  test(`generated pipelines to ${to}`, t => {
    for (let seed = 1; seed <= PIPELINES; seed++) {
      const { text, job } = pipeline(random(seed));
      const about = `seed ${seed} to ${to}\n${text}`;
      const before = projectOf([[PATH, text]]);
      const result = before.convert({ path: PATH, job, to });
      if ('refused' in result) {
        assert.match(result.refused, /\.$/, about);
        continue;
      }
      counts.set(to, (counts.get(to) ?? 0) + 1);
      const now = result.texts.get(PATH) ?? '';
      const shown = `${about}\n->\n${now}`;
      const project = projectOf([[PATH, now]]);
      checkText(text, now, shown);
      checkKeys(text, now, job, to, shown);
      checkFindings(before, project, to, shown);
      checkStrategy(project, job, to, shown);
      checkImages(before, project, job, shown);
      const again = project.convert({ path: PATH, job, to });
      assert.ok('refused' in again, `it is converted once: ${shown}`);
    }
    t.diagnostic(`${counts.get(to)} of ${PIPELINES}`);
    assert.ok((counts.get(to) ?? 0) >= PIPELINES / 6, `only ${counts.get(to)} were converted`);
  });
}

/** It parses, has the line ends that it had, and every comment but those beside a value that goes. */
function checkText(before: string, now: string, about: string): void {
  assert.deepEqual(parseDocument(now).errors, [], about);
  const unix = now.replaceAll('\r\n', '\n');
  assert.equal(
    now.includes('\r\n') ? unix.replaceAll('\n', '\r\n') : unix,
    now,
    `one kind of line end: ${about}`,
  );
  assert.equal(now.includes('\r\n'), before.includes('\r\n'), about);
  const notes = (text: string): readonly string[] => text.match(/# note \d+/g) ?? [];
  const beside = before.split(/\r?\n/).filter(line => /(?:DOCKER_\w+|name): .*# note/.test(line));
  const goes = new Set(beside.flatMap(notes));
  const left = new Set(notes(now));
  for (const one of notes(before)) assert.ok(goes.has(one) || left.has(one), `${one} is lost: ${about}`);
  assert.equal(left.size, notes(now).length, `none comes twice: ${about}`);
}

type Job = Readonly<Record<string, unknown>>;

/** Where all jobs that share docker's variables move to TLS together, these change in their template. */
function checkKeys(before: string, now: string, job: string, to: string, about: string): void {
  const [old, young] = [parse(before), parse(now)] as [Record<string, Job>, Record<string, Job>];
  assert.deepEqual(Object.keys(young), Object.keys(old), about);
  for (const name of Object.keys(old)) {
    const [one, other] = [old[name] ?? {}, young[name] ?? {}];
    if (name !== job && to !== 'dind-tls') assert.deepEqual(other, one, about);
    const owned = name === job ? OWNED : new Set(['variables']);
    assert.deepEqual(without(other, owned), without(one, owned), about);
    assert.deepEqual(foreign(other), foreign(one), about);
  }
}

function without(job: Job, keys: ReadonlySet<string>): Job {
  return Object.fromEntries(Object.entries(job).filter(([key]) => !keys.has(key)));
}

function foreign({ variables = {} }: Job): Job {
  return Object.fromEntries(Object.entries(variables as Job).filter(([name]) => !VARIABLES.test(name)));
}

/** No finding that was not there, but those that the strategy is known to come with. */
function checkFindings(before: Project, now: Project, to: string, about: string): void {
  const strategy = strategies.find(({ id }) => id === to) as unknown as { accepts: readonly string[] };
  const rules = (project: Project): string[] =>
    project.check().flatMap(({ findings }) => findings.map(({ rule }) => rule));
  const known = new Set([...rules(before), ...strategy.accepts]);
  assert.deepEqual(
    rules(now).filter(rule => !known.has(rule)),
    [],
    about,
  );
}

function checkStrategy(project: Project, job: string, to: string, about: string): void {
  const rows = project.trace().filter(({ site }) => site === job);
  assert.ok(rows.length > 0, about);
  for (const row of rows) {
    if (to === 'dood') assert.equal(row.client?.endpoint, 'unix:///var/run/docker.sock', about);
    else assert.equal(row.strategy, to, about);
    assert.notEqual(row.verdict, 'fails', about);
  }
}

/** Both scripts are run in a real shell, with stand-ins for the builders. */
function checkImages(before: Project, now: Project, job: string, about: string): void {
  const script = (project: Project): string => {
    const row = project.jobs().find(one => one.job.name === job);
    const { before: first = [], main = [] } = row?.job.script ?? {};
    return [...first, ...main].map(({ text }) => text).join('\n');
  };
  const [old, young] = [builders.run(script(before)), builders.run(script(now))];
  assert.deepEqual(young.pushed, old.pushed, about);
  assert.deepEqual(young.built, old.built, about);
  assert.equal(young.output, old.output, about);
  for (const [registry, login] of Object.entries(old.logins))
    assert.equal(young.logins[registry], login, about);
}
