/** What the lines of a script become in the words of Buildah, and which stop the translation. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { translateForBuildah } from '../server/src/analysis/convert/translate-buildah.js';
import { translatedScript } from './support/site.js';

const buildah = (script: string, variables?: Readonly<Record<string, string>>): string =>
  translatedScript(translateForBuildah, script, variables);
const R = '$CI_REGISTRY_IMAGE';

test('docker and Buildah have the same commands', () => {
  const cases: readonly (readonly [string, string])[] = [
    [
      `docker build -t ${R}:1 .\ndocker push ${R}:1`,
      `buildah build --layers -t ${R}:1 .\nbuildah push ${R}:1`,
    ],
    [
      'docker build \\\n  --pull \\\n  --progress plain \\\n  --build-arg A="b c" \\\n  -f x/Dockerfile -q . # why',
      'buildah build --layers \\\n  --pull \\\n  --build-arg A="b c" \\\n  -f x/Dockerfile -q . # why',
    ],
    [
      `docker buildx build --push -t ${R}:1 -t "${R}:2" .`,
      `buildah build --layers -t ${R}:1 -t "${R}:2" . && buildah push ${R}:1 && buildah push "${R}:2"`,
    ],
    ['docker image build --load .\ndocker image tag a b', 'buildah build --layers .\nbuildah tag a b'],
    [
      'echo "$P" | docker login -u "$U" --password-stdin $CI_REGISTRY && docker build .',
      'echo "$P" | buildah login -u "$U" --password-stdin $CI_REGISTRY && buildah build --layers .',
    ],
    [
      'docker login -u $U -p $P\ndocker build .',
      'buildah login -u $U -p $P docker.io\nbuildah build --layers .',
    ],
    [
      'docker login -u $U -p $P "ghcr.io/shop"\ndocker build .',
      'buildah login -u $U -p $P ghcr.io\nbuildah build --layers .',
    ],
    [
      'docker build --secret id=a,src=.a --secret "id=b,src=$B" --secret=id=c,env=C --secret id=d .',
      'buildah build --layers --secret id=a,src=.a,type=file --secret "id=b,src=$B,type=file" --secret=id=c,env=C --secret id=d .',
    ],
    [
      'for d in a b; do docker build -t $d ./$d; done',
      'for d in a b; do buildah build --layers -t $d ./$d; done',
    ],
    [
      `if x; then docker push ${R}; fi\ndocker build .`,
      `if x; then buildah push ${R}; fi\nbuildah build --layers .`,
    ],
    ['docker pull $A || true\nDOCKER_BUILDKIT=1 docker build --cache-from $A .', 'buildah build --layers .'],
    [
      'docker info\nexport DOCKER_BUILDKIT=1\ndocker build .\ndocker rmi x || true',
      'buildah build --layers .',
    ],
    [
      'docker buildx build -o type=local,dest=out --platform linux/arm64 .',
      'buildah build --layers -o type=local,dest=out --platform linux/arm64 .',
    ],
  ];
  for (const [script, expected] of cases) assert.equal(buildah(script), expected, script);
});

test('what Buildah would do in another way stops the translation', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['docker build -t u/a .\ndocker push u/a', /write docker\.io\/u\/a/],
    ['docker build -t $A .\ndocker push $A', /Which registry \$A is in cannot be told/],
    ['docker build --platform linux/amd64,linux/arm64 .', /several platforms/],
    ['docker build --shm-size 1g .', /--shm-size cannot be translated/],
    ['docker build . ; docker run x', /docker run cannot be translated/],
    ['if x; then docker buildx build --push -t $CI_REGISTRY_IMAGE .; fi', /stands in a condition/],
    ['docker buildx build --push -t $CI_REGISTRY_IMAGE . | tee log', /takes several commands/],
    ['until docker info; do sleep 1; done; docker build .', /docker info stands in a loop/],
    ['sh -c "docker build ."', /a script for another shell/],
    ['sudo docker build .', /sudo is not there/],
    ['docker build - < Dockerfile', /standard input/],
    ['docker push --all-tags $CI_REGISTRY_IMAGE\ndocker build .', /--all-tags, which cannot be translated/],
  ];
  for (const [script, message] of cases) assert.throws(() => buildah(script), { message }, script);
});

test('the registry of an image is told by what its variables hold', () => {
  const script = 'docker build -t $IMAGE:1 .\ndocker push $IMAGE:1';
  const expected = 'buildah build --layers -t $IMAGE:1 .\nbuildah push $IMAGE:1';
  for (const image of [
    '$CI_REGISTRY_IMAGE/app',
    'r.example.com/$TEAM',
    '$ACCOUNT.dkr.ecr.eu-west-1.amazonaws.com/app',
  ])
    assert.equal(buildah(script, { IMAGE: image }), expected, image);
  for (const image of ['$ELSEWHERE/app', 'shop/app'])
    assert.throws(() => buildah(script, { IMAGE: image }), /registry/, image);
});
