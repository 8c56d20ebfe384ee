/** One file of a pipeline: its entries as GitLab sees them, with the inputs of its header put in. */
import type { Place } from '../../model/known.js';
import type { AliasNode, Block, Entry, Node, ScalarNode, Tree, TreeDocument } from '../../syntax/tree.js';
import { demandOn, headerOf, type Inputs, type Spec, specOf } from './spec-inputs.js';
import { isNull } from './values.js';

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
  /** It belongs to another project. */
  readonly foreign?: boolean;
}

/** Takes a file without putting anything in. */
export function plainSource(path: string, tree: Tree): Source {
  const document = contentOf(tree);
  return { path, tree, blocks: document?.blocks ?? [], entries: document?.entries ?? [], inputs: '' };
}

/** The file with its inputs in place: those given, else the defaults of its header. */
export function sourceOf(path: string, tree: Tree, given: Inputs): Source {
  const spec = specOf(tree);
  if (!spec) return plainSource(path, tree);
  const values = withDefaults(spec, given);
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
    inputs: [...values].map(([name, { node }]) => `${name}=${node.block.id}:${node.start}`).join(),
  };
}

/** As `tree.resolve`, for nodes of a file with inputs in place as well. */
export function resolveIn(tree: Tree, node: Node): Node | undefined {
  const stands = aliases.get(node);
  return stands ? stands() : tree.resolve(node);
}

/** The document that holds the pipeline. */
export function contentOf(tree: Tree): TreeDocument | undefined {
  return headerOf(tree) ? tree.documents[1] : tree.documents[0];
}

/** The value of an input. */
interface InputValue {
  readonly node: Node;
  /** An include gives it; else it is the default. */
  readonly given: boolean;
}

type InputValues = ReadonlyMap<string, InputValue>;

/** An input whose value GitLab refuses has none. */
function withDefaults({ inputs }: Spec, given: Inputs): InputValues {
  const values = new Map<string, InputValue>();
  for (const [name, input] of inputs) {
    const own = given.get(name)?.node;
    const initial = input.settings.get('default');
    if (own && !isNull(own)) {
      if (demandOn(input, own) === undefined) values.set(name, { node: own, given: true });
    } else if (initial && !isNull(initial)) values.set(name, { node: initial, given: false });
  }
  return values;
}

const INPUT = /\$\[\[\s*inputs\.([\w-]+)\s*((?:\|[^\]|]*)*)\]\]/g;

/** More characters come only from inputs that multiply from one file to the next; an item counts as some. */
const MAX_PUT_IN = 1_000_000;
const ITEM = 10;

/** A value that stands in the text of another one, through an input. */
export interface PutIn extends InputValue {
  readonly name: string;
}

/** One for the whole process: bundles that are loaded late have this module a second time. */
const MADE = Symbol.for('drydock.inputs');
const shared = globalThis as { [MADE]?: WeakMap<Node, readonly PutIn[]> };

/** Nodes whose text is not the one that stands in their file, with what was put into it. */
const made = shared[MADE] ?? new WeakMap<Node, readonly PutIn[]>();
shared[MADE] = made;
/** What aliases of copies stand for. */
const aliases = new WeakMap<Node, () => Node>();

/** True for a value whose text is not the one that stands in its file. */
export function isPutIn(node: Node): boolean {
  return made.has(node);
}

/** The inputs in the text of a value. */
export function putInsOf(node: Node): readonly PutIn[] {
  return made.get(node) ?? [];
}

/** One file while its inputs are put in. */
interface Copying {
  readonly tree: Tree;
  readonly values: InputValues;
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
  if (given && given.node.kind !== 'scalar') return standsFor(given.node, node);
  const puts: PutIn[] = [];
  const text = node.text.replace(INPUT, (all: string, name: string, functions: string) => {
    const value = copying.values.get(name);
    const put = value && applied(inText(value.node, copying), functions);
    if (!value || put === undefined || put.length > copying.room) return all;
    copying.room -= put.length;
    puts.push({ name, ...value });
    return put;
  });
  const copy: ScalarNode = { ...node, text };
  made.set(copy, puts);
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
