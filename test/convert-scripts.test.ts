/** What the lines of a script become in the words of BuildKit and kaniko, and which stop the translation. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { translate } from '../server/src/analysis/convert/translate.js';
import { translatedScript } from './support/site.js';

type Target = Parameters<typeof translate>[1];

function translated(to: Target, script: string, variables?: Readonly<Record<string, string>>): string {
  return translatedScript(site => translate(site, to), script, variables);
}

/** One line, without the parts that every command has. */
function buildctl(script: string, variables?: Readonly<Record<string, string>>): string {
  return translated('buildkit-rootless', script, variables)
    .replaceAll(/ \\\n */g, ' ')
    .replaceAll('buildctl-daemonless.sh build --frontend dockerfile.v0', 'B')
    .replaceAll(/ --local context=\. --local dockerfile=\.(?= |$)/gm, '');
}

function kaniko(script: string, variables?: Readonly<Record<string, string>>): string {
  return translated('kaniko', script, variables).replaceAll(/ \\\n */g, ' ');
}

const IMAGE = '"$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA"';
const OUTPUT = '--output "type=image,name=$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA,push=true"';

const TO_BUILDCTL: readonly (readonly [string, string])[] = [
  [`docker build -t ${IMAGE} .\ndocker push ${IMAGE}`, `B ${OUTPUT}`],
  [`docker build -t ${IMAGE} . && docker push ${IMAGE}`, `B ${OUTPUT}`],
  [`docker buildx build --push --tag=${IMAGE} .`, `B ${OUTPUT}`],
  [`docker buildx build "--tag=$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA" --push .`, `B ${OUTPUT}`],
  [`docker image build . -t ${IMAGE}\ndocker image push -q ${IMAGE}`, `B ${OUTPUT}`],
  ['docker build -t a/b:1 .\ndocker push a/b:1', 'B --output type=image,name=a/b:1,push=true'],
  ['docker build -t a/b .\ndocker push a/b:latest', 'B --output type=image,name=a/b:latest,push=true'],
  ['docker build -t $A:1 -t $A:2 .\ndocker push $A:2', 'B --output type=image,name=$A:2,push=true'],
  [
    'docker build -t $A:1 .\ndocker tag ${A}:1 "$A:2"\ndocker push $A:1\ndocker push "$A:2"',
    'B --output "type=image,\\"name=$A:1,$A:2\\",push=true"',
  ],
  [
    'docker build -t $A:1 -t $A:2 -t $A/b .\ndocker tag $A:1 $A\ndocker push --all-tags $A',
    'B --output "type=image,\\"name=$A:1,$A:2,$A\\",push=true"',
  ],
  ['timeout -k 5 600s docker build .', 'timeout -k 5 600s B'],
  ['docker buildx build --push -t $A:1 -t $A:2 .', 'B --output "type=image,\\"name=$A:1,$A:2\\",push=true"'],
  [
    'docker buildx build --push -t $A -f docker/app.Dockerfile app',
    'B --local context=app --local dockerfile=docker --opt filename=app.Dockerfile --output type=image,name=$A,push=true',
  ],
  [
    'docker buildx build --push -t $A -f "$DIR/Dockerfile" "./$DIR"',
    'B --local "context=./$DIR" --local "dockerfile=$DIR" --output type=image,name=$A,push=true',
  ],
  [
    'docker buildx build --push -t $A -f "$FILE" .',
    'B --local context=. --local "dockerfile=$(dirname "$FILE")" --opt "filename=$(basename "$FILE")" --output type=image,name=$A,push=true',
  ],
  [
    'docker buildx build --push -t $A --build-arg V=1 --build-arg "X=$Y z" --label "a=b c" --target prod --platform linux/amd64,linux/arm64 .',
    'B --opt target=prod --opt platform=linux/amd64,linux/arm64 --opt build-arg:V=1 --opt "build-arg:X=$Y z" --opt "label:a=b c" --output type=image,name=$A,push=true',
  ],
  [
    'docker buildx build --push -t $A --secret id=npm,src=.npmrc --ssh default --no-cache --progress=plain --metadata-file out.json .',
    'B --no-cache --secret id=npm,src=.npmrc --ssh default --progress plain --metadata-file out.json --output type=image,name=$A,push=true',
  ],
  [
    'docker buildx build --push -t $A --cache-from type=registry,ref=$A/cache --cache-to type=registry,ref=$A/cache,mode=max .',
    'B --import-cache type=registry,ref=$A/cache --export-cache type=registry,ref=$A/cache,mode=max --output type=image,name=$A,push=true',
  ],
  [
    'docker pull $A:latest || true\ndocker build --cache-from $A:latest --build-arg BUILDKIT_INLINE_CACHE=1 -t $A:latest .\ndocker push $A:latest',
    'B --import-cache type=registry,ref=$A:latest --export-cache type=inline --output type=image,name=$A:latest,push=true',
  ],
  ['docker build .', 'B'],
  ['docker build --pull --rm -q --load -t x .', 'B'],
  [
    'docker info\ndocker version; docker buildx create --use && docker buildx inspect --bootstrap\ndocker build .\ndocker logout $R || true\ndocker system prune -af',
    'B',
  ],
  [
    'export DOCKER_BUILDKIT=1\nDOCKER_BUILDKIT=1 HTTP=x docker build . 2>&1 | tee log',
    'HTTP=x B 2>&1 | tee log',
  ],
  ['docker --version && echo a # why\ndocker build . || exit 1 # b', 'echo a # why\nB || exit 1 # b'],
  [
    'docker build --build-arg CI_COMMIT_TAG --build-arg KNOWN .',
    'B ${CI_COMMIT_TAG+--opt "build-arg:CI_COMMIT_TAG=$CI_COMMIT_TAG"} --opt "build-arg:KNOWN=$KNOWN"',
  ],
  ['docker buildx build -o type=local,dest=out .', 'B --output type=local,dest=out'],
  ['docker buildx build -o type=registry -t $A .', 'B --output type=image,name=$A,push=true'],
];

test('builds, tags and pushes become one command of BuildKit', () => {
  for (const [script, expected] of TO_BUILDCTL)
    assert.equal(buildctl(script, { KNOWN: 'x' }), expected, script);
});

const K = '/kaniko/executor';

const TO_KANIKO: readonly (readonly [string, string])[] = [
  [
    `docker build -t ${IMAGE} .\ndocker push ${IMAGE}`,
    `${K} --context . --dockerfile Dockerfile --destination ${IMAGE}`,
  ],
  [
    'docker build -t $A:1 -t $A:2 -f ci/Dockerfile --build-arg X="a b" --label v=$V --target t --platform linux/arm64 app\ndocker push $A:1\ndocker push $A:2',
    `${K} --context app --dockerfile ci/Dockerfile --build-arg X="a b" --label v=$V --target t --custom-platform linux/arm64 --destination $A:1 --destination $A:2`,
  ],
  [
    'docker build "$CI_PROJECT_DIR/app"',
    `${K} --context "$CI_PROJECT_DIR/app" --dockerfile "$CI_PROJECT_DIR/app/Dockerfile" --no-push`,
  ],
  [
    'docker build --secret id=npm,src=.npmrc --secret=id=token,env=TOKEN .',
    `${K} --context . --dockerfile Dockerfile --secret id=npm,src=.npmrc --secret id=token,env=TOKEN --no-push`,
  ],
  [
    'docker build --no-cache --pull --progress plain --cache-from $A ./x/',
    `${K} --context ./x/ --dockerfile ./x/Dockerfile --no-push`,
  ],
];

test('builds, tags and pushes become one command of kaniko', () => {
  for (const [script, expected] of TO_KANIKO) assert.equal(kaniko(script), expected, script);
});

test('a login becomes the file in which builders look', () => {
  const pair = (user: string, password: string): string =>
    `"$(printf '%s:%s' ${user} ${password} | base64 | tr -d '\\n')"`;
  const login = (registry: string, auth: string, folder = '~/.docker'): string =>
    `mkdir -p ${folder} && printf '{"auths":{"%s":{"auth":"%s"}}}' ${registry} ${auth} > ${folder}/config.json`;
  const cases: readonly (readonly [string, string])[] = [
    ['echo "$P" | docker login -u "$U" --password-stdin $R', login('"$R"', pair('"$U"', '"$P"'))],
    ['echo -n $P | docker login --username $U --password-stdin $R', login('"$R"', pair('"$U"', '"$P"'))],
    [
      'printf \'%s\' "$P" | docker login -u u --password-stdin r.example.com',
      login('"r.example.com"', pair('"u"', '"$P"')),
    ],
    ['docker login -u "$U" -p "$P" "$R"', login('"$R"', pair('"$U"', '"$P"'))],
    [
      'docker login --username=$U --password=$P',
      login('"https://index.docker.io/v1/"', pair('"$U"', '"$P"')),
    ],
    ['docker login -u $U -p $P ghcr.io/shop', login('"ghcr.io"', pair('"$U"', '"$P"'))],
    [
      'docker login -u $U -p $P https://r.example.com:5000',
      login('"r.example.com:5000"', pair('"$U"', '"$P"')),
    ],
    [
      'docker login -u $U -p $P docker.io || exit 1',
      `${login('"https://index.docker.io/v1/"', pair('"$U"', '"$P"'))} || exit 1`,
    ],
    ['docker login -u $U --password-stdin $R <<< "$P"', login('"$R"', pair('"$U"', '"$P"'))],
    ['docker login -u $U --password-stdin $R < "$KEY"', login('"$R"', pair('"$U"', '"$(cat "$KEY")"'))],
    [
      'cat key.json | docker login -u _json_key --password-stdin $R',
      login('"$R"', pair('"_json_key"', '"$(cat "key.json")"')),
    ],
  ];
  for (const [script, expected] of cases) {
    assert.equal(buildctl(`${script}\ndocker build .`).split('\n')[0], expected, script);
    const forKaniko = expected.replaceAll('~/.docker', '/kaniko/.docker');
    assert.equal(kaniko(`${script}\ndocker build .`).split('\n')[0], forKaniko, script);
  }
});

const REFUSED: readonly (readonly [string, RegExp])[] = [
  [
    'docker build -t $A .\ndocker run $A make test\ndocker push $A',
    /docker run cannot be translated; it needs a docker daemon/,
  ],
  ['docker compose build', /docker compose cannot be translated/],
  ['docker-compose build', /docker-compose build cannot be translated/],
  ['docker-compose -f a.yml --profile x up -d', /docker-compose up cannot be translated/],
  ['docker build . && docker save x > x.tar', /docker save cannot be translated/],
  ['for d in a b; do docker build -t $A/$d $d; done', /docker build stands in a loop/],
  ['if true; then docker build .; fi', /docker build stands in a condition/],
  ['build() { docker build .; }\nbuild', /docker build stands in a function/],
  ['ID=$(docker build -q .)', /docker build stands in a substitution/],
  ['(docker build .)', /docker build stands in a subshell/],
  ['! docker build .', /docker build stands in a negation/],
  ['sh -c "docker build ."', /docker build stands in a script for another shell/],
  ['docker build . & wait', /docker build stands in a longer statement/],
  ['until docker info; do sleep 1; done\ndocker build .', /docker info stands in a loop/],
  ['docker build -t $A .\ndocker push $B', /docker push is about \$B, which no build of the job makes/],
  ['docker build -t $A .\ndocker push -a $B', /No build of the job makes a tag of \$B/],
  ['docker push $A\ndocker build -t $A .', /docker push is about \$A/],
  ['docker pull $A\ndocker tag $A $B\ndocker push $B', /docker pull fetches an image/],
  ['docker build -t $A .\n[ "$X" = y ] && docker push $A', /\[ runs between the build and docker push/],
  [
    'docker build -t $A .\ntest -f report || exit 1\ndocker push $A',
    /test runs between the build and docker push/,
  ],
  ['docker build -t $A .\ngrep -q CRITICAL scan.txt\ndocker push $A', /grep runs between/],
  ['docker build -t $A . || docker push $A', /depends on what stands before it/],
  [
    'docker build -t $A:1 .\nTAG=$(cat v)\ndocker tag $A:1 $A:$TAG\ndocker push $A:$TAG',
    /uses a variable that is set after the build/,
  ],
  ['docker build -t base a\ndocker build -t $A .\ndocker push $A', /The build of base is not pushed/],
  ['docker build --squash .', /--squash cannot be translated/],
  ['docker build --network host .', /--network cannot be translated/],
  ['docker build --add-host a:1.2.3.4 .', /--add-host cannot be translated/],
  ['docker build $ARGS -t x .', /What \$ARGS stands for in the build cannot be told/],
  ['docker build "$WHERE"', /Whether \$WHERE is a folder of the job cannot be told/],
  ['docker build https://example.com/a.git', /is a folder of the job cannot be told/],
  ['docker build - < Dockerfile', /standard input/],
  ['docker build -t x', /names no folder/],
  ['docker buildx build --push .', /names no image to push/],
  ['docker buildx build -o type=docker,dest=a.tar .', /--output type=docker,dest=a.tar cannot be translated/],
  ['docker buildx build --cache-from type=gha .', /The cache type=gha cannot be translated/],
  [
    'docker login -u a -p b r1.example.com\ndocker login -u a -p b r2.example.com\ndocker build .',
    /logs in twice/,
  ],
  ['docker login $R\ndocker build .', /User, password and registry of the login cannot be told/],
  ['docker login -u $U -p $P $CI_REGISTRY_IMAGE\ndocker build .', /name the host of the registry alone/],
  ['x || docker login -u $U -p $P $R\ndocker build .', /The login runs only when another command fails/],
  ['docker images | grep app\ndocker build .', /What docker images prints is used/],
  ['docker images > images.txt\ndocker build .', /What docker images prints is used/],
  ['sudo docker build .', /sudo is not there in the new job/],
  ['docker --context remote build .', /docker gets --context/],
  ['echo hello', /builds no image/],
  ['docker build .\nskopeo copy a b', /The job also runs skopeo/],
];

test('what cannot be translated stops it, and says why', () => {
  for (const [script, message] of REFUSED) assert.throws(() => buildctl(script), { message }, script);
});

test('a login goes where the new tool looks, or nowhere', () => {
  const login = 'docker login -u $U -p $P $R\ndocker build .';
  const message = /DOCKER_CONFIG leads the login elsewhere/;
  assert.throws(() => buildctl(login, { DOCKER_CONFIG: '/tmp/docker' }), { message });
  assert.throws(() => buildctl(`export DOCKER_CONFIG=/tmp/docker\n${login}`), { message });
});

test('kaniko is asked for nothing that it cannot do', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['docker build --ssh default .', /nothing like the keys/],
    ['docker build -o type=local,dest=out .', /nothing like results/],
    ['docker build --metadata-file m .', /nothing like a metadata file/],
    ['docker build --platform linux/amd64,linux/arm64 .', /one platform in one run/],
    ['docker build --platform $P .', /one platform in one run/],
    ['docker build a\ndocker build b', /Kaniko builds one image in a job/],
    ['mkdir -p ~/.docker\ndocker build .', /where kaniko does not look/],
  ];
  for (const [script, message] of cases) assert.throws(() => kaniko(script), { message }, script);
});
