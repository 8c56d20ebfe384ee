/** The one kind of tree that YAML and TOML are read into: every key and value knows its span. */

/**
 * A piece of source text that was parsed on its own: a top-level key of a YAML document with all that
 * belongs to it, or a whole TOML file. Nodes count their offsets from the start of their block, so that
 * text typed above a block changes nothing inside it. A block is the same object for as long as its text is.
 */
export interface Block {
  /** Unique within the process; what is memoised about a block is memoised under this number. */
  readonly id: number;
  readonly text: string;
}

/** Half-open range of UTF-16 offsets, counted from the start of the block that the node belongs to. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** `verbatim` is a text of another language: it stands in the source as it is, from `start` to `end`. */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded' | 'verbatim';

interface NodeBase extends Span {
  readonly block: Block;
  /** YAML anchor that names this node. */
  readonly anchor?: string;
  /** Local YAML tag as written, `!reference` for one. */
  readonly tag?: string;
}

/** A single value. `text` is the value after quotes, escapes and folding are undone. */
export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar';
  readonly text: string;
  readonly style: ScalarStyle;
  /**
   * What a TOML reader takes the value for. YAML leaves this out: whether `on` is a word or a truth value
   * is for the dialect to say (GitLab reads YAML 1.1, GitHub 1.2).
   */
  readonly type?: 'string' | 'integer' | 'float' | 'boolean' | 'datetime';
}

export interface MapNode extends NodeBase {
  readonly kind: 'map';
  readonly flow: boolean;
  readonly entries: readonly Entry[];
}

/** One key with its value; the span runs from the start of the key to the end of the value. */
export interface Entry extends Span {
  readonly key: ScalarNode;
  /** Missing where nothing is written after the colon. */
  readonly value?: Node;
}

export interface SeqNode extends NodeBase {
  readonly kind: 'seq';
  readonly flow: boolean;
  readonly items: readonly Node[];
}

/** A YAML alias `*name`; `Tree.resolve` finds what it stands for. */
export interface AliasNode extends NodeBase {
  readonly kind: 'alias';
  readonly name: string;
}

export type Node = ScalarNode | MapNode | SeqNode | AliasNode;

/** Something that the parser could not read; offsets count from the start of the file. */
export interface SyntaxProblem extends Span {
  readonly message: string;
}

/** A block with its parsed root, the entry or entries that it holds, and whether it can be trusted. */
export interface ParsedBlock {
  readonly block: Block;
  /** The root of the block: a map for a top-level key, anything for a document that is no map. */
  readonly root: Node | undefined;
  /** Problems with offsets from the start of the block. */
  readonly problems: readonly SyntaxProblem[];
  /** Nodes of this block that carry an anchor, in source order. */
  readonly anchors: ReadonlyMap<string, readonly Node[]>;
}

/** One YAML document of a file (GitLab writes `spec:` into a first and the jobs into a second one). */
export interface TreeDocument {
  /** Those of a key that is read in parts follow it; its own root holds their keys as well. */
  readonly blocks: readonly ParsedBlock[];
  /** The entries at the top, in order; empty when the document is no map. */
  readonly entries: readonly Entry[];
}

/** A whole file, read. Reading never throws: what cannot be read ends in `problems`. */
export interface Tree {
  readonly text: string;
  readonly documents: readonly TreeDocument[];
  readonly problems: readonly SyntaxProblem[];
  /** True when the block's own text, or an unfinished one before it, makes its meaning doubtful. */
  isTainted(block: Block): boolean;
  /** Offset of the block in the file, or `undefined` when the block is not of this version of the file. */
  startOf(block: Block): number | undefined;
  /** The node that an alias stands for: the last one before it that carries the name. */
  resolve(node: Node): Node | undefined;
}

/** The count is one for the whole process: bundles that are loaded late have this module a second time. */
const COUNT = Symbol.for('drydock.blocks');
const shared = globalThis as { [COUNT]?: number };

/** Makes a block with an id of its own. */
export function newBlock(text: string): Block {
  const id = (shared[COUNT] ?? 0) + 1;
  shared[COUNT] = id;
  return { id, text };
}

/** The source text of a node as written, quotes and all. */
export function sourceOf(node: Node): string {
  return node.block.text.slice(node.start, node.end);
}
