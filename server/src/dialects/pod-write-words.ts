/** Writes into what a container of a pod runs: a text for a shell, or a list of words. */
import type { Intent } from '../model/intent.js';
import type { Place } from '../model/known.js';
import type { TextEdit } from '../syntax/patch.js';
import type { Tree } from '../syntax/tree.js';
import { replaceInScalar, replaceScalar } from '../syntax/yaml-edit.js';
import { hasAnchor, nodeAt, rootOfBlock } from '../syntax/yaml-find.js';
import { insertItem, itemAt, removeItem } from '../syntax/yaml-list.js';
import { KANIKO, type LineWord, lineFrom, scriptIn } from './pod-scripts.js';
import { around } from './pod-write-env.js';
import { SHARED } from './pod-write-lists.js';

type Edit = TextEdit | string | undefined;
type ReplaceWords = Intent & { readonly kind: 'replace-words' };

/** Offsets of the intent count in the text that was read. */
export function replaceWords(tree: Tree, intent: ReplaceWords): Edit {
  const words = wordsAround(tree, intent.script);
  if (words) return inLine(tree, words, intent);
  const node = nodeAt(tree, intent.script);
  if (node?.kind !== 'scalar') return 'what the container runs is written in a way that cannot be changed';
  if (node.anchor !== undefined) return SHARED;
  return (
    replaceInScalar(tree, node, { start: intent.start, end: intent.end }, intent.text) ??
    'the script is written in a way that cannot hold the new words'
  );
}

/** The words of the container around a place, where they are no text for a shell. */
function wordsAround(tree: Tree, place: Place): readonly LineWord[] | undefined {
  const file = { path: place.path, tree, doubt: undefined };
  for (const node of around(tree, place).toReversed()) {
    const found = node.kind === 'map' ? scriptIn(file, node, KANIKO) : undefined;
    if (found) return 'words' in found ? lineFrom(found.words, found.program).words : undefined;
  }
  return undefined;
}

/** Only whole words, which no shell would read. */
function inLine(tree: Tree, words: readonly LineWord[], { start, end, text }: ReplaceWords): Edit {
  const at = words.findIndex(word => word.end === end);
  const word = words[at];
  const from = words[at - 1]?.end ?? (word && word.start - 1);
  const own = word && itemAt(rootOfBlock(tree, word.item.block), word.item);
  if (!word || !own) return SPLIT;
  const { list, item } = own;
  if (hasAnchor(list)) return SHARED;
  const added = /^(?: [\w./:=@%+,-]+)+$/.test(text) ? text.trim().split(' ') : undefined;
  if (text === '' && (start === word.start || start === from)) return removeItem(tree, list, item) ?? LAST;
  if (start === end && added) {
    const edits = added.map(one => insertItem(tree, list, item, one));
    const [first] = edits;
    return first && { ...first, newText: edits.map(edit => edit?.newText ?? '').join('') };
  }
  const isPlain = start === word.start && /^[\w./:=@%+,-]+$/.test(text) && item.kind === 'scalar';
  return isPlain ? replaceScalar(tree, item, text) : SPLIT;
}

const SPLIT = 'the command is a list of words, which no shell reads';
const LAST = 'nothing would be left of the command';
