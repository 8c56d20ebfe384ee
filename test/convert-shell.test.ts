/** Runs generated scripts and what they are translated to in a real shell: both must build and push the same. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Refusal } from '../server/src/analysis/convert/refusal.js';
import { translate } from '../server/src/analysis/convert/translate.js';
import { translateForBuildah } from '../server/src/analysis/convert/translate-buildah.js';
import type { Translation } from '../server/src/analysis/convert/translation.js';
import type { BuildSite } from '../server/src/model/build-site.js';
import { Builders } from './support/builders.js';
import { type Random, random } from './support/random.js';
import { translatedScript } from './support/site.js';

const builders = new Builders();
after(() => builders.dispose());

const TARGETS: Readonly<Record<string, (site: BuildSite) => Translation>> = {
  'buildkit-rootless': site => translate(site, 'buildkit-rootless'),
  kaniko: site => translate(site, 'kaniko'),
  buildah: translateForBuildah,
};

const SCRIPTS = 60;

const IMAGES = [
  '$CI_REGISTRY_IMAGE:$TAG',
  '"$CI_REGISTRY_IMAGE:$TAG"',
  '"${CI_REGISTRY_IMAGE}:latest"',
  '$CI_REGISTRY_IMAGE',
  "'registry.example.com/shop:x'",
  'registry.example.com/a:"$TAG"',
  '"$CI_REGISTRY_IMAGE/$(echo part):${TAG%.*}"',
];
const ARGS = [
  'A=1',
  'B="$SPACED"',
  '"C=$SPACED and more"',
  '\'D=$literal "q"\'',
  'E=',
  'CI_COMMIT_SHA',
  'NOT_SET',
  'F=a\\ b',
];
const LABELS = ['l=1', '"m=$SPACED"', 'n', "'o=it'"];
const CONTEXTS = ['.', './sub', '"$CI_PROJECT_DIR"', '"./$DIR"', 'sub/', "'sub'"];
const FILES = [
  'Dockerfile',
  'docker/b.Dockerfile',
  '"$FILE"',
  '$DIR/Dockerfile',
  '"./$DIR/c.Dockerfile"',
  "'x y/Dockerfile'",
];
const LOGINS = [
  'echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"',
  'printf \'%s\' "$CI_REGISTRY_PASSWORD" | docker login --username="$CI_REGISTRY_USER" --password-stdin $CI_REGISTRY',
  'docker login -u "$CI_REGISTRY_USER" -p "$CI_REGISTRY_PASSWORD" $CI_REGISTRY',
  'docker login --username someone --password "$CI_REGISTRY_PASSWORD"',
];
const NOISE = [
  'docker info || true',
  'echo "$SPACED" # why',
  'export DOCKER_BUILDKIT=1',
  'docker version && echo ready',
  'true',
];

function flag(chance: Random, names: readonly string[], value: string): string {
  const name = chance.pick(names);
  return chance.below(2) === 0 || !name.startsWith('--') ? `${name} ${value}` : `${name}=${value}`;
}

/** One build with tags and pushes of it, in one of the many ways in which people write that. */
function script(chance: Random): string {
  const tags = [chance.pick(IMAGES), ...(chance.below(2) ? [chance.pick(IMAGES)] : [])];
  const pushes = chance.below(3) === 0;
  const options = [
    ...tags.map(tag => flag(chance, ['-t', '--tag'], tag)),
    ...(chance.below(2) ? [flag(chance, ['-f', '--file'], chance.pick(FILES))] : []),
    ...Array.from({ length: chance.below(3) }, () => flag(chance, ['--build-arg'], chance.pick(ARGS))),
    ...(chance.below(3) ? [] : [flag(chance, ['--label'], chance.pick(LABELS))]),
    ...(chance.below(3) ? [] : [flag(chance, ['--target'], '"$DIR"')]),
    ...(chance.below(3) ? [] : ['--platform linux/arm64']),
    ...(chance.below(3) ? [] : [chance.pick(['--pull', '--no-cache', '--rm', '-q'])]),
    ...(pushes ? ['--push'] : []),
  ];
  const context = chance.pick(CONTEXTS);
  const words = chance.below(2) ? [...options, context] : [context, ...options];
  const build = [
    pushes ? 'docker buildx build' : chance.pick(['docker build', 'docker image build']),
    ...words,
  ];
  const lines = [build.join(chance.pick([' ', ' \\\n  ']))];
  const alias = chance.pick(IMAGES);
  if (chance.below(3) === 0) lines.push(`docker tag ${chance.pick(tags)} ${alias}`, `docker push ${alias}`);
  if (!pushes) for (const tag of tags) if (chance.below(4)) lines.push(`docker push ${tag}`);
  const all = lines.join(chance.pick(['\n', ' && ', '\n\n', '; ', ' &&\n  ']));
  const before = [
    ...(chance.below(2) ? [chance.pick(LOGINS)] : []),
    ...(chance.below(2) ? [chance.pick(NOISE)] : []),
  ];
  const behind = chance.below(3) ? [] : [chance.pick(NOISE)];
  return [...before, all, ...behind].join('\n');
}

for (const [to, translator] of Object.entries(TARGETS)) {
  test(`${to} builds, pushes and logs in as docker does`, () => {
    let translated = 0;
    for (let seed = 1; seed <= SCRIPTS; seed++) {
      const before = script(random(seed));
      const text = tryTranslate(translator, before);
      if (text === undefined) continue;
      translated += 1;
      const [old, now] = [builders.run(before), builders.run(text)];
      const about = `seed ${seed}\n${before}\n->\n${text}`;
      assert.deepEqual(now.pushed, old.pushed, about);
      assert.deepEqual(now.built, old.built, about);
      assert.deepEqual(now.logins, old.logins, about);
      assert.equal(now.output, old.output, about);
    }
    assert.ok(translated > SCRIPTS / 2, `only ${translated} of ${SCRIPTS} were translated`);
  });
}

function tryTranslate(translator: (site: BuildSite) => Translation, before: string): string | undefined {
  try {
    return translatedScript(translator, before);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
