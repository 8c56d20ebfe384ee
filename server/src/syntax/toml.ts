/** Reads a TOML file into the common tree, however broken it is. */
import { iarnaValues, recover } from './toml-recover.js';
import { buildToml, type TomlPart } from './toml-tree.js';
import { type MapNode, newBlock, type Tree } from './tree.js';

/** A TOML file: one document with one block that holds the whole text, so all offsets are the file's. */
export interface TomlTree extends Tree {
  /** The root table; it spans the whole file. */
  readonly root: MapNode;
  /** The statements that could be read, in the order written. */
  readonly parts: readonly TomlPart[];
}

const TEMPLATE = /\.(?:j2|tpl|tftpl|tmpl|gotmpl|template|erb)(?:\.toml)?$/i;

/**
 * Reads a TOML 1.1 file. Dotted keys and headers nest; `[[runners]]` becomes an entry `runners` with a
 * sequence of maps. A table with a header spans from the header to its last own pair, tables inside of it not
 * counted; one that is only implied spans all that is written through it.
 * Never throws: statements that cannot be read are left out, taint the block, and end in `problems` when no
 * parser takes them.
 */
export function readToml(text: string): TomlTree {
  const block = newBlock(text);
  const { built, problems, partial } = recover(withoutMark(text), program => buildToml(program, block));
  const root = built?.root ?? { kind: 'map', flow: false, block, start: 0, end: text.length, entries: [] };
  const parsed = { block, root, problems, anchors: new Map() };
  return {
    text,
    root,
    parts: built?.parts ?? [],
    documents: [{ blocks: [parsed], entries: root.entries }],
    problems,
    isTainted: other => other === block && partial,
    startOf: other => (other === block ? 0 : undefined),
    resolve: node => (node.kind === 'alias' ? undefined : node),
  };
}

/** The plain values of a TOML 1.0 file by another parser, or `undefined` when that refuses it. */
export function tomlValues(text: string): Record<string, unknown> | undefined {
  return iarnaValues(withoutMark(text));
}

/** Whether a file's name says that it is a template of a TOML file: `config.toml.j2`, `config.tpl.toml`. */
export function isTomlTemplate(path: string): boolean {
  return TEMPLATE.test(path);
}

/** A byte order mark gives way to a space, so that offsets stay. */
function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
}
