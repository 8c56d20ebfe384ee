/** Reads a block of sound YAML from the events of `js-yaml`, many times as fast as a parser that recovers. */
import {
  COLLECTION_STYLE,
  EVENT_ID,
  type Event,
  getScalarValue,
  SCALAR_STYLE,
  type ScalarEvent,
} from 'js-yaml';
import {
  type Entry,
  type Node,
  newBlock,
  type ParsedBlock,
  type ScalarNode,
  type ScalarStyle,
  sourceOf,
} from './tree.js';
import { type Events, eventsOf } from './yaml-shallow.js';
import { afterColon, behindLastChild, commentEnd, isNothing, trimEnd } from './yaml-spans.js';

/** Deeper texts are left to the parser that recovers. */
const MAX_DEPTH = 100;

const STYLES: Readonly<Record<number, ScalarStyle>> = {
  [SCALAR_STYLE.PLAIN]: 'plain',
  [SCALAR_STYLE.SINGLE_QUOTED]: 'single',
  [SCALAR_STYLE.DOUBLE_QUOTED]: 'double',
  [SCALAR_STYLE.LITERAL_BLOCK]: 'literal',
  [SCALAR_STYLE.FOLDED_BLOCK]: 'folded',
};

/**
 * Reads `text` as a YAML document of its own. `undefined` for a text that is not sound, holds more than one document
 * or uses what this reader does not follow; else the result is the one that `recoverBlock` gives.
 */
export function readSoundBlock(text: string): ParsedBlock | undefined {
  const found = UNCLEAR.test(text) ? undefined : eventsOf(text, { maxDepth: MAX_DEPTH });
  if (!found) return undefined;
  const { events } = found;
  const reading: Reading = {
    block: newBlock(text),
    text,
    ...found,
    next: 1,
    at: 0,
    anchors: new Map(),
    lost: false,
  };
  const root = events.length > 0 ? readNode(reading) : undefined;
  const whole = root === undefined || (reading.next === events.length - 1 && !isNothing(root));
  return whole && !reading.lost
    ? { block: reading.block, root, problems: [], anchors: reading.anchors }
    : undefined;
}

/** Parsers differ on carriage returns that stand alone, and on tabs that begin a line. */
const UNCLEAR = /\r(?!\n)|(?:^|\n) *\t/;

interface Reading extends Events {
  readonly block: ParsedBlock['block'];
  readonly text: string;
  /** Index of the event that is read next. */
  next: number;
  /** Offset behind all that has been read. */
  at: number;
  readonly anchors: Map<string, Node[]>;
  /** Something came up that this reader does not follow. */
  lost: boolean;
}

type NodeEvent = Exclude<Event, { type: typeof EVENT_ID.DOCUMENT | typeof EVENT_ID.POP }>;
type ContentEvent = Exclude<NodeEvent, { type: typeof EVENT_ID.ALIAS }>;

function readNode(reading: Reading): Node {
  const event = reading.events[reading.next++] as NodeEvent;
  if (event.type === EVENT_ID.ALIAS) {
    const { block, text } = reading;
    reading.at = event.anchorEnd;
    const name = text.slice(event.anchorStart, event.anchorEnd);
    return { kind: 'alias', block, start: event.anchorStart - 1, end: event.anchorEnd, name };
  }
  if (event.anchorStart < 0 && event.tagStart < 0) return content(event, reading, NO_DECORATION);
  reading.at = Math.max(reading.at, event.anchorEnd, event.tagEnd);
  if (!isFollowed(event, reading)) reading.lost = true;
  const node = content(event, reading, decoration(event, reading.text));
  if (node.anchor !== undefined) {
    const named = reading.anchors.get(node.anchor);
    if (named) named.push(node);
    else reading.anchors.set(node.anchor, [node]);
  }
  return node;
}

type Decoration = Pick<Node, 'anchor' | 'tag'>;

const NO_DECORATION: Decoration = {};

function decoration({ anchorStart, anchorEnd, tagStart, tagEnd }: ContentEvent, text: string): Decoration {
  return {
    ...(anchorStart < 0 ? {} : { anchor: text.slice(anchorStart, anchorEnd) }),
    ...(tagStart < 0 ? {} : { tag: text.slice(tagStart, tagEnd) }),
  };
}

/** Tags other than plain local ones, such as `!reference`, are rare. The library also takes `!a[b]` for a tag and a list. */
function isFollowed({ tagStart }: ContentEvent, { text, at }: Reading): boolean {
  return (tagStart < 0 || /\w/.test(text.charAt(tagStart + 1))) && /^$|[\s,\]}]/.test(text.charAt(at));
}

function content(event: ContentEvent, reading: Reading, decorated: Decoration): Node {
  if (event.type === EVENT_ID.SCALAR) return scalar(event, reading, decorated);
  const { block, text } = reading;
  const { start } = event;
  const bracket = text[start] === '[' || text[start] === '{';
  const flow = event.style === COLLECTION_STYLE.FLOW;
  reading.at = bracket ? start + 1 : start;
  if (event.type === EVENT_ID.SEQUENCE) {
    const items: Node[] = [];
    while (!isOver(reading)) {
      if (!flow) reading.at = find(text, reading.at, '-') + 1;
      items.push(readNode(reading));
    }
    const end = endOf(reading, bracket);
    return { kind: 'seq', block, start, end, ...decorated, flow, items };
  }
  const entries: Entry[] = [];
  while (!isOver(reading)) entries.push(readEntry(reading));
  const end = endOf(reading, bracket);
  return {
    kind: 'map',
    block,
    start: bracket ? start : (entries[0]?.start ?? start),
    end,
    ...decorated,
    flow,
    entries,
  };
}

/** Whether the collection ends here; steps over its end. */
function isOver(reading: Reading): boolean {
  if (reading.events[reading.next]?.type !== EVENT_ID.POP) return false;
  reading.next++;
  return true;
}

/** The end of a collection of which all has been read but its bracket. */
function endOf(reading: Reading, bracket: boolean): number {
  const { text, at } = reading;
  reading.at = bracket ? find(text, at, ']}') + 1 : behindLastChild(text, at);
  return reading.at;
}

function readEntry(reading: Reading): Entry {
  const key = readNode(reading) as ScalarNode;
  if (!isKey(key)) reading.lost = true;
  const { text } = reading;
  const colon = afterColon(text, reading.at);
  reading.at = colon;
  const value = readNode(reading);
  if (isNothing(value)) {
    reading.at = colon;
    return { key, start: key.start, end: key.end };
  }
  // The library takes `a: !tag b: c`, which is no YAML.
  const compact = value.kind === 'map' && !value.flow && !text.slice(colon, value.start).includes('\n');
  if (compact || (value.kind === 'seq' && !value.flow && goesOn(reading))) reading.lost = true;
  return { key, value, start: key.start, end: Math.max(key.end, value.end) };
}

/** Whether a key stands behind the last item of a list, on its line: the library takes it for one below. */
function goesOn({ text, at }: Reading): boolean {
  return text[at - 1] !== '\n' && /^[ \t]*[^\s#]/.test(text.slice(at, text.indexOf('\n', at) >>> 0));
}

/** Aliases, collections and nothing as a key mean nothing to any of our formats, and a key is one line. */
function isKey(node: Node): boolean {
  return node.kind === 'scalar' && !isNothing(node) && !sourceOf(node).includes('\n');
}

function scalar(event: ScalarEvent, reading: Reading, decorated: Decoration): Node {
  const { block, text, joined } = reading;
  if (event.valueStart < 0) return empty(reading, decorated);
  const { style, valueStart, valueEnd } = event;
  const plain = event.fast && !(joined && text.slice(valueStart, valueEnd).includes('\n'));
  const value = plain ? text.slice(valueStart, valueEnd) : getScalarValue(text, { ...event, fast: false });
  let start = valueStart;
  let end = valueEnd;
  if (style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED) {
    start -= 1;
    end += 1;
  } else if (style !== SCALAR_STYLE.PLAIN) {
    start = find(text, reading.at, '|>');
    end = trimEnd(text, start, valueEnd);
  }
  reading.at = end;
  return { kind: 'scalar', block, start, end, text: value, style: STYLES[style] ?? 'plain', ...decorated };
}

/** Nothing is written; the place is where it could be. */
function empty(reading: Reading, decorated: Decoration): Node {
  const { block, text } = reading;
  while (text[reading.at] === ' ') reading.at++;
  const { at } = reading;
  return { kind: 'scalar', block, start: at, end: at, text: '', style: 'plain', ...decorated };
}

/** The first of some characters at or behind an offset that does not stand in a comment; the end when there is none. */
function find(text: string, from: number, wanted: string): number {
  for (let i = from; i < text.length; i++) {
    if (text[i] === '#') i = commentEnd(text, i);
    else if (wanted.includes(text[i] as string)) return i;
  }
  return text.length;
}
