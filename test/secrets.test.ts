/** Plants a secret in every fixture and looks for it in everything that Drydock says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
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

function plant(path: string, text: string): string {
  if (path.endsWith('.gitlab-ci.yml')) return `${text}\n${JOB}`;
  if (path.endsWith('.toml'))
    return text.replaceAll(/^(\s*)\[\[runners\]\]/gm, `$1[[runners]]\n$1  token = "${CANARY}"`);
  return text;
}

test('no secret of a file ever reaches a message, a related place, a hover or a trace', () => {
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
  }
  assert.ok(findings > 500);
});
