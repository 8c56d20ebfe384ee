/** The report of `check` as SARIF 2.1.0, for code scanning and for viewers. */
import type { ReportedFinding, ReportedFix, RuleInfo } from '../analysis/index.js';
import type { Severity } from '../model/finding.js';
import type { FileReport } from './findings.js';
import { fingerprints } from './fingerprints.js';
import { toJson } from './json.js';
import type { LineRange, Located, Sources } from './sources.js';

const LEVELS: Readonly<Record<Severity, string>> = { info: 'note', warning: 'warning', error: 'error' };

/**
 * One run with the rules that found something. Paths count from the current folder, which is to be the root of the
 * repository. Format: OASIS SARIF 2.1.0; what GitHub reads of it: docs.github.com, SARIF support for code scanning.
 */
export function checkSarif(
  files: readonly FileReport[],
  rules: readonly RuleInfo[],
  version: string,
): string {
  const found = new Set(files.flatMap(({ findings }) => findings.map(({ rule }) => rule)));
  const used = rules.filter(({ id }) => found.has(id));
  const index = new Map(used.map(({ id }, i) => [id, i]));
  return toJson({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Drydock', version, rules: used.map(descriptor) } },
        columnKind: 'utf16CodeUnits',
        results: files.flatMap(file => results(file, index)),
      },
    ],
  });
}

function descriptor({ id, title, why, remedy, severity, sources }: RuleInfo) {
  const links = sources.map(source => `- ${source}`).join('\n');
  const [first] = sources.filter(source => source.startsWith('https://'));
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: `${why}\n\n${remedy}`, markdown: `${why}\n\n${remedy}\n\n${links}` },
    ...(first === undefined ? {} : { helpUri: first }),
    defaultConfiguration: { level: LEVELS[severity] },
  };
}

function results(file: FileReport, index: ReadonlyMap<string, number>) {
  const { sources } = file;
  const ids = fingerprints(file);
  return file.findings.map((finding, i) => {
    const related = finding.related.map(({ message, ...range }, id) => ({
      id,
      ...location(sources.locate(range)),
      message: { text: message },
    }));
    const fixes = finding.fixes().map(fix => fixOf(fix, sources));
    return {
      ruleId: finding.rule,
      ruleIndex: index.get(finding.rule) ?? -1,
      level: LEVELS[finding.severity],
      message: { text: finding.message },
      locations: [location(sources.locate(finding))],
      ...(related.length > 0 ? { relatedLocations: related } : {}),
      partialFingerprints: { 'drydock/v1': ids[i] },
      ...(fixes.length > 0 ? { fixes } : {}),
      properties: properties(finding),
    };
  });
}

function properties({ confidence }: ReportedFinding) {
  return { confidence };
}

function location({ path, range }: Located) {
  return { physicalLocation: { artifactLocation: artifact(path), region: region(range) } };
}

/** Paths are URIs here. */
function artifact(path: string) {
  return { uri: path.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' };
}

/** Lines and columns from 1; the end is the column behind the last character. */
function region({ start, end }: LineRange) {
  return {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}

function fixOf({ title, edits }: ReportedFix, sources: Sources) {
  return {
    description: { text: title },
    artifactChanges: edits.map(({ path, edits: inFile }) => ({
      artifactLocation: artifact(sources.shown(path)),
      replacements: inFile.map(({ start, end, newText }) => ({
        deletedRegion: region(sources.locate({ path, start, end }).range),
        insertedContent: { text: newText },
      })),
    })),
  };
}
