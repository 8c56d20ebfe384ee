/** Seeded pseudo-random numbers, so that the same seed always writes the same files. */

/**
 * A xorshift generator with 32 bits of state.
 * @param {number} seed any integer
 */
export function random(seed) {
  let state = (Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995) | 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  return {
    /** An integer from 0 to `below` - 1. @param {number} below */
    integer: below => Math.floor(next() * below),
    /** True with the given probability. @param {number} probability */
    chance: probability => next() < probability,
    /** One of the items. @template T @param {readonly T[]} items @returns {T} */
    pick: items => items[Math.floor(next() * items.length)],
  };
}
