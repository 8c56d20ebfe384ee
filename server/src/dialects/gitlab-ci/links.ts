/** The local files that a GitLab CI file includes. */
import type { Node, Tree } from '../../syntax/tree.js';
import type { Link } from '../dialect.js';
import { contentOf } from './config.js';

/** `include: local:` in all its forms, and bare strings that are no addresses. Source: gitlabhq doc/ci/yaml, `include`. */
export function linksOf(tree: Tree): readonly Link[] {
  const include = contentOf(tree)?.entries.find(entry => entry.key.text === 'include')?.value;
  const node = include && tree.resolve(include);
  const items = node?.kind === 'seq' ? node.items : node ? [node] : [];
  return items.flatMap(item => {
    const target = localTarget(tree.resolve(item));
    return target === undefined || target.includes('$')
      ? []
      : [{ kind: 'include' as const, target: target.replace(/^\/+/, '') }];
  });
}

function localTarget(node: Node | undefined): string | undefined {
  if (node?.kind === 'scalar') return /^https?:/.test(node.text) ? undefined : node.text;
  if (node?.kind !== 'map') return undefined;
  const value = node.entries.find(entry => entry.key.text === 'local')?.value;
  return value?.kind === 'scalar' ? value.text : undefined;
}
