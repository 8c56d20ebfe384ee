/** Reads YAML text into a tree, block by block, and reads it again cheaply after an edit. */
import type {
  AliasNode,
  Block,
  Entry,
  Node,
  ParsedBlock,
  Span,
  SyntaxProblem,
  Tree,
  TreeDocument,
} from './tree.js';
import { readSoundBlock } from './yaml-events.js';
import { joinParts, splitInside } from './yaml-parts.js';
import { recoverBlock } from './yaml-recover.js';
import { splitYaml } from './yaml-split.js';

/** A YAML tree that remembers where its blocks lie. */
export interface YamlTree extends Tree {
  readonly format: 'yaml';
  /** Every block of the file in order, with its offset. */
  readonly placed: readonly PlacedBlock[];
}

export interface PlacedBlock {
  readonly start: number;
  readonly parsed: ParsedBlock;
}

/**
 * Reads `text`; never throws. With `previous`, a block whose text did not change is taken over as it is,
 * the same object, so all that was computed from it stays valid. The result is the same either way.
 * In a sound document each key below `inside` is a block of its own too.
 */
export function readYaml(text: string, previous?: YamlTree, inside?: string): YamlTree {
  const source = withoutMark(text);
  const split = splitYaml(source).map(({ blocks }) =>
    blocks.map((span): Split => ({ span, parts: inside ? splitInside(source, span, inside) : undefined })),
  );
  const readPart = reader(previous, source, () => split.flat().flatMap(({ span, parts }) => parts ?? [span]));
  const readWhole = reader(previous, source, () => split.flat().map(({ span }) => span));
  const documents: TreeDocument[] = [];
  const placed: PlacedBlock[] = [];
  for (const blocks of split) {
    const inParts = readParts(blocks, readPart);
    if (inParts) {
      placed.push(...inParts.placed);
      documents.push(inParts.document);
      continue;
    }
    const whole = joinUnclosed(
      blocks.map(({ span }) => readWhole(span)),
      source,
      previous,
    );
    placed.push(...whole);
    documents.push(documentOf(whole.map(block => block.parsed)));
  }
  return treeOf(text, documents, placed);
}

/** Reads one of the blocks that `spans` gives, where none of the old ones is the same. */
function reader(
  previous: YamlTree | undefined,
  text: string,
  spans: () => readonly Span[],
): (span: Span) => PlacedBlock {
  let reuse: Map<number, ParsedBlock> | undefined;
  return span => {
    reuse ??= previous ? reusable(previous, text, spans()) : new Map();
    return place(span, reuse.get(span.start) ?? parseYamlBlock(slice(text, span)));
  };
}

/** A block, and the parts that it may be read in. */
interface Split {
  readonly span: Span;
  readonly parts: readonly Span[] | undefined;
}

/** A document of which one block is read in parts; `undefined` where none is, or not all of it is sound. */
function readParts(
  blocks: readonly Split[],
  read: (span: Span) => PlacedBlock,
): { readonly document: TreeDocument; readonly placed: readonly PlacedBlock[] } | undefined {
  if (!blocks.some(({ parts }) => parts)) return undefined;
  const tops: ParsedBlock[] = [];
  const all: ParsedBlock[] = [];
  const placed: PlacedBlock[] = [];
  for (const { span, parts = [span] } of blocks) {
    const own = parts.map(read);
    const [first, ...rest] = own.map(({ parsed }) => parsed);
    const top = rest.length > 0 ? joinParts(own.map(({ parsed }) => parsed)) : first;
    if (!top || top.problems.length > 0) return undefined;
    placed.push(...own);
    tops.push(top);
    all.push(top, ...rest);
  }
  return { document: { ...documentOf(tops), blocks: all }, placed };
}

/** Most blocks are sound; only the others need the parser that recovers. */
function parseYamlBlock(text: string): ParsedBlock {
  return readSoundBlock(text) ?? recoverBlock(text);
}

/** A byte order mark counts as an empty line of its own, so that offsets stay those of the file. */
function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? `\n${text.slice(1)}` : text;
}

function slice(text: string, span: Span): string {
  return text.slice(span.start, span.end);
}

function place(span: Span, parsed: ParsedBlock): PlacedBlock {
  return { start: span.start, parsed };
}

/** Pairs the blocks of the new text with equal ones of the old, from both ends; keyed by new offset. */
function reusable(previous: YamlTree, text: string, spans: readonly Span[]): Map<number, ParsedBlock> {
  const old = previous.placed;
  const found = new Map<number, ParsedBlock>();
  const same = (span: Span, block: PlacedBlock): boolean =>
    // Equality of strings is one comparison of memory; `startsWith` goes character by character.
    span.end - span.start === block.parsed.block.text.length && slice(text, span) === block.parsed.block.text;
  let head = 0;
  while (head < spans.length && head < old.length) {
    const span = spans[head] as Span;
    const block = old[head] as PlacedBlock;
    if (!same(span, block)) break;
    found.set(span.start, block.parsed);
    head += 1;
  }
  for (let tail = 1; tail <= spans.length - head && tail <= old.length - head; tail++) {
    const span = spans[spans.length - tail] as Span;
    const block = old[old.length - tail] as PlacedBlock;
    if (!same(span, block)) break;
    found.set(span.start, block.parsed);
  }
  return found;
}

const CLOSERS = /[\]}"']\s*(?:#.*)?$/;
const JOIN_LIMIT = 64_000;

/**
 * A bracket or quote may close in column 0 behind lines that look like keys; then the pieces are one block.
 * One attempt for each unclosed block, up to the next block that cannot stand alone or ends in a closer.
 */
function joinUnclosed(
  blocks: readonly PlacedBlock[],
  text: string,
  previous: YamlTree | undefined,
): readonly PlacedBlock[] {
  if (blocks.every(block => block.parsed.problems.length === 0)) return blocks;
  const joined: PlacedBlock[] = [];
  for (let i = 0; i < blocks.length; i++) {
    const block = blocks[i] as PlacedBlock;
    const last = block.parsed.problems.length > 0 ? closing(blocks, i) : undefined;
    const merged = last === undefined ? undefined : merge(block, blocks[last] as PlacedBlock, text, previous);
    if (merged && last !== undefined) {
      joined.push(merged);
      i = last;
    } else joined.push(block);
  }
  return joined;
}

function closing(blocks: readonly PlacedBlock[], from: number): number | undefined {
  const start = blocks[from]?.start ?? 0;
  for (let i = from + 1; i < blocks.length; i++) {
    const block = blocks[i] as PlacedBlock;
    if (block.start - start > JOIN_LIMIT) return undefined;
    if (block.parsed.problems.length > 0 || CLOSERS.test(block.parsed.block.text)) return i;
  }
  return undefined;
}

function merge(
  first: PlacedBlock,
  last: PlacedBlock,
  text: string,
  previous: YamlTree | undefined,
): PlacedBlock | undefined {
  const whole = text.slice(first.start, last.start + last.parsed.block.text.length);
  const known = previous?.placed.find(block => block.parsed.block.text === whole);
  const parsed = known?.parsed ?? parseYamlBlock(whole);
  return parsed.problems.length === 0 ? { start: first.start, parsed } : undefined;
}

function documentOf(blocks: readonly ParsedBlock[]): TreeDocument {
  const entries: Entry[] = [];
  for (const block of blocks) if (block.root?.kind === 'map') entries.push(...block.root.entries);
  return { blocks, entries };
}

function treeOf(text: string, documents: readonly TreeDocument[], placed: readonly PlacedBlock[]): YamlTree {
  const starts = new Map<Block, number>();
  const tainted = new Set<Block>();
  const problems: SyntaxProblem[] = [];
  for (const { start, parsed } of placed) {
    starts.set(parsed.block, start);
    if (parsed.problems.length > 0) tainted.add(parsed.block);
    for (const problem of parsed.problems) {
      problems.push({ start: start + problem.start, end: start + problem.end, message: problem.message });
    }
  }
  return {
    format: 'yaml',
    text,
    documents,
    placed,
    problems,
    isTainted: block => tainted.has(block),
    startOf: block => starts.get(block),
    resolve: resolver(documents, starts),
  };
}

const MAX_ALIASES = 50;

/** Where each anchor of the file is given, in order. YAML keeps the anchors of each document apart. */
type AnchorIndex = ReadonlyMap<
  string,
  readonly { readonly document: number; readonly at: number; readonly node: Node }[]
>;

function indexAnchors(documents: readonly TreeDocument[], starts: ReadonlyMap<Block, number>): AnchorIndex {
  const index = new Map<string, { document: number; at: number; node: Node }[]>();
  documents.forEach((document, number) => {
    for (const { block, anchors } of document.blocks) {
      for (const [name, nodes] of anchors) {
        const known = index.get(name) ?? [];
        for (const node of nodes)
          known.push({ document: number, at: (starts.get(block) ?? 0) + node.start, node });
        index.set(name, known);
      }
    }
  });
  return index;
}

/** Follows an alias to the last node before it that carries its name; YAML lets a name be given again. */
function resolver(
  documents: readonly TreeDocument[],
  starts: ReadonlyMap<Block, number>,
): (node: Node) => Node | undefined {
  let index: AnchorIndex | undefined;
  const numbers = new Map<Block, number>();
  const definition = (alias: AliasNode): Node | undefined => {
    if (!index) {
      index = indexAnchors(documents, starts);
      documents.forEach((document, number) => {
        for (const { block } of document.blocks) numbers.set(block, number);
      });
    }
    const at = (starts.get(alias.block) ?? Number.NaN) + alias.start;
    const document = numbers.get(alias.block);
    return index.get(alias.name)?.findLast(known => known.document === document && known.at < at)?.node;
  };
  return node => {
    let found: Node | undefined = node;
    for (let hops = 0; found?.kind === 'alias'; hops++) {
      found = hops > MAX_ALIASES ? undefined : definition(found);
    }
    return found;
  };
}
