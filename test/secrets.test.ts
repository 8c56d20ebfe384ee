/** Plants a secret in every fixture and looks for it in everything that Drydock says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobLines } from '../server/src/analysis/index.js';
import { readFixtures } from './support/fixture.js';
import { projectOf } from './support/project.js';

const CANARY = 'canary-4711-s3cret';

/** A job that holds the secret in every place where people put one. */
const JOB = `
canary:
  image: docker:latest
  variables:
    REGISTRY_TOKEN: ${CANARY}
    DOCKER_AUTH_CONFIG: '{"auths":{"r.example":{"auth":"${CANARY}"}}}'
  script:
    - docker login -u user -p ${CANARY} registry.example.com
    - docker login -u user --password=${CANARY} registry.example.com
    - echo ${CANARY} | docker login -u user --password-stdin
    - docker build --build-arg TOKEN=${CANARY} .
`;

/** What only `jobs` shows, in places of its own. */
const SHOWN = `
canary-2:
  image: docker:latest
  services:
    - name: docker:dind
      alias: ${CANARY}
      entrypoint: [sh, -c, "start ${CANARY}"]
      variables: { POSTGRES_PASSWORD: ${CANARY}, HASH_PASSWORD: $2y$10$${CANARY}, SHORT_PASSWORD: c4n4 }
  variables: { REGISTRY_TOKEN: ${CANARY}, DB_URL: "postgres://user:${CANARY}@db/x" }
  tags: [${CANARY}]
  parallel:
    matrix:
      - DEPLOY_TOKEN: [${CANARY}-a, ${CANARY}-b]
  rules:
    - { if: $A, variables: { OTHER_TOKEN: ${CANARY}-c } }
  script:
    - 'curl -H "PRIVATE-TOKEN: ${CANARY}-d" x'
    - 'curl -H "Authorization: Bearer ${CANARY}-e" x'
    - git clone https://oauth2:${CANARY}-f@gitlab.com/x
    - curl -u user:${CANARY}-g x
    - MYSQL_PWD=${CANARY}-h mysql
    - export X_TOKEN="${CANARY}-i"
    - docker login -u u --password-stdin <<< "${CANARY}-j"
`;

function plant(path: string, text: string): string {
  if (path.endsWith('.gitlab-ci.yml')) return `${text}\n${JOB}`;
  if (path.endsWith('.toml'))
    return text.replaceAll(/^(\s*)\[\[runners\]\]/gm, `$1[[runners]]\n$1  token = "${CANARY}"`);
  return text;
}

test('no secret of a file ever reaches a message, a related place, a hover, a picture, a document or a trace', () => {
  let findings = 0;
  for (const fixture of readFixtures('test/fixtures')) {
    const texts = fixture.files.map(file => [file.path, plant(file.path, file.text)] as const);
    const project = projectOf(texts);
    for (const file of project.check()) {
      for (const finding of file.findings) {
        findings += 1;
        const said = [
          finding.message,
          ...finding.related.map(({ message }) => message),
          ...finding.fixes().map(({ title }) => title),
        ];
        assert.ok(!said.join('\n').includes(CANARY), `${fixture.name}: ${finding.rule}`);
      }
      const text = project.text(file.path) ?? '';
      for (let offset = 0; offset < text.length; offset += 5) {
        assert.ok(
          !project.hover(file.path, offset)?.markdown.includes(CANARY),
          `${fixture.name}: hover at ${offset}`,
        );
      }
    }
    assert.ok(!JSON.stringify(project.trace()).includes(CANARY), `${fixture.name}: trace`);
    const lines = texts.flatMap(([path]) => project.lines(path).flatMap(({ texts }) => texts));
    const overview = project.overview({ theme: 'dark' });
    const pictures = Array.from(overview.matchAll(/base64,([\w+/=]+)/g), ([, data = '']) =>
      Buffer.from(data, 'base64').toString(),
    );
    for (const shown of [...lines, overview, ...pictures])
      assert.ok(!shown.includes(CANARY), `${fixture.name}: what is shown`);
  }
  assert.ok(findings > 500);
});

/** A job with all that its holders keep in maps. */
function asText(job: unknown): string {
  return JSON.stringify(job, (key, value: unknown) =>
    key === 'origin' || key === 'place' ? undefined : value instanceof Map ? [...value] : value,
  );
}

test('no secret of a pipeline is shown with its jobs', () => {
  const jobs = projectOf([['.gitlab-ci.yml', `${JOB}${SHOWN}`]]).jobs();
  assert.equal(jobs.length, 2);
  for (const row of jobs) {
    assert.doesNotMatch(asText(row.job), /canary-4711|c4n4/, row.job.name);
    assert.doesNotMatch(JSON.stringify(jobLines(row)), /canary-4711|c4n4/, row.job.name);
  }
});

test('what only looks like a secret is shown', () => {
  const [row] = projectOf([
    [
      '.gitlab-ci.yml',
      'job:\n  variables: { A_TOKEN: $CI_JOB_TOKEN, USE_AUTH: "true" }\n  script:\n    - docker run -u 1000:1000 x\n    - docker login -u u -p $A_TOKEN r\n',
    ],
  ]).jobs();
  assert.doesNotMatch(asText(row?.job), /\[secret\]/);
});
