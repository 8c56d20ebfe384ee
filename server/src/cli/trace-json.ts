/** The json report of `trace`; scripts depend on its shape. */
import { toJson } from './json.js';
import type { SiteRow } from './trace.js';

export function traceJson(rows: readonly SiteRow[]): string {
  return toJson({ version: 1, sites: rows.map(siteJson) });
}

function siteJson({ row, at, sources }: SiteRow) {
  const { dialect, site, from, strategy, client, daemon, runner, verdict, failure, missing, assumptions } =
    row;
  return {
    path: at.path,
    dialect,
    site,
    range: at.range,
    from,
    strategy,
    client,
    daemon,
    runner: runner && { ...runner, path: runner.path === '' ? '' : sources.shown(runner.path) },
    verdict,
    ...(failure === undefined ? {} : { failure }),
    ...(missing.length === 0 ? {} : { missing }),
    assumptions,
    because: [...row.because, ...row.errors].map(({ message, range }) => ({
      message,
      ...(range === undefined ? at : sources.locate(range)),
    })),
  };
}
