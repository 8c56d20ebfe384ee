/** Checks the sites of a file, in all the ways in which each of them runs. */
import type { SiteSource } from '../dialects/dialect.js';
import type { BuildSite } from '../model/build-site.js';
import type { Finding } from '../model/finding.js';
import type { FileState } from './file-state.js';
import { type Available, pairing, placed } from './pairing.js';
import { type CheckedSite, checkSite, type RuleRun, soften } from './run-rules.js';

/** Sites by the part of their key that they share, then by name. */
export type KeptSites = Map<string, SitesByName>;

type SitesByName = Map<string, { readonly key: string; readonly sites: readonly CheckedSite[] }>;

/** Works out the sites of a file; those whose inputs did not change are taken over. */
export function checkSites(
  file: FileState,
  sources: readonly SiteSource[],
  available: Available,
  keyed: string,
  run: RuleRun,
): readonly CheckedSite[] {
  const next: KeptSites = new Map();
  const all: CheckedSite[] = [];
  let group: Group | undefined;
  for (const source of sources) {
    if (group?.shared !== source.shared) group = groupOf(file.sites, next, source.shared, keyed);
    const { name, key } = source;
    const before = group.before?.get(name);
    const kept = before?.key === key ? before : { key, sites: checkWays(source.lower(), available, run) };
    group.now.set(name, kept);
    for (const site of kept.sites) all.push(site);
  }
  file.sites = next;
  return all;
}

interface Group {
  readonly shared: string;
  readonly before: SitesByName | undefined;
  readonly now: SitesByName;
}

function groupOf(before: KeptSites, next: KeptSites, shared: string, keyed: string): Group {
  const key = `${shared}|${keyed}`;
  const now = next.get(key) ?? new Map();
  next.set(key, now);
  return { shared, before: before.get(key), now };
}

function checkWays(sites: readonly BuildSite[], available: Available, run: RuleRun): readonly CheckedSite[] {
  return inEveryWay(
    sites.map(found => {
      const site = placed(found, available);
      return checkSite(site, pairing(site, available), run);
    }),
  );
}

/**
 * Of the ways that rules allow only one comes true, so what is not found in all of them is not certain. What helps one
 * way of a job may harm another, so it is not offered.
 */
function inEveryWay(ways: readonly CheckedSite[]): readonly CheckedSite[] {
  // Sites that are lowered together need not be ways of one.
  if (ways.length < 2 || ways.every(({ site }) => site.way === undefined)) return ways;
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
