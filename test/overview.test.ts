/** Holds the document of all jobs, its flow chart, the lines above jobs and the pictures of hovers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Project, Showing } from '../server/src/analysis/index.js';
import { projectOf } from './support/project.js';
import { GOOD } from './trace-case.js';

const PIPELINE = `.hidden:
  services: [docker:29.7.2-dind]
  script: [docker build .]
works:
  image: docker:29.7.2-cli
  services: [docker:29.7.2-dind]
  script: [docker build .]
works-too:
  image: docker:29.7.2-cli
  services: [docker:29.7.2-dind]
  script: [docker build .]
fails|<b>\`x\`:
  image: docker:29.7.2-cli
  services: [docker:29.7.2-dind, "postgres:17"]
  variables: { DOCKER_HOST: "tcp://docker:2375" }
  script: [docker build .]
kaniko:
  image: { name: "ghcr.io/osscontainertools/kaniko:debug", entrypoint: [""] }
  script: [/kaniko/executor --no-push]
lint:
  script: [make]
`;

const SHOWING: Showing = {
  theme: 'dark',
  link: ({ path, start }, label = path) => `[${label}](file:///p/${path}#${start})`,
};

function project(pipeline: string, config?: string): Project {
  return projectOf([
    ['.gitlab-ci.yml', pipeline],
    ...(config === undefined ? [] : [['config.toml', config] as const]),
  ]);
}

test('the document counts, lists and draws, what fails first', () => {
  const text = project(PIPELINE, GOOD).overview(SHOWING);
  assert.match(
    text,
    /^# Which daemon each job reaches\n\n\*\*✗ 1 fails · ✓ 2 work · ✓ 1 needs no daemon\.\*\* All on runner `r`\. 1 more job uses neither/,
  );
  assert.match(text, /^\| ✓ \| \[works\]\(file:\S+\) \| dind · TLS 2376 · needs privileged \|$/m);
  const headings = [...text.matchAll(/^## (.*)$/gm)].map(match => match[1]);
  assert.deepEqual(headings, [
    '✗ `` fails\\|<b>`x` ``',
    '✓ `works`, `works-too`',
    '✓ `kaniko`',
    'For GitLab or a README',
  ]);
  assert.equal([...text.matchAll(/!\[[^\]]+\]\(data:image\/svg\+xml;base64,[\w+/=]+\)/g)].length, 3);
  assert.doesNotMatch(text, /hidden/);
});

test('the flow chart names all of it and marks what is broken', () => {
  const text = project(PIPELINE, GOOD).overview(SHOWING);
  const chart = /````text\n```mermaid\n([\s\S]*?)\n```\n````/.exec(text)?.[1] ?? '';
  assert.match(chart, /^flowchart LR\n {2}subgraph r1\["runner r"\]\n/);
  assert.match(chart, /s1\["fails#124;#60;b#62;#96;x#96;<br\/>docker:29\.7\.2-cli"\]/);
  assert.match(chart, /s1 --x\|"tcp:\/\/docker:2375<br\/>TLS"\| d1/);
  assert.match(chart, /linkStyle 0 stroke:#cf222e/);
  assert.match(chart, /s3\["kaniko<br\/>ghcr\.io/);
});

test('a project without builds says so', () => {
  assert.match(project('lint:\n  script: make\n').overview(SHOWING), /No job here builds or uses docker/);
  for (const text of ['', '\n', '# nothing\n', '- a\n', '}'])
    assert.match(project(text).overview({}), /No job here/);
});

test('a job that is written twice stands there once, and two of one name in two files both', () => {
  const job = 'build:\n  image: docker:cli\n  script: [docker build .]\n';
  assert.equal(
    project(job + job)
      .overview({})
      .match(/^\| \? \|/gm)?.length,
    1,
  );
  const two = projectOf([
    ['a.gitlab-ci.yml', job],
    ['b.gitlab-ci.yml', job],
  ]);
  assert.equal(two.overview(SHOWING).match(/^\| \? \|/gm)?.length, 2);
});

test('a thousand jobs make a document of bounded size', () => {
  const jobs = Array.from({ length: 1_000 }, (_, i) => {
    return `job-${i}:\n  image: docker:cli\n  variables: { DOCKER_HOST: "tcp://d${i}:2375" }\n  script: [docker build .]\n`;
  });
  const text = project(jobs.join('')).overview(SHOWING);
  assert.match(text, /\| and 500 more \|/);
  assert.match(text, /… and 940 more that differ/);
  assert.ok(text.length < 600_000);
});

test('each job has a line, templates and jobs without builds have none', () => {
  const at = project(PIPELINE, GOOD);
  const lines = at
    .lines('.gitlab-ci.yml')
    .map(({ start, end, texts }) => [PIPELINE.slice(start, end), ...texts]);
  assert.deepEqual(lines, [
    ['works', '✓ dind · TLS 2376 · needs privileged'],
    ['works-too', '✓ dind · TLS 2376 · needs privileged'],
    [
      'fails|<b>`x`',
      '✗ dind · TLS 2375 · fails: The dind service makes certificates and listens on 2376 only; nothing answers on 2375',
    ],
    ['kaniko', '✓ kaniko · no daemon'],
  ]);
  assert.deepEqual(at.lines('config.toml'), []);
  assert.deepEqual(at.lines('missing.yml'), []);
});

test('ways and runners that differ have a line each, up to three', () => {
  const matrix =
    'build:\n  image: docker:cli\n  parallel: { matrix: [{ DOCKER_HOST: ["tcp://a:1", "tcp://b:2", "tcp://c:3", "tcp://d:4"] }] }\n  script: [docker build .]\n';
  const [line] = project(matrix).lines('.gitlab-ci.yml');
  assert.equal(line?.texts.length, 4);
  assert.equal(line?.texts[3], 'and 1 more');
  const two = GOOD + GOOD.replace('"r"', '"s"').replace('privileged = true', 'privileged = false');
  const texts = project(PIPELINE, two).lines('.gitlab-ci.yml')[0]?.texts ?? [];
  assert.match(texts[0] ?? '', /^✓ .* on r$/);
  assert.match(texts[1] ?? '', /^✗ .* on s$/);
  assert.match(
    project(PIPELINE, two).overview({}),
    /^\| ✓ \| `works` \| .* \| r \|\n\| ✗ \| `works` \| .* \| s \|$/m,
  );
});

test('the hover of a job holds a picture with the sentences as its text, where there is a theme', () => {
  const at = project(PIPELINE, GOOD);
  const offset = PIPELINE.indexOf('works:') + 1;
  const shown = at.hover('.gitlab-ci.yml', offset, SHOWING)?.markdown ?? '';
  const [picture = '', sentences = ''] = shown.split(/(?<=\))\n\n/);
  assert.match(
    picture,
    /^!\[✓ Job .*works.* reaches .*listens on .*\]\(data:image\/svg\+xml;base64,[\w+/=]+\)$/,
  );
  assert.ok(picture.length < 20_000);
  assert.match(sentences, /^✓ Job `works`: docker \*\*reaches/);
  assert.doesNotMatch(at.hover('.gitlab-ci.yml', offset)?.markdown ?? '', /data:/);
});

test('a job that reaches its daemon and goes wrong all the same is no job that works', () => {
  const pipeline = `one:
  image: docker:29.7.2-cli
  services: [docker:29.7.2-dind]
  variables: { DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_VERIFY: 1, DOCKER_CERT_PATH: /certs/client }
  script: [docker buildx create --use, docker buildx build .]
`;
  const at = project(pipeline, GOOD);
  const [line] = at.lines('.gitlab-ci.yml');
  assert.match(
    line?.texts[0] ?? '',
    /^✗ dind · TLS 2376 · needs privileged · goes wrong: Job "one" creates a builder/,
  );
  assert.match(at.overview(SHOWING), /^\*\*✗ 1 fails\.\*\*[\s\S]*^## ✗ `one`$/m);
  const ignored = pipeline.replace(
    '  script:',
    '  # drydock-ignore: buildx-tls-env-context -- tried\n  script:',
  );
  assert.match(project(ignored, GOOD).lines('.gitlab-ci.yml')[0]?.texts[0] ?? '', /^✓ dind/);
});

test('a job of a pipeline that GitLab refuses reaches nothing', () => {
  const lines = project(`include: nowhere.yml\n${PIPELINE}`, GOOD).lines('.gitlab-ci.yml');
  const docker = lines.map(({ texts }) => texts.join()).filter(text => !/kaniko/.test(text));
  assert.equal(docker.length, 3);
  for (const text of docker) assert.match(text, /^\? .*cannot tell/);
});

test('jobs of workflows are drawn in the words of GitHub', () => {
  const workflow =
    'on: push\njobs:\n  image:\n    runs-on: ubuntu-latest\n    steps:\n      - run: docker build .\n';
  const path = '.github/workflows/ci.yml';
  const at = projectOf([[path, workflow]]);
  assert.deepEqual(at.lines(path)[0]?.texts, ["✓ machine's own daemon · /var/run/docker.sock"]);
  const data = /base64,([\w+/=]+)/.exec(at.overview(SHOWING))?.[1] ?? '';
  const picture = Buffer.from(data, 'base64').toString();
  assert.match(picture, />runner ubuntu-latest</);
  assert.doesNotMatch(picture, /executor/);
});
