/** Where the benchmark types and hovers in a generated pipeline. */

const TYPED = 'abcdefghij';
const PLACES = 10;

/**
 * @typedef {{ line: number, character: number, text: string }} Edit an insertion; zero-based, UTF-16
 */

/**
 * Key presses at the ends of `echo` lines: some in one job, then some in the next, over the whole file.
 * No text ever comes back, so a server cannot answer from what it kept.
 * @param {string} text
 * @param {number} count
 * @returns {Edit[]}
 */
export function editsInJobs(text, count) {
  const all = places(text, /^ {4}- echo /);
  const wanted = Math.min(PLACES, all.length);
  const spots = Array.from({ length: wanted }, (_, index) => all[Math.floor((all.length * index) / wanted)]);
  return spots.flatMap(spot => typing(spot, Math.ceil(count / wanted))).slice(0, count);
}

/**
 * Key presses in a value under the global `variables:`, which every job can see.
 * @param {string} text
 * @param {number} count
 * @returns {Edit[]}
 */
export function editsInGlobals(text, count) {
  return typing(places(text, /^ {2}RELEASE_CHANNEL: /)[0], count);
}

/**
 * Places on keys that say how containers are built, spread over the file.
 * @param {string} text
 * @param {number} count
 * @returns {{ line: number, character: number }[]} zero-based, UTF-16
 */
export function hoverPlaces(text, count) {
  const all = places(text, /^ +(?:image|services|DOCKER_HOST|DOCKER_TLS_CERTDIR|name|extends):/);
  return Array.from({ length: count }, (_, index) => {
    const { line, indent } = all[Math.floor((all.length * index) / count)];
    return { line, character: indent + 1 };
  });
}

function places(text, pattern) {
  return text
    .split('\n')
    .map((content, line) => ({ content, line, indent: content.search(/\S/), length: content.length }))
    .filter(({ content }) => pattern.test(content));
}

function typing({ line, length }, count) {
  return Array.from({ length: count }, (_, index) => ({
    line,
    character: length + index,
    text: TYPED[index % TYPED.length],
  }));
}
