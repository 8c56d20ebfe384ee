/** One file of a pipeline: its entries as GitLab sees them, with the inputs of its header put in. */
import type { Place } from '../../model/known.js';
import type {
  AliasNode,
  Block,
  Entry,
  MapNode,
  Node,
  ScalarNode,
  Tree,
  TreeDocument,
} from '../../syntax/tree.js';

/** A file as one `include:` brings it in; the same file may come again with other inputs. */
export interface Source {
  readonly path: string;
  readonly tree: Tree;
  /** Blocks of the pipeline with their roots; a header with `spec:` is none of them. */
  readonly blocks: readonly { readonly block: Block; readonly root: Node | undefined }[];
  readonly entries: readonly Entry[];
  /** The values of its inputs, for those who need to tell two inclusions of one file apart. */
  readonly inputs: string;
  /** Where the file that a pipeline starts with takes this one in, by whatever detour. */
  readonly includedAt?: Place;
}

/** What `include: inputs:` gives: nodes of the including file. */
export type Inputs = ReadonlyMap<string, Node>;

/** Takes a file without putting anything in. */
export function plainSource(path: string, tree: Tree): Source {
  const document = contentOf(tree);
  return { path, tree, blocks: document?.blocks ?? [], entries: document?.entries ?? [], inputs: '' };
}

/** The file with its inputs in place: those given, else the defaults of its header. */
export function sourceOf(path: string, tree: Tree, given: Inputs): Source {
  const header = headerOf(tree);
  if (!header) return plainSource(path, tree);
  const values = withDefaults(tree, header, given);
  const copying: Copying = { tree, values, copies: new Map(), room: MAX_PUT_IN };
  const blocks = (contentOf(tree)?.blocks ?? []).map(({ block, root }) => ({
    block,
    root: root && putIn(root, copying),
  }));
  return {
    path,
    tree,
    blocks,
    entries: blocks.flatMap(({ root }) => (root?.kind === 'map' ? root.entries : [])),
    inputs: [...values].map(([name, node]) => `${name}=${node.block.id}:${node.start}`).join(),
  };
}

/** As `tree.resolve`, for nodes of a file with inputs in place as well. */
export function resolveIn(tree: Tree, node: Node): Node | undefined {
  const stands = aliases.get(node);
  return stands ? stands() : tree.resolve(node);
}

/** A first document with `spec:` only declares inputs; the pipeline is the next one. */
export function contentOf(tree: Tree): TreeDocument | undefined {
  return headerOf(tree) ? tree.documents[1] : tree.documents[0];
}

function headerOf(tree: Tree): TreeDocument | undefined {
  const [first, second] = tree.documents;
  return second && first?.entries.some(({ key }) => key.text === 'spec') ? first : undefined;
}

function withDefaults(tree: Tree, header: TreeDocument, given: Inputs): Inputs {
  const spec = mapAt(tree, header.entries.find(({ key }) => key.text === 'spec')?.value);
  const declared = mapAt(tree, spec?.entries.find(({ key }) => key.text === 'inputs')?.value);
  const values = new Map<string, Node>();
  for (const { key, value } of declared?.entries ?? []) {
    const initial = mapAt(tree, value)?.entries.find(entry => entry.key.text === 'default')?.value;
    const node = given.get(key.text) ?? (initial && tree.resolve(initial));
    if (node) values.set(key.text, node);
  }
  return values;
}

function mapAt(tree: Tree, node: Node | undefined): MapNode | undefined {
  const map = node && tree.resolve(node);
  return map?.kind === 'map' ? map : undefined;
}

const INPUT = /\$\[\[\s*inputs\.([\w-]+)\s*((?:\|[^\]|]*)*)\]\]/g;

/** More characters come only from inputs that multiply from one file to the next; an item counts as some. */
const MAX_PUT_IN = 1_000_000;
const ITEM = 10;

/** Nodes whose text is not the one that stands in their file. */
const made = new WeakSet<Node>();
/** What aliases of copies stand for. */
const aliases = new WeakMap<Node, () => Node>();

/** True for a value whose text is not the one that stands in its file. */
export function isPutIn(node: Node): boolean {
  return made.has(node);
}

/** One file while its inputs are put in. */
interface Copying {
  readonly tree: Tree;
  readonly values: Inputs;
  readonly copies: Map<Node, Node>;
  /** How much may still be put in. */
  room: number;
}

/**
 * A copy of a tree with inputs in place. Copies keep their places, so that findings stand where the input is used;
 * aliases stay aliases, of copies, for they multiply what they stand for.
 * Source: gitlabhq lib/gitlab/ci/config/interpolation/interpolator.rb.
 */
function putIn(node: Node, copying: Copying): Node {
  const known = copying.copies.get(node);
  if (known) return known;
  const copy = copyOf(node, copying);
  copying.copies.set(node, copy);
  return copy;
}

function copyOf(node: Node, copying: Copying): Node {
  switch (node.kind) {
    case 'scalar':
      return scalarWith(node, copying);
    case 'seq':
      return { ...node, items: node.items.flatMap(item => itemsOf(item, copying)) };
    case 'map':
      return {
        ...node,
        entries: node.entries.map(({ key, value, ...entry }) => ({
          ...entry,
          key: keyOf(scalarWith(key, copying), key),
          ...(value ? { value: putIn(value, copying) } : {}),
        })),
      };
    default:
      return aliasOf(node, copying);
  }
}

/** A list that is given as an item is spliced in. */
function itemsOf(item: Node, copying: Copying): readonly Node[] {
  const put = putIn(item, copying);
  const list = item.kind === 'scalar' ? resolveIn(copying.tree, put) : undefined;
  if (list?.kind !== 'seq') return [put];
  copying.room -= list.items.length * ITEM;
  return copying.room < 0 ? [item] : list.items;
}

/** What is given once may be used often, and again in what it is given to: it multiplies as aliases do. */
function standsFor(given: Node, { block, start, end }: ScalarNode): Node {
  const alias: AliasNode = { kind: 'alias', name: '', block, start, end };
  aliases.set(alias, () => given);
  return alias;
}

function aliasOf(node: AliasNode, copying: Copying): Node {
  const target = copying.tree.resolve(node);
  const copy: Node = { ...node };
  if (target) aliases.set(copy, () => putIn(target, copying));
  return copy;
}

function keyOf(node: Node, key: ScalarNode): ScalarNode {
  return node.kind === 'scalar' ? node : key;
}

/** A value that is nothing but one input takes its type over too, lists and maps included. */
function scalarWith(node: ScalarNode, copying: Copying): Node {
  if (!node.text.includes('$[[')) return node;
  const [whole] = node.text.matchAll(INPUT);
  const given = whole?.[0] === node.text.trim() ? copying.values.get(whole[1] ?? '') : undefined;
  if (given && given.kind !== 'scalar') return standsFor(given, node);
  const text = node.text.replace(INPUT, (all: string, name: string, functions: string) => {
    const value = copying.values.get(name);
    const put = value && applied(inText(value, copying), functions);
    if (put === undefined || put.length > copying.room) return all;
    copying.room -= put.length;
    return put;
  });
  const copy: ScalarNode = { ...node, text };
  made.add(copy);
  return copy;
}

/** A value inside of a longer text, as Ruby writes it. */
function inText(value: Node, copying: Copying): string {
  if (value.kind === 'scalar') return value.text;
  copying.room -= 1;
  if (value.kind !== 'seq' || copying.room < 0) return '';
  return `[${value.items.map(item => JSON.stringify(inText(item, copying))).join(', ')}]`;
}

/** `undefined` for a function whose result cannot be told. `expand_vars` leaves what later expands anyway. */
function applied(value: string, functions: string): string | undefined {
  let text: string | undefined = value;
  for (const name of functions.split('|').slice(1)) {
    const cut = /^\s*truncate\(\s*(\d+)\s*,\s*(\d+)\s*\)\s*$/.exec(name);
    if (cut && text !== undefined) text = text.slice(Number(cut[1]), Number(cut[1]) + Number(cut[2]));
    else if (name.trim() !== 'expand_vars' && name.trim() !== '') text = undefined;
  }
  return text;
}
