/** The files that a GitLab CI file includes. */
import type { Tree } from '../../syntax/tree.js';
import type { Link } from '../dialect.js';
import { linksOf as linksOfSource } from './includes.js';
import { sourceOf } from './sources.js';

/** `include: local:` and `include: project:` in all their forms, and bare strings that are no addresses. */
export function linksOf(tree: Tree): readonly Link[] {
  return linksOfSource(sourceOf('', tree, new Map()));
}
