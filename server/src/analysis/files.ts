/** The files of a project together: what each is taken for, which others take it in, and what it lowers to. */
import type { Dialect, Link, LinkedFile, OutsideVariables } from '../dialects/dialect.js';
import { dialectById, dialects } from '../dialects/index.js';
import type { DialectId } from '../model/build-site.js';
import type { EffectiveJob } from '../model/effective.js';
import { CONFIG_NAME } from './candidates.js';
import type { DrydockConfig } from './config.js';
import { type LoweredParts, lowerParts } from './embedded.js';
import { type FileState, linksOf, plainTree, type Step, treeOf, unitOf } from './file-state.js';
import { type Checkouts, includeMatcher, isPattern, mayLookFor, pathsFor, targetOf } from './follow.js';
import { matcher } from './globs.js';

/** Takes every file for what it is: by hand, by `files:` in the configuration, by itself, or because one of ours includes it. */
export function recogniseAll(
  files: ReadonlyMap<string, FileState>,
  config: DrydockConfig,
  associations: ReadonlyMap<string, DialectId>,
): void {
  const globs = config.files.map(({ dialect, globs }) => {
    const matchers = globs.map(matcher);
    return { dialect, matches: (path: string) => matchers.some(matches => matches(path)) };
  });
  for (const file of files.values()) {
    const given = associations.get(file.path) ?? globs.find(({ matches }) => matches(file.path))?.dialect;
    const own = itself(file);
    // Several readers share an id, and the file says by itself which it needs.
    const taken = given === undefined || own?.id === given ? own : dialectById(given);
    file.dialect = CONFIG_NAME.test(file.path) ? undefined : taken;
    file.included = false;
  }
  const queue = [...files.values()].filter(file => file.dialect !== undefined);
  const links = new Map<string, readonly FileState[]>();
  for (const file of queue) {
    const taken: FileState[] = [];
    for (const { kind, linked } of linkedFiles(file, files, config.projects)) {
      // A file of which others use a part may be one of its own as well.
      if (kind === 'include' || linked.dialect === undefined) taken.push(linked);
      if (linked.dialect !== undefined) continue;
      linked.dialect = file.dialect;
      queue.push(linked);
    }
    links.set(file.path, taken);
  }
  markIncluded(files, links);
}

/** What a file is by its path and text, looked at once. */
function itself(file: FileState): Dialect | undefined {
  const { path, text } = file;
  if (file.seen?.text === text) return file.seen.dialect;
  file.seen = { text, dialect: dialects.find(one => one.recognise(path, text)) };
  return file.seen.dialect;
}

/** Marks the files that others include. Of files that only include each other, the first one is where it starts. */
function markIncluded(
  files: ReadonlyMap<string, FileState>,
  links: ReadonlyMap<string, readonly FileState[]>,
): void {
  const named = new Set([...links.values()].flat());
  if (named.size === 0) return;
  const reached = new Set<FileState>();
  const startAt = (start: FileState): void => {
    const queue = [start];
    reached.add(start);
    for (let file = queue.pop(); file; file = queue.pop()) {
      for (const next of links.get(file.path) ?? []) {
        if (next !== start && !startsByItself(next)) next.included = true;
        if (reached.has(next)) continue;
        reached.add(next);
        queue.push(next);
      }
    }
  };
  const ours = [...files.values()].filter(({ path }) => links.has(path));
  for (const file of ours) if (!named.has(file) || startsByItself(file)) startAt(file);
  for (const file of ours) if (!reached.has(file)) startAt(file);
}

const startsByItself = (file: FileState): boolean => file.dialect?.startsByItself?.(file) === true;

function linkedFiles(
  file: FileState,
  files: ReadonlyMap<string, FileState>,
  checkouts: Checkouts,
): readonly { readonly kind: Link['kind']; readonly linked: FileState }[] {
  return linksOf(file).flatMap(link => {
    const target = link.kind === 'variables' ? undefined : targetOf(link, file.path, checkouts);
    if (target === undefined) return [];
    return pathsFor(target, files.keys(), path => files.has(path)).flatMap(path => {
      const linked = files.get(path);
      return linked && linked !== file && !CONFIG_NAME.test(path) ? [{ kind: link.kind, linked }] : [];
    });
  });
}

/** Paths and patterns that files of the project include and that are not loaded, with inputs put in. */
export function wantedPaths(files: ReadonlyMap<string, FileState>, checkouts: Checkouts): readonly string[] {
  const wanted = new Set<string>();
  for (const file of files.values()) {
    for (const link of linksOf(file)) {
      const target = targetOf(link, file.path, checkouts);
      if (target !== undefined && !files.has(target) && mayLookFor(target, checkouts)) wanted.add(target);
    }
  }
  for (const file of files.values()) {
    // What a file was once lowered to says nothing where another one takes it in now.
    const kept = file.included ? undefined : file.lowered;
    for (const step of kept?.steps ?? []) {
      if ('path' in step) {
        // Of what a pattern stands for there may be any number, so that such files are not taken in.
        if (step.exists !== true && !isPattern(step.path)) wanted.add(step.path);
        continue;
      }
      const target = targetOf(step.link, step.from, checkouts);
      if (step.files?.length === 0 && target !== undefined && mayLookFor(target, checkouts))
        wanted.add(target);
    }
  }
  return [...wanted];
}

/** What the files come to that no other one takes in. Inputs may lead to others, which shows only here. */
export function lowerAll(
  files: ReadonlyMap<string, FileState>,
  checkouts: Checkouts,
  variables: OutsideVariables,
  absent: Absent,
): readonly { readonly file: FileState; readonly lowered: LoweredParts }[] {
  const all: { file: FileState; lowered: LoweredParts }[] = [];
  for (const file of files.values()) {
    if (file.included) continue;
    all.push({ file, lowered: lower(file, files, checkouts, variables, absent) });
    const included = (file.lowered?.steps ?? []).flatMap(step =>
      'link' in step && step.link.kind === 'include' ? (step.files ?? []) : [],
    );
    for (const { path } of included) {
      const taken = files.get(path);
      if (taken && taken !== file && !startsByItself(taken)) taken.included = true;
    }
  }
  return all.filter(({ file }) => !file.included);
}

const NOTHING: LoweredParts = { sites: [], runners: [], runnerFiles: [] };

/** What a file comes to with all that it includes; kept while none of that changes. */
function lower(
  file: FileState,
  files: ReadonlyMap<string, FileState>,
  checkouts: Checkouts,
  variables: OutsideVariables,
  absent: Absent,
): LoweredParts {
  const unit = unitOf(file, variables);
  const kept = file.lowered;
  file.lowered = undefined;
  if (!unit || !file.dialect) return NOTHING;
  const follow = follower(files, checkouts, file.dialect);
  const exists = finder(files, absent);
  if (
    kept?.tree === unit.tree &&
    kept.variables === variables &&
    kept.steps.every(step => holds(step, follow, exists))
  ) {
    file.lowered = kept;
    return kept.lowered;
  }
  const steps: Step[] = [];
  const lowered = lowerParts(file.dialect, {
    ...unit,
    follow(link, from) {
      const found = follow(link, from);
      steps.push({ link, from, files: found });
      return found;
    },
    exists(path) {
      const there = exists(path);
      steps.push({ path, exists: there });
      return there;
    },
  });
  file.lowered = { tree: unit.tree, variables, steps, lowered };
  return lowered;
}

/** The jobs of a file as they go to a runner. */
export function jobsOf(
  file: FileState,
  files: ReadonlyMap<string, FileState>,
  checkouts: Checkouts,
  variables: OutsideVariables,
  absent: Absent,
): readonly EffectiveJob[] {
  const unit = unitOf(file, variables);
  const { dialect } = file;
  if (!unit || !dialect?.jobs) return [];
  const [follow, exists] = [follower(files, checkouts, dialect), finder(files, absent)];
  return dialect.jobs({ ...unit, follow, exists });
}

/** Whether a file that is not here is known not to be there. */
type Absent = ((path: string) => boolean) | undefined;

/** A pattern tells only that something is there: what is none of ours is mostly not here. */
function finder(
  files: ReadonlyMap<string, FileState>,
  absent: Absent,
): (path: string) => boolean | undefined {
  return path => {
    if (isPattern(path)) return [...files.keys()].some(includeMatcher(path)) || undefined;
    return files.has(path) || (absent?.(path) === true ? false : undefined);
  };
}

/** What is followed and is none of ours by itself, is what leads to it. */
function follower(
  files: ReadonlyMap<string, FileState>,
  checkouts: Checkouts,
  dialect: Dialect,
): (link: Link, from: string) => readonly LinkedFile[] | undefined {
  return (link, from) => {
    const target = targetOf(link, from, checkouts);
    if (target === undefined) return undefined;
    return pathsFor(target, files.keys(), path => files.has(path)).flatMap(path => {
      // A pattern that covers its own file leaves it out.
      if (path === from && isPattern(target)) return [];
      const file = files.get(path);
      if (file && link.kind === 'variables') return [{ path, tree: plainTree(file) }];
      if (file && !CONFIG_NAME.test(path)) file.dialect ??= dialect;
      const tree = file && treeOf(file);
      return tree ? [{ path, tree }] : [];
    });
  };
}

function holds(step: Step, follow: ReturnType<typeof follower>, exists: ReturnType<typeof finder>): boolean {
  if ('path' in step) return exists(step.path) === step.exists;
  const { link, from, files } = step;
  const now = follow(link, from);
  return (
    now?.length === files?.length &&
    (now ?? []).every((one, i) => one.path === files?.[i]?.path && one.tree === files?.[i]?.tree)
  );
}
