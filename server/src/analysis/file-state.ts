/** One file of a project: its text, what it is taken for, its tree, and what was made from it. */
import type { Dialect, Link, LinkedFile, OutsideVariables, Unit } from '../dialects/dialect.js';
import { readPlainText } from '../syntax/plain-text.js';
import type { Tree } from '../syntax/tree.js';
import { unreadable } from './candidates.js';
import type { KeptSites } from './check-sites.js';
import type { LoweredParts } from './embedded.js';

/** One file. Trees and sites are kept until the text changes, sites also beyond that while their key stays. */
export interface FileState {
  readonly path: string;
  text: string;
  dialect: Dialect | undefined;
  tree: Tree | undefined;
  /** The text that `tree` was read from, and the dialect that read it. */
  read: { readonly text: string; readonly dialect: Dialect } | undefined;
  /** The files that it names, and what its text looks like, once asked for. */
  links: { readonly tree: Tree; readonly links: readonly Link[] } | undefined;
  seen: { readonly text: string; readonly dialect: Dialect | undefined } | undefined;
  /** Another file takes it in, so that it says nothing by itself. */
  included: boolean;
  /** What the text is to files that take variables from it. */
  plain: Tree | undefined;
  /** Why the text is not analysed, once asked for. */
  doubt: { readonly text: string; readonly why: string | undefined } | undefined;
  lowered: KeptLowering | undefined;
  sites: KeptSites;
}

/** What a file came to, and all that it was made from. */
export interface KeptLowering {
  readonly tree: Tree;
  readonly variables: OutsideVariables;
  readonly steps: readonly Step[];
  readonly lowered: LoweredParts;
}

/** A link that was followed, and what it led to; or a path of which it was asked whether there is such a file. */
export type Step =
  | { readonly link: Link; readonly from: string; readonly files: readonly LinkedFile[] | undefined }
  | { readonly path: string; readonly exists: boolean | undefined };

export function newFile(path: string, text: string): FileState {
  return {
    path,
    text,
    dialect: undefined,
    tree: undefined,
    read: undefined,
    links: undefined,
    seen: undefined,
    included: false,
    plain: undefined,
    doubt: undefined,
    lowered: undefined,
    sites: new Map(),
  };
}

/** Puts the files in the order of their paths, so that nothing depends on which of them came first. */
export function sortByPath(files: Map<string, FileState>): void {
  const states = [...files.values()];
  const inOrder = states.every(({ path }, i) => i === 0 || (states[i - 1]?.path ?? '') < path);
  if (inOrder) return;
  files.clear();
  for (const file of states.sort((a, b) => (a.path < b.path ? -1 : 1))) files.set(file.path, file);
}

/** The files that a file names. */
export function linksOf(file: FileState): readonly Link[] {
  const tree = treeOf(file);
  if (!tree || !file.dialect) return [];
  if (file.links?.tree !== tree) file.links = { tree, links: file.dialect.links(tree, file.path) };
  return file.links.links;
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

/** The text as it stands, for what others take from it. */
export function plainTree(file: FileState): Tree {
  file.plain = readPlainText(file.text, file.plain);
  return file.plain;
}

/** The file alone: what is needed to write into it. */
export function unitOf(file: FileState, variables: OutsideVariables): Unit | undefined {
  const tree = treeOf(file);
  return tree && { path: file.path, tree, variables };
}
