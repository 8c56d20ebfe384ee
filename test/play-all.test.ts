/** Ways that are left out would have come to nothing new. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Completion } from '../server/src/trace/completion.js';
import { playAll } from '../server/src/trace/play-all.js';
import { random } from './support/random.js';

const BOTH = [true, false];
const WAYS: readonly Completion[] = (['docker', 'kubernetes', 'shell'] as const).flatMap(executor =>
  BOTH.flatMap(runsEntrypoint =>
    BOTH.flatMap(certificatesShared =>
      BOTH.flatMap(entrypointKept =>
        [undefined, '1'].flatMap(verify =>
          [undefined, '/certs'].map(certPath => ({
            executor,
            runsEntrypoint,
            certificatesShared,
            socket: undefined,
            client: { client: undefined, entrypointKept, verify, certPath, certDir: '' },
          })),
        ),
      ),
    ),
  ),
);

const READS: readonly ((way: Completion) => unknown)[] = [
  way => way.executor,
  way => way.runsEntrypoint,
  way => way.certificatesShared,
  way => way.client.entrypointKept,
  way => way.client.verify,
  way => way.client.certPath,
];

/** Looks at one part after the other; which comes next hangs on what was seen. */
function play(way: Completion, seed: number): string {
  const next = random(seed);
  let seen = '';
  for (let i = next.below(5); i > 0; i -= 1) {
    const read = READS[(seed + seen.length * 7 + i) % READS.length] as (way: Completion) => unknown;
    seen += ` ${read(way)}`;
  }
  return seen;
}

describe('ways of a site', () => {
  it('are all played that can differ', () => {
    let left = 0;
    for (let seed = 0; seed < 200; seed += 1) {
      const all = [...new Set(WAYS.map(way => play(way, seed)))];
      const played = playAll(WAYS, way => play(way, seed));
      assert.deepEqual([...new Set(played.map(({ result }) => result))], all);
      for (const { ways, result } of played) for (const way of ways) assert.equal(play(way, seed), result);
      left += WAYS.length - played.length;
    }
    assert.ok(left > WAYS.length * 100);
  });

  it('are played once where nothing is looked at', () => {
    const played = playAll(WAYS, () => 'the same');
    assert.deepEqual(
      played.map(({ ways, result }) => ({ ways, result })),
      [{ ways: WAYS, result: 'the same' }],
    );
  });
});
