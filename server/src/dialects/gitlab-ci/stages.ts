/** Finds the stage for a job that builds an image and is added to a pipeline. */
import type { Node, Tree } from '../../syntax/tree.js';

/** The stage of a job that names none. Source: https://docs.gitlab.com/ci/yaml/#stage */
const USUAL = 'test';
const FITTING = /build|image|docker|container|package/i;

/**
 * The stage that such a job has to name, as the file's own `stages:` lack the one that it is in by itself; `undefined`
 * where it need not name any, or the stages cannot be told.
 */
export function stageForImage(tree: Tree): string | undefined {
  const entry = tree.documents.flatMap(({ entries }) => entries).findLast(({ key }) => key.text === 'stages');
  const list = entry?.value && tree.resolve(entry.value);
  if (list?.kind !== 'seq') return undefined;
  const names = list.items.map(item => textOf(tree.resolve(item)));
  if (names.includes(undefined) || names.includes(USUAL)) return undefined;
  return names.find(name => FITTING.test(name ?? '')) ?? names[0];
}

function textOf(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' ? node.text : undefined;
}
