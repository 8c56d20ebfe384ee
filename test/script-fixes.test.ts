/** Applies fixes to commands of scripts in odd forms: what they write, what they leave alone, and that a real shell then does the same. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Builders } from './support/builders.js';
import { fixed } from './support/fixed.js';

const builders = new Builders();
after(() => builders.dispose());

/** A file is taken for one of ours by what it starts. */
const HEAD = '#!/bin/sh\n# starts docker:29.7.2-dind\n';

/** `undefined`: no fix. */
const LOGINS: readonly (readonly [before: string, after: string | undefined])[] = [
  [
    'docker login -u "$CI_REGISTRY_USER" -p "$CI_REGISTRY_PASSWORD" "$CI_REGISTRY"\n',
    'printf %s "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"\n',
  ],
  [
    'docker login \\\n\t-u me \\\n\t-p \\\n\t"$CI_REGISTRY_PASSWORD" \\\n\t"$CI_REGISTRY" > log\n',
    'printf %s "$CI_REGISTRY_PASSWORD" | docker login \\\n\t-u me \\\n\t--password-stdin \\\n\t"$CI_REGISTRY" > log\n',
  ],
  [
    'sudo() { "$@"; }\nDOCKER_CONFIG="$HOME" sudo docker login -u me --password="$CI_REGISTRY_PASSWORD" && docker push a\n',
    'sudo() { "$@"; }\nprintf %s "$CI_REGISTRY_PASSWORD" | DOCKER_CONFIG="$HOME" sudo docker login -u me --password-stdin && docker push a\n',
  ],
  [
    'log_in() {\n  docker login -u "$1" -p "$2" || return 1\n}\nlog_in me "$CI_REGISTRY_PASSWORD"\n',
    'log_in() {\n  printf %s "$2" | docker login -u "$1" --password-stdin || return 1\n}\nlog_in me "$CI_REGISTRY_PASSWORD"\n',
  ],
  [
    "if docker login -u me -p 'it is' r; then echo in; fi\n",
    "if printf %s 'it is' | docker login -u me --password-stdin r; then echo in; fi\n",
  ],
  [
    'sh -c \'docker login -u me -p "$CI_REGISTRY_PASSWORD" r && echo in\'\n',
    'sh -c \'printf %s "$CI_REGISTRY_PASSWORD" | docker login -u me --password-stdin r && echo in\'\n',
  ],
  [
    'cat > other <<EOF\ndocker login -u no -p no r\nEOF\n( cd . && docker login -u me -p "$SPACED" )\n',
    'cat > other <<EOF\ndocker login -u no -p no r\nEOF\n( cd . && printf %s "$SPACED" | docker login -u me --password-stdin )\n',
  ],
  [
    'for r in a b; do docker login -u me -p "$CI_REGISTRY_PASSWORD" $r; done\n',
    'for r in a b; do printf %s "$CI_REGISTRY_PASSWORD" | docker login -u me --password-stdin $r; done\n',
  ],
  [
    'set -x\nset +x\ndocker login -u me -p "$TAG" r',
    'set -x\nset +x\nprintf %s "$TAG" | docker login -u me --password-stdin r',
  ],
  [
    'date +%Y%m%d > log\ndocker login -u me -p "$TAG" r\n',
    'date +%Y%m%d > log\nprintf %s "$TAG" | docker login -u me --password-stdin r\n',
  ],
  // The shell would print the password all the same.
  ['set -ex\ndocker login -u me -p "$TAG" r\n', undefined],
  ['set -o xtrace\ndocker login -u me -p "$TAG" r\n', undefined],
  ['bash -exc \'docker login -u me -p "$TAG" r\'\n', undefined],
  // Without a name it would ask for one, on the input that is the password now.
  ['docker login -p "$TAG" r\n', undefined],
  ['sudo -S docker login -u me -p "$TAG" r\n', undefined],
  ['docker login -u me -p "$TAG" r <<EOF\nx\nEOF\n', undefined],
  ['docker login -u me -p "$TAG" r < /dev/null\n', undefined],
  ['cat hosts | while read -r r; do docker login -u me -p "$TAG" "$r"; done\n', undefined],
  ['time docker login -u me -p "$TAG" r\n', undefined],
  // The shell outside would undo the quotes first.
  ['sh -c "docker login -u me -p $TAG r"\n', undefined],
  // It would stay on the command line of the shell outside.
  ["sh -c 'docker login -u me -p hunter r'\n", undefined],
  ['docker login -u me -p a"b"\\ c r\n', undefined],
];

for (const [before, expected] of LOGINS) {
  test(`login: ${before.trim()}`, () => {
    const result = fixed('login-password-on-command-line', HEAD + before);
    assert.equal(result, expected && HEAD + expected);
    if (result === undefined) return;
    const [was, is] = [builders.run(HEAD + before), builders.run(result)];
    assert.ok(Object.keys(was.logins).length > 0);
    assert.deepEqual(is, was);
  });
}

test('a script with the line ends of Windows keeps them', () => {
  const before = `${HEAD}docker login -u me -p $TAG r\ndocker push a\n`.replaceAll('\n', '\r\n');
  const expected = `${HEAD}printf %s "$TAG" | docker login -u me --password-stdin r\ndocker push a\n`;
  assert.equal(fixed('login-password-on-command-line', before), expected.replaceAll('\n', '\r\n'));
});

test('a script that is traced from its first line gets no fix', () => {
  const text = '#!/bin/bash -ex\n# docker:29.7.2-dind\ndocker login -u me -p "$TAG" r\n';
  assert.equal(fixed('login-password-on-command-line', text), undefined);
});

test('a build gets its output in every place where a build stands', () => {
  const rule = 'buildx-no-output';
  const create = 'docker buildx create --use\n';
  for (const line of [
    'docker buildx build -t a .\n',
    'if true; then\n\tdocker buildx build \\\n\t\t-t a .\nfi\n',
    'sh -c "docker buildx build -t a ."\n',
  ]) {
    const result = fixed(rule, HEAD + create + line);
    assert.equal(result, HEAD + create + line.replace('-t a', '--load -t a'));
  }
});

test('a builder gets its context in quotes, and none where no shell reads', () => {
  const rule = 'buildx-tls-env-context';
  const start = (words: string): string =>
    '#!/bin/sh\ndocker run -d --name e --privileged -v c:/certs/client docker:29.7.2-dind\n' +
    'docker run --link e:docker -v c:/certs/client -e DOCKER_HOST=tcp://docker:2376 -e DOCKER_TLS_VERIFY=1 ' +
    `-e DOCKER_CERT_PATH=/certs/client docker:29.7.2-cli ${words}\n`;
  assert.equal(
    fixed(rule, start("sh -c 'docker buildx create --use; docker buildx ls'")),
    start("sh -c 'docker context create ci && docker buildx create --use ci; docker buildx ls'"),
  );
  assert.equal(fixed(rule, start('docker buildx create --use')), undefined);
});

test('a variable is taken out of a script with what it stands in, and with no more', () => {
  const rule = 'buildkit-disabled';
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['DOCKER_BUILDKIT=0 docker build .', 'docker build .'],
    ['A=1 DOCKER_BUILDKIT=0 docker build', 'A=1 docker build'],
    ['DOCKER_BUILDKIT=0 A=1 docker build', 'A=1 docker build'],
    ['A=1 DOCKER_BUILDKIT=0\ndocker build .', 'A=1\ndocker build .'],
    ['export DOCKER_BUILDKIT=0\ndocker build .', 'docker build .'],
    ['export A=1 \\\n  DOCKER_BUILDKIT=0\ndocker build .', 'export A=1\ndocker build .'],
    ['export DOCKER_BUILDKIT=0 A=1\ndocker build .', 'export A=1\ndocker build .'],
    ['env DOCKER_BUILDKIT=0 docker build .', 'env docker build .'],
    ["sh -c 'DOCKER_BUILDKIT=0 docker build .'", "sh -c 'docker build .'"],
    ['f() {\n  export DOCKER_BUILDKIT=0\n}\nf\ndocker build .', undefined],
    ['export DOCKER_BUILDKIT=0 || exit 1\ndocker build .', undefined],
    ['true &&\nexport DOCKER_BUILDKIT=0\ndocker build .', undefined],
    ['declare -x DOCKER_BUILDKIT=0\ndocker build .', undefined],
    ['export DOCKER_BUILDKIT=0 # why\ndocker build .', undefined],
    ['export DOCKER_BUILDKIT=0\necho $DOCKER_BUILDKIT\ndocker build .', undefined],
    ['DOCKER_BUILDKIT=0 2>log docker build .', undefined],
  ];
  for (const [before, after] of cases) {
    assert.equal(fixed(rule, `${HEAD}${before}\n`), after && `${HEAD}${after}\n`, before);
    const windows = (text: string): string => text.replaceAll('\n', '\r\n');
    assert.equal(
      fixed(rule, windows(`${HEAD}${before}\n`)),
      after && windows(`${HEAD}${after}\n`),
      `${before}, with the line ends of Windows`,
    );
  }
});
