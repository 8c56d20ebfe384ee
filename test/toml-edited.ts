/** Finds what TOML edit tests change, and makes one edit with checks that hold for all. */
import assert from 'node:assert/strict';
import { applyEdits, type TextEdit } from '../server/src/syntax/patch.js';
import { readToml, type TomlTree, tomlValues } from '../server/src/syntax/toml.js';
import type { Entry, MapNode, Node, SeqNode } from '../server/src/syntax/tree.js';
import { at, crlf } from './toml-values.js';

/** The node at a path like `runners.0.docker`. */
function nodeAt(tree: TomlTree, path: string): Node {
  const steps = path.split('.').filter(Boolean);
  return at(tree, ...steps.map(step => (/^\d+$/.test(step) ? Number(step) : step)));
}

/** The table at a path. */
export function table(tree: TomlTree, path: string): MapNode {
  const node = nodeAt(tree, path);
  return node.kind === 'map' ? node : assert.fail(`${path} is no table`);
}

/** The array at a path. */
export function array(tree: TomlTree, path: string): SeqNode {
  const node = nodeAt(tree, path);
  return node.kind === 'seq' ? node : assert.fail(`${path} is no array`);
}

/** The entry at a path. */
export function entry(tree: TomlTree, path: string): Entry {
  const steps = path.split('.');
  const parent = table(tree, steps.slice(0, -1).join('.'));
  return parent.entries.find(other => other.key.text === steps.at(-1)) ?? assert.fail(`no ${path}`);
}

/** The text after the edit, which must be TOML to a strict parser too, in LF as in CRLF. */
export function edited(text: string, make: (tree: TomlTree) => TextEdit): string {
  const result = applyEdits(text, [make(readToml(text))]);
  const other = applyEdits(crlf(text), [make(readToml(crlf(text)))]);
  if (text.includes('\n')) assert.equal(other, crlf(result), 'the same with CRLF');
  assert.ok(tomlValues(result), `no TOML: ${result}`);
  assert.deepEqual(readToml(result).problems, []);
  return result;
}
