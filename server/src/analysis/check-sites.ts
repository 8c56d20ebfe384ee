/** Checks the sites of a file, in all the ways in which each of them runs. */
import type { SiteSource } from '../dialects/dialect.js';
import type { BuildSite } from '../model/build-site.js';
import type { Finding } from '../model/finding.js';
import type { FileState } from './files.js';
import { type RunnerOffer, runnersFor } from './pairing.js';
import { type CheckedSite, checkSite, type RuleRun, soften } from './run-rules.js';

/** Works out the sites of a file; those whose inputs did not change are taken over. */
export function checkSites(
  file: FileState,
  sources: readonly SiteSource[],
  available: readonly RunnerOffer[],
  keyed: string,
  run: RuleRun,
): readonly CheckedSite[] {
  const next = new Map<string, readonly CheckedSite[]>();
  for (const source of sources) {
    const key = `${source.key}|${keyed}`;
    next.set(key, file.sites.get(key) ?? checkWays(source.lower(), available, run));
  }
  file.sites = next;
  return [...next.values()].flat();
}

function checkWays(
  sites: readonly BuildSite[],
  available: readonly RunnerOffer[],
  run: RuleRun,
): readonly CheckedSite[] {
  return inEveryWay(sites.map(site => checkSite(site, runnersFor(site, available), run)));
}

/**
 * Of the ways that rules allow only one comes true, so what is not found in all of them is not certain. What helps one
 * way of a job may harm another, so it is not offered.
 */
function inEveryWay(ways: readonly CheckedSite[]): readonly CheckedSite[] {
  if (ways.length < 2) return ways;
  const everywhere = (id: string): boolean =>
    ways.every(({ findings }) => findings.some(({ rule }) => rule === id));
  return ways.map(way => ({
    ...way,
    findings: way.findings.map(finding =>
      everywhere(finding.rule) ? finding : { ...inOneWay(way.site, finding), fixes: () => [] },
    ),
  }));
}

function inOneWay({ way }: BuildSite, finding: Finding): Finding {
  const says = finding.message.replace(/\.$/, '');
  if (way?.by !== 'rules') return { ...finding, message: way ? `${says} (with ${way.label}).` : says };
  const when = way.label ? `its rules set ${way.label}` : 'its rules set nothing';
  return { ...soften(finding), confidence: 'medium', message: `${says} (when ${when}).` };
}
