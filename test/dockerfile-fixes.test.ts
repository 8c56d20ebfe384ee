/** Takes settings out of Dockerfiles, however they are written. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DockerfileParser } from 'dockerfile-ast';
import { fixed as fixedIn } from './support/fixed.js';

const fixed = (rule: string, text: string): string | undefined => fixedIn(rule, text, 'Dockerfile');

/** Everything that a Dockerfile sets. */
function settings(text: string): readonly string[] {
  return DockerfileParser.parse(text)
    .getENVs()
    .flatMap(env => env.getProperties().map(one => `${one.getName()}=${one.getValue()}`));
}

const DRIVER = 'DOCKER_DRIVER=aufs';

/** `undefined`: no fix. */
const FORMS: readonly (readonly [before: string, after: string | undefined])[] = [
  ['ENV DOCKER_DRIVER=aufs\nRUN x\n', 'RUN x\n'],
  ['ENV DOCKER_DRIVER aufs\nRUN x\n', 'RUN x\n'],
  ['# why\n  env DOCKER_DRIVER="aufs"', '# why\n'],
  ['ENV A=1 DOCKER_DRIVER=aufs B="2 3"\n', 'ENV A=1 B="2 3"\n'],
  ['ENV DOCKER_DRIVER=aufs A=1\n', 'ENV A=1\n'],
  ['ENV A=1\tDOCKER_DRIVER=aufs\n', 'ENV A=1\n'],
  ['ENV A=1 \\\n    DOCKER_DRIVER=aufs \\\n    B=2\n', 'ENV A=1 \\\n    B=2\n'],
  ['ENV A=1 \\\n\tDOCKER_DRIVER=aufs\nRUN x\n', 'ENV A=1\nRUN x\n'],
  ['ENV DOCKER_DRIVER=aufs \\\n    A=1 B=2\n', 'ENV A=1 B=2\n'],
  ['ENV A=1 DOCKER_DRIVER=aufs \\\n    B=2\n', 'ENV A=1 \\\n    B=2\n'],
  ['ENV \\\n  DOCKER_DRIVER=aufs \\\n  A=1\n', 'ENV \\\n  A=1\n'],
  [
    'ENV A=1 B=2\nRUN x\nENV C=3 DOCKER_DRIVER=aufs D=4\nENV E=5\n',
    'ENV A=1 B=2\nRUN x\nENV C=3 D=4\nENV E=5\n',
  ],
  ['ENV A=1\nENV DOCKER_DRIVER=aufs\nENV B=2\n', 'ENV A=1\nENV B=2\n'],
  // Comments stay, those that the setting had too.
  [
    'ENV A=1 \\\n    # the driver\n    DOCKER_DRIVER=aufs \\\n    # b\n\n    B=2\n',
    'ENV A=1 \\\n    # the driver\n    # b\n\n    B=2\n',
  ],
  ['ENV A=1 \\\n    # the driver\n    DOCKER_DRIVER=aufs\n', 'ENV A=1\n    # the driver\n'],
  ['ENV DOCKER_DRIVER=aufs \\\n    # a\n    A=1\n', 'ENV \\\n    # a\n    A=1\n'],
  ['ENV \\\n    # the driver\n    DOCKER_DRIVER=aufs\nRUN x\n', '    # the driver\nRUN x\n'],
  ['ENV A="1 \\\n  2" DOCKER_DRIVER=aufs C=a\\ b\n', 'ENV A="1 \\\n  2" C=a\\ b\n'],
  ['ENV A=1 \\\n    DOCKER_DRIVER=aufs \\\n', 'ENV A=1 \\\n'],
  // A template, or what docker refuses.
  ['ENV A={{ a }} DOCKER_DRIVER=aufs\n', undefined],
  // Another one would come to light, or miss it.
  ['ENV DOCKER_DRIVER=overlay2\nENV DOCKER_DRIVER=aufs\n', undefined],
  ['ENV DOCKER_DRIVER=aufs\nRUN echo ${DOCKER_DRIVER}\n', undefined],
  [
    'ENV DOCKER_DRIVER=aufs DOCKER_DRIVER_2=x\nRUN echo $DOCKER_DRIVER_2\n',
    'ENV DOCKER_DRIVER_2=x\nRUN echo $DOCKER_DRIVER_2\n',
  ],
];

for (const lineEnd of ['\n', '\r\n']) {
  for (const [before, expected] of FORMS) {
    test(`ENV: ${JSON.stringify(before.replaceAll('\n', lineEnd))}`, () => {
      const [text, wanted] = [before, expected].map(one =>
        one === undefined ? undefined : `FROM docker:29.7.2-dind\n${one}`.replaceAll('\n', lineEnd),
      );
      const result = fixed('storage-driver-leftover', text ?? '');
      assert.equal(result, wanted);
      if (result !== undefined)
        assert.deepEqual(
          settings(result),
          settings(text ?? '').filter(one => one !== DRIVER),
        );
    });
  }
}

test('the sign that joins lines may be that of Windows', () => {
  const before = '# escape=`\nFROM docker:29.7.2-dind\nENV A=1 `\n    DOCKER_DRIVER=aufs `\n    B=2\n';
  assert.equal(fixed('storage-driver-leftover', before), before.replace('    DOCKER_DRIVER=aufs `\n', ''));
});

test('of several stages the one that sets it is changed', () => {
  const stage = (env: string): string => `FROM docker:29.7.2-dind AS a\nENV A=1${env}\n`;
  const last = 'FROM docker:29.7.2-dind\nENV DOCKER_DRIVER=overlay2\n';
  assert.equal(fixed('storage-driver-leftover', stage(` ${DRIVER}`) + last), stage('') + last);
});

test('words of CMD are changed in a list, and a CMD that says nothing goes', () => {
  const from = 'FROM docker:29.7.2-dind\n';
  const rule = 'tlsverify-false-no-client-auth';
  assert.equal(fixed(rule, `${from}CMD ["--tlsverify=false"]\nUSER root\n`), `${from}USER root\n`);
  assert.equal(fixed(rule, `${from}CMD [ "--debug", \\\n  "--tlsverify=false" ]`), `${from}CMD ["--debug"]`);
});
