/** Texts of one format inside of files of another: reads and lowers them, and leads places and edits back. */
import type { Dialect, Embedded, Lowered, Unit } from '../dialects/dialect.js';
import { dialectById } from '../dialects/index.js';
import type { DialectId, RunnerFile } from '../model/build-site.js';
import { type FileEdit, type Intent, placeOfIntent, type Written } from '../model/intent.js';
import type { Place } from '../model/known.js';
import { embeddedMap } from '../syntax/embedded-text.js';
import type { TextEdit } from '../syntax/patch.js';
import type { Block, ScalarNode, Tree } from '../syntax/tree.js';

/** A text with the format that reads it; the first of a file is the file itself. */
export interface Part {
  readonly dialect: Dialect;
  readonly unit: Unit;
  /** Where the text stands; missing for a file. */
  readonly home?: Home;
}

interface Home {
  readonly around: Part;
  /** The value of the text around that is the text. */
  readonly node: ScalarNode;
}

/** What a file and the texts in it lower to. */
export interface LoweredParts extends Omit<Lowered, 'runnerFile'> {
  readonly runnerFiles: readonly RunnerFile[];
}

/** The tree of an embedded text is kept for as long as the value that it stands in. */
const trees = new WeakMap<ScalarNode, { readonly dialect: Dialect; readonly tree: Tree }>();
const homes = new WeakMap<Block, { readonly node: ScalarNode; readonly start: number }>();

/** A file with the texts of other formats in it, and those in them, the file first. */
export function partsOf(dialect: Dialect, unit: Unit): readonly Part[] {
  return withInner({ dialect, unit });
}

function withInner(part: Part): readonly Part[] {
  const embedded = part.dialect.embedded?.(part.unit.tree, part.unit.path) ?? [];
  return [part, ...embedded.flatMap(one => partIn(part, one))];
}

function partIn(around: Part, { dialect: id, node, host }: Embedded): readonly Part[] {
  const dialect = dialectById(id);
  const { unit } = around;
  if (!dialect || unit.tree.isTainted(node.block)) return [];
  const known = trees.get(node);
  const tree = known?.dialect === dialect ? known.tree : dialect.read(node.text);
  if (tree !== known?.tree) {
    trees.set(node, { dialect, tree });
    for (const { block } of tree.documents.flatMap(({ blocks }) => blocks))
      homes.set(block, { node, start: tree.startOf(block) ?? 0 });
  }
  const filledIn = host.filledIn ?? unit.host?.filledIn ?? false;
  return withInner({
    dialect,
    home: { around, node },
    unit: { variables: unit.variables, path: unit.path, tree, host: { ...host, filledIn } },
  });
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
  const home = homes.get(place.block);
  if (!home) return place;
  const { node, start: from } = home;
  const span = { start: from + place.start, end: from + place.end };
  const { start, end } = embeddedMap(node).toSource(span) ?? node;
  return hostPlace({ path: place.path, block: node.block, start, end });
}

/** An offset of a file, as one of the innermost text that holds it. */
export interface Spot {
  readonly dialect: DialectId;
  readonly tree: Tree;
  readonly offset: number;
}

export function spotAt(dialect: Dialect, unit: Unit, offset: number): Spot {
  const spots = partsOf(dialect, unit).flatMap(part => {
    const at = inward(part, offset);
    return at === undefined ? [] : [{ dialect: part.dialect.id, tree: part.unit.tree, offset: at }];
  });
  return spots.at(-1) ?? { dialect: dialect.id, tree: unit.tree, offset };
}

/** An offset of the file in the text of a part; `undefined` where it does not lie in that. */
function inward({ home }: Part, offset: number): number | undefined {
  const outer = home ? inward(home.around, offset) : offset;
  const start = home?.around.unit.tree.startOf(home.node.block);
  if (!home || outer === undefined) return outer;
  return start === undefined ? undefined : embeddedMap(home.node).fromSource(outer - start);
}

/** Writes intents about one file, each by the dialect of the text that it is about. */
export function writeParts(dialect: Dialect, unit: Unit, intents: readonly Intent[]): Written {
  const parts = partsOf(dialect, unit);
  const home = (intent: Intent): ScalarNode | undefined => homes.get(placeOfIntent(intent).block)?.node;
  if (!intents.every(intent => parts.some(part => part.home?.node === home(intent))))
    return { refused: 'the text is not in the file any more' };
  const edits: FileEdit[] = [];
  for (const part of parts) {
    const own = intents.filter(intent => home(intent) === part.home?.node);
    if (own.length === 0) continue;
    const written = writePart(part, own);
    if ('refused' in written) return written;
    edits.push(...written.edits);
  }
  return { edits: ofFiles(edits) };
}

/** The edits of one file and of the texts in it stand together, for they all count in its text as it was. */
function ofFiles(edits: readonly FileEdit[]): readonly FileEdit[] {
  const byPath = new Map<string, readonly TextEdit[]>();
  for (const { path, edits: own } of edits) byPath.set(path, [...(byPath.get(path) ?? []), ...own]);
  return [...byPath].map(([path, all]) => ({ path, edits: all.toSorted((a, b) => a.start - b.start) }));
}

function writePart(part: Part, intents: readonly Intent[]): Written {
  const written = part.dialect.write(intents, part.unit);
  if (!part.home || 'refused' in written) return written;
  const edits = written.edits.flatMap(file => file.edits).map(edit => outward(part, edit));
  return edits.some(edit => edit === undefined)
    ? { refused: 'the text stands in a value that cannot hold the change' }
    : { edits: [{ path: part.unit.path, edits: edits as readonly TextEdit[] }] };
}

/** An edit of an embedded text as one of the file. */
function outward({ home }: Part, edit: TextEdit): TextEdit | undefined {
  if (!home) return edit;
  const by = home.around.unit.tree.startOf(home.node.block);
  const source = embeddedMap(home.node).toSourceEdit(edit);
  if (!source || by === undefined) return undefined;
  return outward(home.around, { ...source, start: source.start + by, end: source.end + by });
}
