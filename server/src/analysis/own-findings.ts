/** Findings about files as such: what cannot be parsed, `.drydock.yml`, and ignores. */
import type { Dialect, Problem, Unit } from '../dialects/dialect.js';
import type { ScaleSet } from '../model/build-site.js';
import type { Finding, Severity } from '../model/finding.js';
import { type Place, placeKey } from '../model/known.js';
import type { Block } from '../syntax/tree.js';
import type { DrydockConfig } from './config.js';
import { type CommentIgnore, holds } from './ignores.js';

function finding(rule: string, severity: Severity, place: Place, message: string): Finding {
  return { rule, severity, confidence: 'high', message, place, related: [], fixes: () => [] };
}

export function syntaxFindings(unit: Unit, dialect: Dialect): readonly Finding[] {
  const block = unit.tree.documents[0]?.blocks[0]?.block;
  if (!block) return [];
  return dialect
    .syntaxErrors(unit)
    .map(({ start, end, message }) =>
      finding('toml-syntax', 'error', { path: unit.path, block, start, end }, message),
    );
}

/** What dialects found wrong with files as such; the same place once, however many pipelines take it in. */
export function problemFindings(problems: readonly Problem[]): readonly Finding[] {
  const once = new Map(problems.map(problem => [`${problem.id} ${placeKey(problem.place)}`, problem]));
  return [...once.values()].map(({ id, place, message, related, fixes }) => ({
    ...finding(id, 'error', place, message),
    related: related ?? [],
    fixes: () => fixes ?? [],
  }));
}

export function invalidConfig(config: DrydockConfig): readonly Finding[] {
  return [
    ...config.problems.map(({ place, message }) => finding('config-invalid', 'warning', place, message)),
    ...config.ignores
      .filter(({ reason }) => reason === undefined)
      .map(({ place, rule }) =>
        finding(
          'ignore-without-reason',
          'warning',
          place,
          `This ignore of ${rule} gives no "reason", so it does not count.`,
        ),
      ),
  ];
}

/** Runners that are declared and not to be found; without them jobs are judged as if nothing were known. */
export function missingRunners(
  config: DrydockConfig,
  runners: readonly Pick<ScaleSet, 'path' | 'name'>[],
  has: (path: string) => boolean,
): readonly Finding[] {
  // What cannot be read whole may say anything about its runners.
  if (config.broken) return [];
  return config.runners.flatMap(({ place, config: path, entry }) => {
    if (path === undefined || runners.some(one => one.path === path && (!entry || one.name === entry)))
      return [];
    const message = !has(path)
      ? `There is no file "${path}", so nothing is known of this runner.`
      : entry === undefined
        ? `"${path}" holds no runner.`
        : `"${path}" holds no runner with the name "${entry}".`;
    return [finding('config-invalid', 'warning', place, message)];
  });
}

export function expiredIgnores(config: DrydockConfig, today: string): readonly Finding[] {
  return config.ignores
    .filter(({ until }) => until !== undefined && until < today)
    .map(({ place, rule, until }) =>
      finding('ignore-expired', 'warning', place, `This ignore of ${rule} held until ${until}.`),
    );
}

export function unusedEntries(
  config: DrydockConfig,
  used: ReadonlySet<Place>,
  today: string,
): readonly Finding[] {
  return config.ignores
    .filter(ignore => holds(ignore, today) && !used.has(ignore.place))
    .map(({ place, rule }) =>
      finding('ignore-unused', 'info', place, `Nothing here is reported by ${rule} any more.`),
    );
}

function commentPlace(path: string, block: Block, { start, end }: CommentIgnore): Place {
  return { path, block, start, end };
}

/** Places of comments count from the start of the file, not of a block. */
export function unusedComment(path: string, block: Block, ignore: CommentIgnore): Finding {
  const what =
    ignore.rule === ''
      ? 'This comment names no rule.'
      : `Nothing on this line is reported by ${ignore.rule}.`;
  return finding('ignore-unused', 'info', commentPlace(path, block, ignore), what);
}

export function unreasonedIgnore(path: string, block: Block, ignore: CommentIgnore): Finding {
  const message =
    ignore.rule === ''
      ? 'This ignore names no rule, so it does not count.'
      : `This ignore of ${ignore.rule} gives no reason, so it does not count; write it behind "--".`;
  return finding('ignore-without-reason', 'warning', commentPlace(path, block, ignore), message);
}
