/** Tests what is known about the tags of the docker image: reading, existence, pinning, comparing. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  comparable,
  DOCKER_TAGS_DATE,
  type DockerVariant,
  type DockerVersion,
  isKnownTag,
  movingTag,
  neverListed,
  newestPatch,
  parseDockerTag,
} from '../server/src/catalog/docker-tags.js';

interface TagRow {
  readonly name: string;
  readonly first: string;
  readonly last: string;
  readonly variants: readonly DockerVariant[];
  readonly alpine?: readonly string[];
  readonly windows?: readonly string[];
}

interface TagTable {
  readonly releases: readonly TagRow[];
  readonly floating: readonly { name: string; release: string; last: string; stopped?: boolean }[];
}

const DOCKER_VARIANTS: readonly DockerVariant[] = ['bare', 'cli', 'dind', 'dind-rootless', 'git', 'windows'];
const tagTable = JSON.parse(readFileSync('data/docker-image-tags.json', 'utf8')) as TagTable;
/** Every tag, spelled out from the data without the code under test. */
const everyTag = new Set(
  tagTable.releases.flatMap(spelledOut).concat(tagTable.floating.map(row => row.name)),
);

test('a tag is known exactly when the list ever had it', () => {
  assert.equal(everyTag.size, 3032);
  for (const tag of everyTag) {
    assert.ok(isKnownTag(tag), tag);
  }
  const patches = Array.from({ length: 30 }, (_, patch) => `.${patch}`);
  const lines = tagTable.releases.map(row => row.name).filter(name => /^\d+\.\d+$/.test(name));
  const names = tagTable.releases
    .map(row => row.name)
    .concat(lines.flatMap(line => patches.map(patch => line + patch)));
  for (const name of names) {
    for (const ending of [
      '',
      '-cli',
      '-dind',
      '-dind-rootless',
      '-git',
      '-rootless',
      '-alpine3.20',
      '-cli-alpine3.22',
    ]) {
      assert.equal(isKnownTag(name + ending), everyTag.has(name + ending), name + ending);
    }
  }
});

test('only a tag that can no longer appear is said to be never listed', () => {
  for (const tag of [
    '28.0.3',
    '28.0.3-dind',
    '29.4.2',
    '28-rootless',
    '26-git',
    '20.10.10-cli',
    '22-dind',
    '18.09-ce',
    '29.4-rootless',
  ]) {
    assert.equal(neverListed(tag), true, tag);
  }
  for (const tag of [
    ...everyTag,
    '28.5.3',
    '28.6-dind',
    '29.7.3',
    '29-rootless',
    '29.10.0',
    '30',
    'rootless',
    '20240101',
    'main',
  ]) {
    assert.equal(neverListed(tag), false, tag);
  }
});

test('tags that were never listed, or are known by rumour only, are not known', () => {
  for (const tag of [
    '28-rootless',
    '26-git',
    '28.0.3',
    '28.0.3-dind',
    '29.4.2',
    '20.10.10-cli',
    '29.10.0',
    '',
    '28.',
    'Latest',
  ]) {
    assert.equal(isKnownTag(tag), false, tag);
  }
});

test('every listed tag is taken apart into a version and a variant that lead back to it', () => {
  for (const row of tagTable.releases) {
    for (const tag of spelledOut(row)) {
      const { version, variant, suffix = '', floating } = parseDockerTag(tag);
      assert.equal(floating, false, tag);
      assert.ok(version !== undefined, tag);
      const numbers = [version.major, version.minor, version.patch].filter(number => number !== undefined);
      assert.deepEqual(numbers, (/^[\d.]*\d/.exec(row.name)?.[0] ?? '').split('.').map(Number), tag);
      const middle =
        variant === 'bare' || variant === 'other'
          ? ''
          : `-${variant.replace('windows', 'windowsservercore')}`;
      assert.ok(tag.endsWith(middle + suffix), tag);
      assert.equal(variant === 'other', /experimental/.test(tag), tag);
    }
  }
});

test('every name without version is floating', () => {
  for (const { name } of tagTable.floating) {
    assert.equal(parseDockerTag(name).floating, true, name);
    assert.equal(parseDockerTag(name).version, undefined, name);
  }
});

test('tags are taken apart', () => {
  assert.deepEqual(parseDockerTag('29.7.2-dind-alpine3.24'), {
    version: { major: 29, minor: 7, patch: 2 },
    variant: 'dind',
    suffix: '-alpine3.24',
    floating: false,
  });
  assert.deepEqual(parseDockerTag('18.06.3-ce-dind'), {
    version: { major: 18, minor: 6, patch: 3 },
    variant: 'dind',
    floating: false,
  });
  assert.deepEqual(parseDockerTag('28-rc-dind-rootless'), {
    version: { major: 28, prerelease: 'rc' },
    variant: 'dind-rootless',
    floating: false,
  });
  assert.deepEqual(parseDockerTag('29.0.0-rc.3-windowsservercore-ltsc2025'), {
    version: { major: 29, minor: 0, patch: 0, prerelease: 'rc.3' },
    variant: 'windows',
    suffix: '-ltsc2025',
    floating: false,
  });
  assert.deepEqual(parseDockerTag('28-rootless'), {
    version: { major: 28 },
    variant: 'other',
    suffix: '-rootless',
    floating: false,
  });
  assert.deepEqual(parseDockerTag('stable-dind'), { variant: 'dind', floating: true });
  assert.deepEqual(parseDockerTag('latest'), { variant: 'bare', floating: true });
  assert.deepEqual(parseDockerTag('main'), { variant: 'other', suffix: '-main', floating: false });
  assert.equal(parseDockerTag('20240101-build').variant, 'other');
});

test('the newest patch of a line is found', () => {
  const cases: [string, string | undefined][] = [
    ['28-dind', '28.5.2-dind'],
    ['28', '28.5.2'],
    ['28.5-dind', '28.5.2-dind'],
    ['28.0-cli', '28.0.4-cli'],
    ['27.5-cli', '27.5.1-cli'],
    ['20.10-dind', '20.10.24-dind'],
    ['20.10.16-dind', '20.10.16-dind'],
    ['20.10.16-cli', undefined],
    ['19.03-dind', '19.03.15-dind'],
    ['19.03-cli', undefined],
    ['25-git', '25.0.5-git'],
    ['26-git', undefined],
    ['dind', '29.7.2-dind'],
    ['latest', '29.7.2'],
    ['cli', '29.7.2-cli'],
    ['git', '25.0.5-git'],
    ['stable-dind-rootless', '29.7.2-dind-rootless'],
    ['29-windowsservercore', '29.7.2-windowsservercore'],
    ['29.10-dind', undefined],
    ['29.7.3-dind', undefined],
    ['30-dind', undefined],
    ['29-rc-dind', undefined],
    ['28-rootless', undefined],
    ['1-dind', '1.13.1-dind'],
  ];
  for (const [tag, expected] of cases) {
    const { version, variant } = parseDockerTag(tag);
    assert.equal(newestPatch(version, variant), expected, tag);
  }
});

test('what is proposed as newest is always a listed full version, and none of its line is newer', () => {
  for (const row of tagTable.releases) {
    const { version } = parseDockerTag(row.name);
    for (const variant of DOCKER_VARIANTS) {
      const found = newestPatch(version, variant);
      if (found === undefined) {
        continue;
      }
      assert.ok(everyTag.has(found), found);
      assert.match(found, /^\d+\.\d+\.\d+(?:-(?:cli|dind|dind-rootless|git|windowsservercore))?$/);
      assert.ok(compareNames(found, row.name) >= 0 || row.name.split('.').length < 3, `${row.name} ${found}`);
    }
  }
});

test('versions compare, and a number that is not stated is the newest of its line', () => {
  const ascending = [
    '1.13.1',
    '17.03.0',
    '18.09.9',
    '19.03.0-beta1',
    '19.03.0-rc1',
    '19.03.0',
    '19.03.15',
    '19.03',
    '20.10.2',
    '20.10.10',
    '23.0.0-rc.1',
    '23.0.0-rc.10',
    '23.0.0',
    '23',
    '29-rc',
    '29',
  ];
  ascending.forEach((name, index) => {
    ascending.forEach((other, otherIndex) => {
      assert.equal(Math.sign(compareNames(name, other)), Math.sign(index - otherIndex), `${name} ${other}`);
    });
  });
});

test('names that have stopped stand for the release that they last had', () => {
  assert.deepEqual(movingTag('stable-dind'), { release: '19.03.14', last: '2020-12-02', stopped: true });
  assert.deepEqual(movingTag('git'), { release: '25.0.5', last: '2024-03-20', stopped: true });
  assert.equal(movingTag('dind')?.stopped, false);
  assert.equal(movingTag('28-dind'), undefined);
  for (const { name, release, last, stopped = false } of tagTable.floating) {
    assert.deepEqual(movingTag(name), { release, last, stopped });
    assert.equal(last === DOCKER_TAGS_DATE && stopped, false, name);
  }
});

function spelledOut({ name, variants, alpine = [], windows = [] }: TagRow): string[] {
  const plain = variants.map(variant => (variant === 'bare' ? name : `${name}-${variant}`));
  const onAlpine = plain.filter(tag => !/-(?:git|dind-rootless)$/.test(tag));
  return [
    ...plain,
    ...onAlpine.flatMap(tag => alpine.map(version => `${tag}-alpine${version}`)),
    ...windows.map(version =>
      version === '' ? `${name}-windowsservercore` : `${name}-windowsservercore-${version}`,
    ),
  ];
}

function compareNames(a: string, b: string): number {
  return comparable(versionOf(a), versionOf(b));
}

function versionOf(tag: string): DockerVersion {
  const { version } = parseDockerTag(tag);
  assert.ok(version !== undefined, tag);
  return version;
}
