/** Parses one block of YAML with the `yaml` library, which finds its way behind errors, and turns its nodes into ours. */

import type { Document, ParsedNode, Range } from 'yaml';
import { type Alias, isAlias, isMap, isPair, isScalar, isSeq, parseDocument } from 'yaml';
import type { Entry, Node, ParsedBlock, ScalarNode, ScalarStyle, SyntaxProblem } from './tree.js';
import { newBlock } from './tree.js';
import { afterColon, behindLastChild, isNothing, trimEnd } from './yaml-spans.js';

/** More levels than this are no pipeline; deeper values are left out, and a problem says so. */
const MAX_DEPTH = 200;
const MAX_PROBLEMS = 20;

const STYLES: Readonly<Record<string, ScalarStyle>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

/**
 * Parses `text` as a YAML document of its own. Never throws.
 * Scalars stay text (the failsafe schema): what a plain word means is for the dialect to say.
 * Duplicate keys are not checked here, for the library does it in quadratic time.
 */
export function recoverBlock(text: string): ParsedBlock {
  const block = newBlock(text);
  const reading: Reading = { block, anchors: new Map(), problems: [] };
  try {
    const parsed = parseDocument(text, {
      schema: 'failsafe',
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
      keepSourceTokens: false,
    });
    for (const error of parsed.errors.slice(0, MAX_PROBLEMS)) {
      reading.problems.push({ start: error.pos[0], end: error.pos[1], message: error.message });
    }
    const root = convert((parsed as Document.Parsed).contents ?? undefined, reading, 0);
    return { block, root, problems: reading.problems, anchors: reading.anchors };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    reading.problems.push({ start: 0, end: text.length, message: 'Nested too deeply to read.' });
    return { block, root: undefined, problems: reading.problems, anchors: reading.anchors };
  }
}

interface Reading {
  readonly block: ParsedBlock['block'];
  readonly anchors: Map<string, Node[]>;
  readonly problems: SyntaxProblem[];
}

function convert(node: ParsedNode | undefined, reading: Reading, depth: number): Node | undefined {
  if (node === undefined) return undefined;
  if (depth > MAX_DEPTH) {
    const [start, end] = node.range;
    if (reading.problems.length < MAX_PROBLEMS) {
      reading.problems.push({ start, end, message: 'Nested too deeply to read.' });
    }
    return undefined;
  }
  const made = isAlias(node) ? alias(node, reading) : collection(node, reading, depth);
  if (made?.anchor !== undefined) {
    const named = reading.anchors.get(made.anchor);
    if (named) named.push(made);
    else reading.anchors.set(made.anchor, [made]);
  }
  return made;
}

function alias(node: Alias, reading: Reading): Node {
  const [start, end] = node.range as Range;
  return { kind: 'alias', block: reading.block, start, end, name: node.source };
}

function collection(node: ParsedNode, reading: Reading, depth: number): Node | undefined {
  if (isScalar(node)) return scalar(node, reading);
  const { block } = reading;
  const { flow } = node as { flow?: boolean };
  const [from, valueEnd] = node.range as Range;
  const decorated = decoration(node);
  if (isMap(node)) {
    const entries: Entry[] = [];
    for (const pair of node.items) {
      const entry = isPair(pair) ? entryOf(pair as never, reading, depth) : undefined;
      if (entry) entries.push(entry);
    }
    const start = flow ? from : (entries[0]?.start ?? from);
    const last = entries.at(-1);
    const lastEnd = last && (last.value ? last.end : afterColon(block.text, last.end));
    const end = endOf(reading, flow ? undefined : lastEnd, start, valueEnd);
    return { kind: 'map', block, start, end, ...decorated, flow: flow === true, entries };
  }
  if (!isSeq(node)) return undefined;
  const items: Node[] = [];
  for (const item of node.items) {
    const made = isPair(item)
      ? pairAsMap(item as never, reading, depth)
      : convert(item as ParsedNode, reading, depth + 1);
    if (made) items.push(made);
  }
  const end = endOf(reading, flow ? undefined : items.at(-1)?.end, from, valueEnd);
  return { kind: 'seq', block, start: from, end, ...decorated, flow: flow === true, items };
}

function endOf(reading: Reading, lastEnd: number | undefined, start: number, valueEnd: number): number {
  const { text } = reading.block;
  return lastEnd === undefined ? trimEnd(text, start, valueEnd) : behindLastChild(text, lastEnd);
}

interface ParsedPair {
  readonly key: ParsedNode | null;
  readonly value: ParsedNode | null;
}

function entryOf(pair: ParsedPair, reading: Reading, depth: number): Entry | undefined {
  const key = pair.key ? convert(pair.key, reading, depth + 1) : undefined;
  // An alias or a collection as a key means nothing to any of our formats.
  if (key?.kind !== 'scalar') return undefined;
  const value = pair.value ? convert(pair.value, reading, depth + 1) : undefined;
  if (!value || isNothing(value)) return { key, start: key.start, end: key.end };
  return { key, value, start: key.start, end: Math.max(key.end, value.end) };
}

/** `[a: b]` holds a map of one pair without braces. */
function pairAsMap(pair: ParsedPair, reading: Reading, depth: number): Node | undefined {
  const entry = entryOf(pair, reading, depth + 1);
  if (!entry) return undefined;
  return {
    kind: 'map',
    block: reading.block,
    start: entry.start,
    end: entry.end,
    flow: true,
    entries: [entry],
  };
}

function scalar(
  node: ParsedNode & { readonly type?: string; readonly value?: unknown },
  reading: Reading,
): ScalarNode {
  const [start, valueEnd] = node.range as Range;
  const style = STYLES[node.type ?? 'PLAIN'] ?? 'plain';
  const end =
    style === 'literal' || style === 'folded' ? trimEnd(reading.block.text, start, valueEnd) : valueEnd;
  const text = typeof node.value === 'string' ? node.value : '';
  return { kind: 'scalar', block: reading.block, start, end, text, style, ...decoration(node) };
}

function decoration(node: { readonly anchor?: string; readonly tag?: string }): {
  anchor?: string;
  tag?: string;
} {
  const local = node.tag?.startsWith('!') ? node.tag : undefined;
  return { ...(node.anchor ? { anchor: node.anchor } : {}), ...(local ? { tag: local } : {}) };
}
