/** Reports unit tests in few words: what failed and why, and the counts. */

/** @param {AsyncIterable<{type: string, data: any}>} source */
export default async function* report(source) {
  let passed = 0;
  let failed = 0;
  for await (const { type, data } of source) {
    if (data?.details?.type === 'suite') continue;
    if (type === 'test:pass') passed += 1;
    if (type === 'test:fail') {
      failed += 1;
      const cause = data.details.error?.cause ?? data.details.error;
      yield `FAILED  ${data.name} (${data.file ?? ''})\n${String(cause?.stack ?? cause).replace(/^/gm, '  ')}\n`;
    }
    if (type === 'test:stderr' || type === 'test:stdout') yield data.message;
  }
  yield `unit tests: ${passed} passed, ${failed} failed\n`;
}
