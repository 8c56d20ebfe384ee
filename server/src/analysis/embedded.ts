/** Texts of one format inside of files of another: reads and lowers them, and leads places and edits back. */
import type { Dialect, Embedded, Lowered, Unit } from '../dialects/dialect.js';
import { dialectById } from '../dialects/index.js';
import type { RunnerFile } from '../model/build-site.js';
import { type FileEdit, type Intent, placeOfIntent, type Written } from '../model/intent.js';
import type { Place } from '../model/known.js';
import { embeddedMap } from '../syntax/embedded-text.js';
import type { TextEdit } from '../syntax/patch.js';
import type { Block, ScalarNode, Tree } from '../syntax/tree.js';

/** A text with the format that reads it; the first of a file is the file itself. */
export interface Part {
  readonly dialect: Dialect;
  readonly unit: Unit;
  /** The value of the host file that is the text. */
  readonly node?: ScalarNode;
}

/** What a file and the texts in it lower to. */
export interface LoweredParts extends Omit<Lowered, 'runnerFile'> {
  readonly runnerFiles: readonly RunnerFile[];
}

/** The tree of an embedded text is kept for as long as the value that it stands in. */
const trees = new WeakMap<ScalarNode, { readonly dialect: Dialect; readonly tree: Tree }>();
const homes = new WeakMap<Block, ScalarNode>();

/** A file with the texts of other formats in it, the file first. */
export function partsOf(dialect: Dialect, unit: Unit): readonly Part[] {
  const embedded = dialect.embedded?.(unit.tree) ?? [];
  return [{ dialect, unit }, ...embedded.flatMap(one => partOf(one, unit))];
}

function partOf({ dialect: id, node, host }: Embedded, unit: Unit): readonly Part[] {
  const dialect = dialectById(id);
  if (!dialect || unit.tree.isTainted(node.block)) return [];
  const known = trees.get(node);
  const tree = known?.dialect === dialect ? known.tree : dialect.read(node.text);
  if (tree !== known?.tree) {
    trees.set(node, { dialect, tree });
    for (const document of tree.documents) for (const { block } of document.blocks) homes.set(block, node);
  }
  return [{ dialect, node, unit: { variables: unit.variables, path: unit.path, tree, host } }];
}

/** Lowers a file and the texts in it as one. */
export function lowerParts(dialect: Dialect, unit: Unit): LoweredParts {
  const lowered = partsOf(dialect, unit).map(part => part.dialect.lower(part.unit));
  return {
    sites: lowered.flatMap(({ sites }) => sites),
    runners: lowered.flatMap(({ runners }) => runners),
    problems: lowered.flatMap(({ problems }) => problems ?? []),
    runnerFiles: lowered.flatMap(({ runnerFile }) => runnerFile ?? []),
  };
}

/** The place in the host file of a place in an embedded text; any other place stays what it is. */
export function hostPlace(place: Place): Place {
  const node = homes.get(place.block);
  if (!node) return place;
  const { start, end } = embeddedMap(node).toSource(place) ?? node;
  return { path: place.path, block: node.block, start, end };
}

/** Writes intents about one file, each by the dialect of the text that it is about. */
export function writeParts(dialect: Dialect, unit: Unit, intents: readonly Intent[]): Written {
  const parts = partsOf(dialect, unit);
  const home = (intent: Intent): ScalarNode | undefined => homes.get(placeOfIntent(intent).block);
  if (!intents.every(intent => parts.some(({ node }) => node === home(intent))))
    return { refused: 'the text is not in the file any more' };
  const edits: FileEdit[] = [];
  for (const part of parts) {
    const own = intents.filter(intent => home(intent) === part.node);
    if (own.length === 0) continue;
    const written = writePart(part, own, part.node && unit.tree.startOf(part.node.block));
    if ('refused' in written) return written;
    edits.push(...written.edits);
  }
  return { edits };
}

/** `offset` is where the block that holds an embedded text starts in the file. */
function writePart(part: Part, intents: readonly Intent[], offset: number | undefined): Written {
  const written = part.dialect.write(intents, part.unit);
  const { node, unit } = part;
  if (node === undefined || 'refused' in written) return written;
  const map = embeddedMap(node);
  const edits = written.edits
    .flatMap(file => file.edits)
    .map(edit => shifted(map.toSourceEdit(edit), offset));
  return edits.some(edit => edit === undefined)
    ? { refused: 'the text stands in a value that cannot hold the change' }
    : { edits: [{ path: unit.path, edits: edits as readonly TextEdit[] }] };
}

function shifted(edit: TextEdit | undefined, by: number | undefined): TextEdit | undefined {
  return edit && by !== undefined ? { ...edit, start: edit.start + by, end: edit.end + by } : undefined;
}
