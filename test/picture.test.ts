/** Draws the golden pictures of all topologies, and names that are long, written from right to left, or hostile. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { drawTopology, pictureOf, pictureUri } from '../server/src/analysis/picture.js';
import { fitted, widthOf } from '../server/src/analysis/picture-text.js';
import { type Topology, topologyOf } from '../server/src/analysis/topology.js';
import { CASES } from './picture-cases.js';
import { GOOD, traceJob } from './trace-case.js';

const FOLDER = 'test/pictures';

for (const { name, job, config } of CASES) {
  test(`picture: ${name}`, () => {
    const indented = job.split('\n').map(line => `  ${line}`);
    const [trace] = traceJob(`job:\n${indented.join('\n')}\n`, config);
    assert.ok(trace);
    for (const theme of ['light', 'dark'] as const) {
      const picture = pictureOf(trace, theme);
      const path = `${FOLDER}/${name}.${theme}.svg`;
      if (process.env.UPDATE) {
        mkdirSync(FOLDER, { recursive: true });
        writeFileSync(path, `${picture}\n`);
      }
      assert.equal(`${picture}\n`, readFileSync(path, 'utf8'));
    }
  });
}

const [DIND] = traceJob(
  'job:\n  image: docker:29.7.2-cli\n  services: [docker:29.7.2-dind]\n  script: [docker build .]\n',
  GOOD,
);

/** The picture of a topology with other texts. */
function drawn(change: Partial<Topology>): string {
  assert.ok(DIND);
  return drawTopology({ ...topologyOf(DIND, []), ...change }, 'dark');
}

test('picture: no text of others gets out of its place', () => {
  const hostile = '</text><script>alert("1" & \'2\')</script>\u202e\u0000\ud800\uffff';
  const picture = drawn({
    name: hostile,
    image: hostile,
    way: hostile,
    dial: { endpoint: hostile, tls: 'none' },
  });
  assert.doesNotMatch(picture, /<script|[\u0000-\u0008\u202e\ud800-\udfff\uffff]/);
  const tags = [...picture.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)].filter(([, , , self]) => self !== '/');
  assert.equal(tags.filter(([, end]) => end === '/').length * 2, tags.length, 'every tag is closed');
});

test('picture: a text is shortened in its middle and keeps its characters whole', () => {
  assert.equal(fitted('docker:29.7.2-dind', 200, 11, 'mono'), 'docker:29.7.2-dind');
  const shown = fitted(`${'a'.repeat(50)}👩‍👩‍👧‍👦${'z'.repeat(50)}`, 80, 11);
  assert.match(shown, /^a+…z+$/);
  const families = fitted('👩‍👩‍👧‍👦'.repeat(200), 300, 11);
  assert.match(families, /^(?:👩‍👩‍👧‍👦)+…(?:👩‍👩‍👧‍👦)+$/u);
  assert.ok(widthOf(fitted('x'.repeat(1_000_000), 90, 11), 11) <= 90);
});

test('picture: stays small enough for a hover, whatever there is to show', () => {
  const beside = Array.from({ length: 10_000 }, (_, i) => ({ image: `${i}`.repeat(200), openings: [] }));
  const name = 'שלום '.repeat(40);
  assert.ok(pictureUri(drawn({ beside, name, way: name })).length < 20_000);
});

test('picture: a data URI that holds the picture as UTF-8', () => {
  const uri = pictureUri(drawn({ name: 'בנייה' }));
  const [, data = ''] = /^data:image\/svg\+xml;base64,([\w+/=]+)$/.exec(uri) ?? [];
  assert.match(Buffer.from(data, 'base64').toString('utf8'), />בנייה</);
});
