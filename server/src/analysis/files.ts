/** The files of a project as they are read: what each is taken for, its tree, and what it lowers to. */
import type { Dialect, Link, Lowered, OutsideVariables, Unit } from '../dialects/dialect.js';
import { dialectById, dialects } from '../dialects/index.js';
import type { DialectId } from '../model/build-site.js';
import type { Tree } from '../syntax/tree.js';
import { unreadable } from './candidates.js';
import type { DrydockConfig } from './config.js';
import { matcher } from './globs.js';
import type { CheckedSite } from './run-rules.js';

export const CONFIG_NAME = /^\.drydock\.ya?ml$/;

/** One file. Trees and sites are kept until the text changes, sites also beyond that while their key stays. */
export interface FileState {
  readonly path: string;
  text: string;
  dialect: Dialect | undefined;
  tree: Tree | undefined;
  /** The text that `tree` was read from, and the dialect that read it. */
  read: { readonly text: string; readonly dialect: Dialect } | undefined;
  includedBy: string | undefined;
  /** Why the text is not analysed, once asked for. */
  doubt: { readonly text: string; readonly why: string | undefined } | undefined;
  sites: Map<string, CheckedSite | undefined>;
}

export function newFile(path: string, text: string): FileState {
  return {
    path,
    text,
    dialect: undefined,
    tree: undefined,
    read: undefined,
    includedBy: undefined,
    doubt: undefined,
    sites: new Map(),
  };
}

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
    const itself = (): Dialect | undefined =>
      dialects.find(dialect => dialect.recognise(file.path, file.text));
    file.dialect = CONFIG_NAME.test(file.path)
      ? undefined
      : given === undefined
        ? itself()
        : dialectById(given);
    file.includedBy = undefined;
  }
  const queue = [...files.values()].filter(file => file.dialect !== undefined);
  for (let file = queue.shift(); file; file = queue.shift()) queue.push(...addIncluded(file, files));
}

/** Marks the files that `from` includes; returns those that were nothing before. */
function addIncluded(from: FileState, files: ReadonlyMap<string, FileState>): readonly FileState[] {
  const found: FileState[] = [];
  for (const link of linksOf(from)) {
    for (const file of targetsOf(link, files)) {
      if (file === from || CONFIG_NAME.test(file.path)) continue;
      if (file.dialect === undefined) {
        file.dialect = from.dialect;
        found.push(file);
      }
      file.includedBy ??= from.path;
    }
  }
  return found;
}

function targetsOf(link: Link, files: ReadonlyMap<string, FileState>): readonly FileState[] {
  if (!/[*?[{]/.test(link.target)) {
    const file = files.get(link.target);
    return file ? [file] : [];
  }
  const matches = matcher(link.target);
  return [...files.values()].filter(file => matches(file.path));
}

/** Paths that files of the project include and that are not loaded. */
export function wantedPaths(files: ReadonlyMap<string, FileState>): readonly string[] {
  const wanted = new Set<string>();
  for (const file of files.values()) {
    for (const { target } of linksOf(file))
      if (!/[*?[{]/.test(target) && !files.has(target)) wanted.add(target);
  }
  return [...wanted];
}

function linksOf(file: FileState): readonly Link[] {
  const tree = treeOf(file);
  return tree && file.dialect ? file.dialect.links(tree) : [];
}

/** Why a file is not analysed; the text is searched once. */
export function skippedFor(file: FileState): string | undefined {
  if (file.doubt?.text !== file.text) file.doubt = { text: file.text, why: unreadable(file.text) };
  return file.doubt.why;
}

/** The tree of a file; `undefined` when the file is none of ours or cannot be analysed. */
export function treeOf(file: FileState): Tree | undefined {
  const { dialect } = file;
  if (!dialect || skippedFor(file) !== undefined) return undefined;
  if (file.read?.text === file.text && file.read.dialect === dialect) return file.tree;
  const previous = file.read?.dialect === dialect ? file.tree : undefined;
  file.tree = dialect.read(file.text, previous);
  file.read = { text: file.text, dialect };
  return file.tree;
}

export function unitOf(file: FileState, variables: OutsideVariables): Unit | undefined {
  const tree = treeOf(file);
  return (
    tree && { path: file.path, tree, variables, ...(file.includedBy ? { includedBy: file.includedBy } : {}) }
  );
}

export function lower(file: FileState, variables: OutsideVariables): Lowered {
  const unit = unitOf(file, variables);
  return unit && file.dialect ? file.dialect.lower(unit) : { sites: [], runners: [] };
}
