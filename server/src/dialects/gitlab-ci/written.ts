/** Finds in what is written of a job or file the nodes that only GitLab's reader minds: references and dates. */
import type { Node, ScalarNode, SeqNode } from '../../syntax/tree.js';
import { isText } from './psych.js';
import { isReference } from './references.js';

export interface Written {
  /** `!reference` lists, in the order of the text. */
  readonly references: readonly SeqNode[];
  /** Plain scalars, keys among them, that Ruby reads as dates or times. */
  readonly dates: readonly ScalarNode[];
  /** `services:` lists with something in them that is itself a list, or may stand for one. */
  readonly nestedServices: boolean;
  /** A `command:` or `entrypoint:` that is no list of texts, or may stand for none. */
  readonly oddWords: boolean;
}

const known = new WeakMap<Node, Written>();

/** What a node holds; aliases are not followed, for what they stand for is written elsewhere. */
export function writtenIn(node: Node): Written {
  const made = known.get(node);
  if (made) return made;
  const found: Finds = { references: [], dates: [], nestedServices: false, oddWords: false };
  walk(node, found);
  known.set(node, found);
  return found;
}

interface Finds {
  readonly references: SeqNode[];
  readonly dates: ScalarNode[];
  nestedServices: boolean;
  oddWords: boolean;
}

function walk(node: Node, found: Finds): void {
  if (node.kind === 'scalar') {
    if (isDate(node)) found.dates.push(node);
  } else if (node.kind === 'seq') {
    if (isReference(node)) found.references.push(node);
    for (const item of node.items) walk(item, found);
  } else if (node.kind === 'map') {
    for (const { key, value } of node.entries) {
      walk(key, found);
      if (value) walk(value, found);
      if (key.text === 'services' && value?.kind === 'seq' && value.tag === undefined)
        found.nestedServices ||= value.items.some(({ kind }) => kind === 'seq' || kind === 'alias');
      if (value && (key.text === 'command' || key.text === 'entrypoint')) found.oddWords ||= !isTexts(value);
    }
  }
}

function isTexts(node: Node): boolean {
  return node.kind === 'seq' && node.items.every(item => item.kind === 'scalar' && isText(item));
}

/** Source: ruby/psych lib/psych/scalar_scanner.rb, tokenize and TIME. */
const DATE = /^\d{4}-(?:1[012]|0\d|\d)-(?:[12]\d|3[01]|0\d|\d)$/;
const TIME =
  /^-?\d{4}-\d{1,2}-\d{1,2}(?:[Tt]|\s+)\d{1,2}:\d\d:\d\d(?:\.\d*)?(?:\s*(?:Z|[-+]\d{1,2}:?(?:\d\d)?))?$/;

function isDate({ text, style, tag, block, start }: ScalarNode): boolean {
  if (style !== 'plain' || text.length < 8 || !/^-?\d{4}-/.test(text)) return false;
  // A tag of YAML's own (`!!str`) is not kept in the tree.
  if (tag !== undefined || /!\S*\s+(?:&\S+\s+)?$/.test(block.text.slice(Math.max(0, start - 60), start)))
    return false;
  return DATE.test(text) || TIME.test(text);
}
