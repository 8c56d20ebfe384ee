/** Projects inside of workspace folders: a folder with a `.drydock.yml` or `.git` of its own is one, as it is on the command line. */
import type { Root } from './root.js';

const MARKER_BELOW = /^(.+)\/\.(?:drydock\.ya?ml|git)$/;

/** The folder that a path makes a project of; `undefined` for any other path and for the root's own file. */
export function projectFolder(path: string): string | undefined {
  return MARKER_BELOW.exec(path)?.[1];
}

/** Which project lies in which; lives as long as the workspace. */
export class Nesting {
  readonly #outer = new Map<Root, Root>();

  add(inner: Root, outer: Root): void {
    this.#outer.set(inner, outer);
  }

  /** The workspace folder around a project; its settings hold for all inside. */
  outermost(root: Root): Root {
    const outer = this.#outer.get(root);
    return outer ? this.outermost(outer) : root;
  }

  /** Forgets a project; returns those that lay in it. */
  remove(root: Root): readonly Root[] {
    this.#outer.delete(root);
    return [...this.#outer].filter(([, outer]) => outer === root).map(([inner]) => inner);
  }
}
