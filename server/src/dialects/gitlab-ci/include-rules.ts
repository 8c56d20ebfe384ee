/** Whether the rules of an `include:` take it in, as far as the files of the project tell. */
import type { MapNode, Node } from '../../syntax/tree.js';
import { isNull } from './values.js';

/** What the rules are read with. */
export interface IncludeContext {
  resolve(node: Node): Node | undefined;
  /** Whether the project has a file; `undefined` where that cannot be told. A pattern may hold `*` and `**` only. */
  exists(path: string): boolean | undefined;
}

/**
 * `always`, `never`, or `undefined` where it takes a pipeline to tell. The first rule whose clauses all hold decides;
 * where none does, nothing is included. Source: gitlabhq lib/gitlab/ci/config/external/rules.rb.
 */
export function decideRules(rules: Node, context: IncludeContext): 'always' | 'never' | undefined {
  const results = new Set<'always' | 'never'>();
  if (rules.kind !== 'seq' || rules.tag !== undefined || rules.items.length === 0) return undefined;
  for (const item of rules.items) {
    const rule = context.resolve(item);
    if (rule?.kind !== 'map') return undefined;
    const when = textAt(rule, 'when', context);
    const holds = ruleHolds(rule, context);
    if (holds === false) continue;
    if (when !== undefined && when !== 'never' && when !== 'always') return undefined;
    results.add(when ?? 'always');
    if (holds === true) return results.size === 1 ? [...results][0] : undefined;
  }
  results.add('never');
  return results.size === 1 ? 'never' : undefined;
}

function textAt(rule: MapNode, key: string, { resolve }: IncludeContext): string | undefined {
  const value = rule.entries.findLast(entry => entry.key.text === key)?.value;
  const node = value && resolve(value);
  if (!node || isNull(node)) return undefined;
  return node.kind === 'scalar' ? node.text : '';
}

/** One clause that does not hold is enough; one that cannot be told leaves the rule open. */
function ruleHolds(rule: MapNode, context: IncludeContext): boolean | undefined {
  const clauses = rule.entries
    .filter(({ key }) => key.text !== 'when')
    .map(({ key, value }) => {
      const node = value && context.resolve(value);
      return key.text === 'exists' && node ? somethingExists(node, context) : undefined;
    });
  if (clauses.includes(false)) return false;
  return clauses.includes(undefined) ? undefined : true;
}

/** `exists: [path]`, `exists: path`, or `exists: {paths: [path]}`; files of another project are out of view. */
function somethingExists(node: Node, context: IncludeContext): boolean | undefined {
  if (node.kind === 'map') {
    const [only, more] = node.entries;
    const paths = only?.key.text === 'paths' && !more && only.value && context.resolve(only.value);
    return paths ? somethingExists(paths, context) : undefined;
  }
  const items = node.kind === 'seq' && node.tag === undefined ? node.items : [node];
  const found = items.map(item => {
    const path = context.resolve(item);
    return path?.kind === 'scalar' && !isNull(path) ? pathExists(path.text, context) : undefined;
  });
  if (found.includes(true)) return true;
  return found.includes(undefined) ? undefined : false;
}

/**
 * Source: gitlabhq lib/gitlab/ci/build/rules/rule/clause/exists.rb. Paths are those of git: from the root, of files
 * only. Variables are those of the pipeline.
 */
function pathExists(path: string, { exists }: IncludeContext): boolean | undefined {
  if (path.includes('$')) return undefined;
  if (!/[*?[{]/.test(path)) return /^\.?\/|\/\/|(?:^|\/)\.\.(?:\/|$)|^$/.test(path) ? false : exists(path);
  // Elsewhere than before a slash, two stars are one; other marks are not read.
  return /[?[\]{}\\]|\*\*(?!\/)|[^/]\*\*/.test(path) ? undefined : exists(path);
}
