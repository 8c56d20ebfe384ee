/** Holds what the engine says about the examples of the docs against what was judged by hand, and their page up to date. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { test } from 'node:test';
import type { ReportedFinding, TraceRow } from '../server/src/analysis/index.js';

interface Example {
  readonly folder: string;
  /** By hand: `site verdict failure`, in the order of the file. */
  readonly judged: readonly string[];
  /** By hand: the rules that speak. */
  readonly findings: readonly string[];
  readonly do: string;
  readonly traces: readonly TraceRow[];
  readonly found: readonly ReportedFinding[];
}

const generator = createRequire(resolve('package.json'))('./scripts/generate-examples.mjs') as {
  examples(): readonly Example[];
  examplePages(): ReadonlyMap<string, string>;
};
const examples = generator.examples();

for (const { folder, judged, findings, traces, found } of examples) {
  test(`example ${folder} comes to what was judged by hand`, () => {
    const verdicts = traces.map(({ site, verdict, failure }) =>
      [site, verdict, failure].filter(Boolean).join(' '),
    );
    assert.deepEqual(verdicts, judged);
    assert.deepEqual([...new Set(found.map(({ rule }) => rule))].sort(), findings);
  });
}

test('every folder of examples is on the list, and every one says what to do', () => {
  const folders = readdirSync('docs/examples', { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => name);
  assert.deepEqual(examples.map(({ folder }) => folder).sort(), folders.sort());
  assert.deepEqual(
    examples.filter(one => one.do === '').map(({ folder }) => folder),
    [],
  );
});

test('the page of the examples is up to date', () => {
  for (const [path, text] of generator.examplePages()) {
    assert.equal(readFileSync(path, 'utf8'), text, 'run `npm run generate`');
  }
});
