/** Writes changes to an entry of `services:`, which is the name of an image or a mapping. */
import type { Intent } from '../../model/intent.js';
import type { Place } from '../../model/known.js';
import type { TextEdit } from '../../syntax/patch.js';
import { type MapNode, type Node, type ScalarNode, sourceOf, type Tree } from '../../syntax/tree.js';
import { insertEntries, replaceEntry, replaceScalar, yamlScalar } from '../../syntax/yaml-edit.js';
import { findMapEntry, hasAnchor, rootOfBlock } from '../../syntax/yaml-find.js';
import { setInside } from '../write-yaml.js';

type ServiceIntent = Intent & {
  readonly kind: 'set-service-key' | 'set-service-variable' | 'set-health-check' | 'publish-port';
};

/** The edit, or why the change cannot be written. */
export function writeService(tree: Tree, intent: ServiceIntent): TextEdit | string {
  const image = imageAt(tree, intent.service);
  if (!image) return 'the service is not written there';
  const { node, map } = image;
  if (node.anchor !== undefined || hasAnchor(map)) return 'an anchor shares the service';
  if (intent.kind === 'set-service-key' && intent.key === 'alias')
    return 'the name of a service is its key in the workflow';
  if (!map) return expand(tree, node, intent) ?? 'the service is written in a way that cannot be changed';
  return setIn(tree, map, intent) ?? 'the service is written in a way that cannot be changed';
}

interface Image {
  readonly node: ScalarNode;
  /** The mapping of the service; missing for a bare name. */
  readonly map: MapNode | undefined;
}

function imageAt(tree: Tree, place: Place): Image | undefined {
  let holder: MapNode | undefined;
  let at: Node | undefined = rootOfBlock(tree, place.block);
  while (at && at.kind !== 'scalar') {
    if (at.kind === 'map') holder = at;
    const inner: readonly Node[] =
      at.kind === 'seq' ? at.items : at.kind === 'map' ? at.entries.flatMap(({ value }) => value ?? []) : [];
    at = inner.find(child => child.start <= place.start && child.end >= place.end);
  }
  if (at?.start !== place.start || at.end !== place.end || !holder) return undefined;
  return { node: at, map: findMapEntry(holder, 'image')?.value === at ? holder : undefined };
}

/** `dind: docker:dind` becomes a mapping in the lines below; a comment behind the name stays behind it. */
function expand(tree: Tree, node: ScalarNode, intent: ServiceIntent): TextEdit | undefined {
  const base = tree.startOf(node.block);
  const { text } = node.block;
  const added = entriesOf(intent, undefined);
  if (base === undefined || !added || sourceOf(node).includes('\n')) return undefined;
  const lineStart = text.lastIndexOf('\n', node.start - 1) + 1;
  const column = /^ */.exec(text.slice(lineStart))?.[0].length ?? 0;
  const indent = `${text.includes('\r\n') ? '\r\n' : '\n'}${' '.repeat(column + 2)}`;
  const lines = [`image: ${sourceOf(node)}`, ...added.map(([key, value]) => `${key}: ${value}`)];
  return {
    start: base + node.start - (text[node.start - 1] === ' ' ? 1 : 0),
    end: base + node.end,
    newText: lines.map(line => indent + line).join(''),
  };
}

function setIn(tree: Tree, map: MapNode, intent: ServiceIntent): TextEdit | undefined {
  if (intent.kind === 'set-service-variable') {
    const env = findMapEntry(map, 'env')?.value;
    const old = env?.kind === 'map' ? findMapEntry(env, intent.name) : undefined;
    if (old) return old.value?.kind === 'scalar' ? replaceScalar(tree, old.value, intent.value) : undefined;
    return setInside(tree, map, 'env', [[intent.name, yamlScalar(intent.value)]]);
  }
  const added = entriesOf(intent, map);
  const [key, value] = added?.[0] ?? [];
  if (key === undefined || value === undefined) return undefined;
  const old = findMapEntry(map, key);
  if (!old) {
    const last = map.entries.at(-1);
    return last && insertEntries(tree, { map, entry: last }, [[key, value]]);
  }
  return old.value?.kind === 'scalar' || intent.kind === 'publish-port'
    ? replaceOld(tree, old, intent, value)
    : undefined;
}

type OldEntry = NonNullable<ReturnType<typeof findMapEntry>>;

function replaceOld(tree: Tree, old: OldEntry, intent: ServiceIntent, value: string): TextEdit | undefined {
  if (intent.kind === 'publish-port') return addPort(tree, old, intent.port);
  return replaceEntry(tree, old, old.key.text, value);
}

function addPort(tree: Tree, { value }: OldEntry, port: number): TextEdit | undefined {
  const last = value?.kind === 'seq' ? value.items.at(-1) : undefined;
  const base = value && tree.startOf(value.block);
  if (value?.kind !== 'seq' || !last || base === undefined) return undefined;
  const { text } = last.block;
  const at = base + last.end;
  if (value.flow) return { start: at, end: at, newText: `, "${port}:${port}"` };
  const lineStart = text.lastIndexOf('\n', last.start - 1) + 1;
  const head = /^ *-\s*/.exec(text.slice(lineStart))?.[0];
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  return head === undefined
    ? undefined
    : { start: at, end: at, newText: `${lineBreak}${head}"${port}:${port}"` };
}

/** The keys that a change sets, with their values as YAML; `map` is what the service has so far. */
function entriesOf(
  intent: ServiceIntent,
  map: MapNode | undefined,
): readonly (readonly [string, string])[] | undefined {
  switch (intent.kind) {
    case 'set-service-key':
      return intent.value.length === 0 ? undefined : [[intent.key, yamlScalar(commandLine(intent.value))]];
    case 'set-service-variable':
      return [['env', `{ ${intent.name}: ${yamlScalar(intent.value)} }`]];
    case 'publish-port':
      return [['ports', `["${intent.port}:${intent.port}"]`]];
    case 'set-health-check':
      return options(map, `--health-cmd "${intent.command}" --health-interval 5s --health-retries 12`);
  }
}

/** `options:` with more flags; those that stand over several lines keep their lines. */
function options(
  map: MapNode | undefined,
  flags: string,
): readonly (readonly [string, string])[] | undefined {
  const old = map && findMapEntry(map, 'options')?.value;
  if (!old)
    return [
      ['options', /^[\w-]+$/.test(flags) ? flags : `${flags.startsWith('--') ? flags : yamlScalar(flags)}`],
    ];
  if (old.kind !== 'scalar') return undefined;
  if (old.style === 'plain') return [['options', `${sourceOf(old).trimEnd()} ${flags}`]];
  if (old.style === 'literal' || old.style === 'folded') {
    const source = sourceOf(old);
    const indent = /\n( +)\S[^\n]*\s*$/.exec(source)?.[1] ?? '';
    return old.style === 'folded' ? [['options', `${source.trimEnd()}\n${indent}${flags}`]] : undefined;
  }
  return [['options', yamlScalar(`${old.text.trim()} ${flags}`)]];
}

function commandLine(value: string | readonly string[]): string {
  if (typeof value === 'string') return value;
  return value
    .map(word => (/^[\w./:=@,+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
}
