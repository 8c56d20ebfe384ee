/** Searches folders for files that may be ours, project by project. */
import { type Dirent, existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { type IgnoreRules, isIgnored, rulesAbove, rulesWithin } from './ignored.js';

/** Absolute paths. */
export interface FoundFile {
  readonly absolute: string;
  /** Root of the file's project. */
  readonly root: string;
}

export interface Search {
  readonly files: readonly FoundFile[];
  /** Projects that were searched as a whole. */
  readonly wholeProjects: readonly string[];
  /** Folders that could not be read. */
  readonly problems: readonly PathProblem[];
}

export interface PathProblem {
  readonly absolute: string;
  readonly message: string;
}

/** Where a search goes, and for what. */
export interface SearchFrom {
  readonly folder: string;
  readonly root: string;
  readonly cwd: string;
  /** Whether to go into projects inside of the first one. */
  readonly nested: boolean;
  /** How many folders deep to go; all the way when missing. */
  readonly levels?: number;
  /** Gets an absolute path. */
  readonly accept: (absolute: string) => boolean;
}

const MARKERS = ['.drydock.yml', '.git'];
const NEVER = new Set(['.git', 'node_modules', '.terraform']);

/**
 * Root of the project that a folder belongs to: its nearest ancestor, or itself, with `.drydock.yml` or `.git`.
 * Within the current folder the current folder ends the search; a folder elsewhere is its own project at worst.
 */
export function projectRoot(folder: string, cwd: string): string {
  for (let current = folder; ; current = path.dirname(current)) {
    if (isMarked(current)) return current;
    if (current === cwd) return cwd;
    if (path.dirname(current) === current) return folder;
  }
}

/** Whether a folder says that a project begins there. */
export function isMarked(folder: string): boolean {
  return MARKERS.some(marker => existsSync(path.join(folder, marker)));
}

/** Links are not followed: git does not either, and so there are no loops. */
export async function search(from: SearchFrom): Promise<Search> {
  const result: Collected = { files: [], wholeProjects: [], problems: [] };
  const rules = await rulesAbove(from.folder, from.cwd);
  await visit(from.folder, { from, root: from.root, rules, levels: from.levels ?? Infinity }, result);
  return result;
}

interface Surroundings {
  readonly from: SearchFrom;
  readonly root: string;
  readonly rules: readonly IgnoreRules[];
  readonly levels: number;
}

interface Collected {
  readonly files: FoundFile[];
  readonly wholeProjects: string[];
  readonly problems: PathProblem[];
}

async function visit(folder: string, around: Surroundings, result: Collected): Promise<void> {
  const entries = await list(folder, result);
  const names = new Set(entries.map(entry => entry.name));
  const { from } = around;
  const inner = folder !== from.folder && MARKERS.some(marker => names.has(marker));
  if (inner && !from.nested) return;
  const root = inner ? folder : around.root;
  if (root === folder) result.wholeProjects.push(root);
  const rules = await rulesWithin(folder, around.rules, {
    git: names.has('.git'),
    gitignore: names.has('.gitignore'),
  });
  const folders: string[] = [];
  for (const entry of entries) {
    const absolute = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!NEVER.has(entry.name) && !isIgnored(rules, absolute + path.sep)) folders.push(absolute);
    } else if (entry.isFile() && from.accept(absolute) && !isIgnored(rules, absolute)) {
      result.files.push({ absolute, root });
    }
  }
  const levels = around.levels - 1;
  if (levels >= 0) await Promise.all(folders.map(next => visit(next, { from, root, rules, levels }, result)));
}

async function list(folder: string, result: Collected): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    // A folder that went away meanwhile is no problem.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') result.problems.push({ absolute: folder, message: reason(error) });
    return [];
  }
}

/** Why the disk refused, in words. */
export function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'no such file or folder',
    ENOTDIR: 'no such file or folder',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    ELOOP: 'too many symbolic links',
  };
  return words[code] ?? (error instanceof Error ? error.message : String(error));
}
