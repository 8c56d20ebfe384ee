/** The door to what shows traces to people: lines, pictures and the document of all jobs. Loaded when first asked for. */
import type { Finding } from '../model/finding.js';
import type { Place } from '../model/known.js';
import type { Trace } from '../trace/types.js';
import type { Range, SiteLine, Theme } from './api.js';
import { distinctTraces } from './distinct-traces.js';
import type { ErrorsBeside } from './errors-beside.js';
import type { Wording } from './explain.js';
import { overviewOf } from './overview.js';
import { pictureMarkdown } from './picture.js';
import type { CheckedSite } from './run-rules.js';
import { lineOf } from './summary.js';
import { topologyOf } from './topology.js';

/** A trace as one line, with what goes wrong in its site whatever becomes of the daemon. */
export function summaryOf(trace: Trace, errors: readonly Finding[]): string {
  return lineOf(topologyOf(trace, errors));
}

/** More lines would not stand beside each other. */
const MOST_LINES = 3;

/** The lines of each site that one file names, in the order of the sites. Templates have none. */
export function linesOf(
  path: string,
  sites: readonly CheckedSite[],
  { errors, range }: LineContext,
): readonly SiteLine[] {
  const byPlace = new Map<number, SiteLine>();
  for (const checked of sites) {
    const { site } = checked;
    if (site.path !== path || site.hidden) continue;
    const texts = textsOf(checked, errors(checked));
    const at = texts.length > 0 ? range(site.place) : undefined;
    if (!at) continue;
    const before = byPlace.get(at.start)?.texts ?? [];
    byPlace.set(at.start, { ...at, texts: [...new Set([...before, ...texts])] });
  }
  return [...byPlace.values()].map(line => {
    const more = line.texts.length - MOST_LINES;
    return more > 0 ? { ...line, texts: [...line.texts.slice(0, MOST_LINES), `and ${more} more`] } : line;
  });
}

export interface LineContext {
  readonly errors: ErrorsBeside;
  readonly range: (place: Place) => Range | undefined;
}

interface Kept {
  readonly errors: string;
  readonly texts: readonly string[];
}

const kept = new WeakMap<CheckedSite, Kept>();

/** The lines of one site, which are asked for anew whenever the author pauses, though few sites have changed. */
function textsOf(checked: CheckedSite, beside: readonly Finding[]): readonly string[] {
  const errors = beside.map(({ rule }) => rule).join();
  const known = kept.get(checked);
  if (known?.errors === errors) return known.texts;
  const rows = distinctTraces(checked.traces.filter(({ serves }) => !serves));
  const several = new Set(rows.map(({ runner }) => runner?.runner.name)).size > 1;
  const texts = rows.map(row => {
    const on = several && row.runner ? ` on ${row.runner.runner.name}` : '';
    return summaryOf(row, beside) + on;
  });
  kept.set(checked, { errors, texts });
  return texts;
}

/** A picture of a trace as Markdown, with `sentences` for those who cannot see it. */
export function tracePicture(
  trace: Trace,
  errors: readonly Finding[],
  theme: Theme,
  sentences: string,
): string {
  return pictureMarkdown(topologyOf(trace, errors), theme, sentences);
}

/** The document of all jobs as Markdown. */
export function allJobs(sites: readonly CheckedSite[], wording: Wording, theme: Theme): string {
  return overviewOf(sites, wording, theme);
}
