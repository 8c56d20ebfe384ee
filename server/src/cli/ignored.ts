/** Knows what git ignores: `.gitignore` in each folder, and `info/exclude` of the repository. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';

/** Patterns of one file, and the folder that they are relative to. */
export interface IgnoreRules {
  readonly base: string;
  readonly patterns: Ignore;
}

/** Whether git ignores a path, by rules ordered from the outermost to the innermost; folders end with `/`. */
export function isIgnored(rules: readonly IgnoreRules[], absolute: string): boolean {
  for (let i = rules.length - 1; i >= 0; i--) {
    const rule = rules[i];
    if (rule === undefined) continue;
    const { ignored, unignored } = rule.patterns.test(below(rule.base, absolute));
    if (ignored || unignored) return ignored;
  }
  return false;
}

/** The rules that hold in a folder, given those from above it and what lies in it. */
export async function rulesWithin(
  folder: string,
  above: readonly IgnoreRules[],
  holds: { readonly git: boolean; readonly gitignore: boolean },
): Promise<readonly IgnoreRules[]> {
  const rules = holds.git ? await excludeRules(folder) : [...above];
  if (holds.gitignore) rules.push(...(await rulesFrom(path.join(folder, '.gitignore'), folder)));
  return rules;
}

/** The rules that come from the folders above: those of its repository, or else of the folders from `top` on. */
export async function rulesAbove(folder: string, top: string): Promise<readonly IgnoreRules[]> {
  const chain = await foldersAbove(folder, top);
  let rules: readonly IgnoreRules[] = [];
  for (const parent of chain) {
    rules = await rulesWithin(parent, rules, { git: parent === chain[0], gitignore: true });
  }
  // A folder that is itself ignored was named all the same; what ignores it says nothing of what it holds.
  return isIgnored(rules, folder + path.sep) ? [] : rules;
}

/** From the outermost on, without the folder itself. Empty when the folder is the root of a repository. */
async function foldersAbove(folder: string, top: string): Promise<readonly string[]> {
  const chain: string[] = [];
  let upToTop: readonly string[] = [];
  for (let current = folder; ; current = path.dirname(current)) {
    if (current !== folder) chain.unshift(current);
    if (current === top) upToTop = [...chain];
    if ((await gitFolder(current)) !== undefined) return chain;
    if (path.dirname(current) === current) return upToTop;
  }
}

async function excludeRules(root: string): Promise<IgnoreRules[]> {
  const git = await gitFolder(root);
  return git === undefined ? [] : rulesFrom(path.join(git, 'info', 'exclude'), root);
}

/** The `.git` folder of a repository; a worktree or a submodule has a file there that says where it is. */
async function gitFolder(root: string): Promise<string | undefined> {
  const git = path.join(root, '.git');
  const pointer = await readFile(git, 'utf8').catch((error: NodeJS.ErrnoException) => error.code);
  if (pointer === 'EISDIR') return git;
  const target = pointer?.match(/^gitdir: (.+)$/m)?.[1];
  if (target === undefined) return undefined;
  const own = path.resolve(root, target.trim());
  const common = await readFile(path.join(own, 'commondir'), 'utf8').catch(() => '.');
  return path.resolve(own, common.trim());
}

async function rulesFrom(file: string, base: string): Promise<IgnoreRules[]> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? [] : [{ base, patterns: ignore({ ignorecase: false }).add(text) }];
}

function below(base: string, absolute: string): string {
  const rest = absolute.slice(base.endsWith(path.sep) ? base.length : base.length + 1);
  return path.sep === '/' ? rest : rest.replaceAll(path.sep, '/');
}
