/** Tells TOML tests what lies at a path of a tree, and compares trees with plain values. */
import assert from 'node:assert/strict';
import type { TomlTree } from '../server/src/syntax/toml.js';
import type { Node, ScalarNode } from '../server/src/syntax/tree.js';

export type Step = string | number;

/** The node at a path of keys and indexes. */
export function at(tree: TomlTree, ...path: readonly Step[]): Node {
  let node: Node | undefined = tree.root;
  for (const step of path) node = child(node, step);
  return node;
}

function child(node: Node, step: Step): Node {
  if (node.kind === 'seq' && typeof step === 'number') return found(node.items[step], step);
  if (node.kind !== 'map') assert.fail(`no ${step} in a ${node.kind}`);
  return found(node.entries.find(entry => entry.key.text === step)?.value, step);
}

/** The value, which must be there. */
export function found<T>(value: T | undefined, name: Step): T {
  assert.ok(value !== undefined, `${name} is missing`);
  return value;
}

/** The text of the node at a path, as written. */
export function written(tree: TomlTree, ...path: readonly Step[]): string {
  const node = at(tree, ...path);
  return tree.text.slice(node.start, node.end);
}

/** The plain value that a node stands for; dates as `{ date }`. */
export function plain(node: Node): unknown {
  if (node.kind === 'seq') return node.items.map(plain);
  if (node.kind === 'map') {
    return Object.fromEntries(node.entries.map(entry => [entry.key.text, entry.value && plain(entry.value)]));
  }
  return node.kind === 'scalar' ? plainScalar(node) : assert.fail('TOML has no alias');
}

function plainScalar(node: ScalarNode): unknown {
  const digits = node.text.replace(/_/g, '');
  if (node.type === 'integer') return Number.isSafeInteger(Number(digits)) ? Number(digits) : BigInt(digits);
  if (node.type === 'float') return Number(digits.replace('inf', 'Infinity').replace('nan', 'NaN'));
  if (node.type === 'boolean') return node.text === 'true';
  return node.type === 'datetime' ? { date: moment(node.text) } : node.text;
}

/** A date as @iarna prints it: with milliseconds, in UTC if it has a zone. */
function moment(text: string): string {
  const zoned = /[zZ]$|[+-]\d\d:\d\d$/.test(text) && text.includes(':');
  if (zoned) return new Date(text.replace(' ', 'T')).toISOString();
  return /:\d\d$/.test(text) ? `${text}.000` : text;
}

/** Values of @iarna without its hidden marks and with dates as text. */
export function simple(value: unknown): unknown {
  if (value instanceof Date) return { date: value.toISOString() };
  if (Array.isArray(value)) return value.map(simple);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, simple(inner)]));
}

/** The keys of a table. */
export function keysOf(node: Node): string[] {
  return node.kind === 'map' ? node.entries.map(entry => entry.key.text) : assert.fail('no table');
}

/** The text with Windows line ends. */
export function crlf(text: string): string {
  return text.replace(/\n/g, '\r\n');
}
