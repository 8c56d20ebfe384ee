/** The inputs that a file declares in its `spec:`, and which of the values given for them GitLab refuses. */
import type { MapNode, Node, ScalarNode, Tree, TreeDocument } from '../../syntax/tree.js';
import { psychText } from './psych.js';
import { isNull } from './values.js';

/** One input as its file declares it. */
export interface DeclaredInput {
  /** The key that names it. */
  readonly name: ScalarNode;
  /** `default`, `type`, `options` and so on, as written. */
  readonly settings: ReadonlyMap<string, Node>;
  /** All that is said of it is in `settings`. */
  readonly whole: boolean;
}

export interface Spec {
  readonly inputs: ReadonlyMap<string, DeclaredInput>;
  /** False where other files (`spec: include:`) or merge keys may declare more. */
  readonly complete: boolean;
}

/** A value that an include gives, with its key. */
export interface GivenInput {
  readonly key: ScalarNode;
  /** As written; where it is an alias, it stands here and its value elsewhere. */
  readonly written: Node;
  /** What it stands for. */
  readonly node: Node;
}

/** What `include: inputs:` gives, by name: nodes of the including file. */
export type Inputs = ReadonlyMap<string, GivenInput>;

/** A first document with `spec:` only declares inputs; the pipeline is the next one. */
export function headerOf(tree: Tree): TreeDocument | undefined {
  const [first, second] = tree.documents;
  return second && first?.entries.some(({ key }) => key.text === 'spec') ? first : undefined;
}

/** The inputs of a file; `undefined` where it has no header. */
export function specOf(tree: Tree): Spec | undefined {
  const header = headerOf(tree);
  if (!header) return undefined;
  const spec = mapAt(tree, header.entries.find(({ key }) => key.text === 'spec')?.value);
  const written = settingsOf(tree, spec);
  const declared = mapAt(tree, written.settings.get('inputs'));
  const names = settingsOf(tree, declared);
  const inputs = new Map<string, DeclaredInput>();
  for (const { key, value } of declared?.entries ?? []) {
    const node = value && tree.resolve(value);
    const plain = node === undefined || isNull(node) || node.kind === 'map';
    const { settings, whole } = settingsOf(tree, node?.kind === 'map' ? node : undefined);
    inputs.set(key.text, { name: key, settings, whole: whole && plain });
  }
  return { inputs, complete: written.whole && names.whole && !written.settings.has('include') };
}

function mapAt(tree: Tree, node: Node | undefined): MapNode | undefined {
  const map = node && tree.resolve(node);
  return map?.kind === 'map' ? map : undefined;
}

function settingsOf(
  tree: Tree,
  map: MapNode | undefined,
): { settings: ReadonlyMap<string, Node>; whole: boolean } {
  const settings = new Map<string, Node>();
  for (const { key, value } of map?.entries ?? []) {
    const node = tree.resolve(value ?? key);
    if (node) settings.set(key.text, value ? node : { ...key, text: '', style: 'plain' });
  }
  return { settings, whole: !settings.has('<<') };
}

/** Whether GitLab refuses an include that leaves the input out. Rules may give it a value. */
export function isRequired({ settings, whole }: DeclaredInput): boolean {
  return whole && !settings.has('default') && !settings.has('rules');
}

/** What GitLab demands of the value in words (`a number`); `undefined` where it takes it, or that cannot be told. */
export function demandOn(input: DeclaredInput, given: Node): string | undefined {
  if (!input.whole || given.tag !== undefined || isNull(given) || isOpen(given)) return undefined;
  const type = wordAt(input, 'type') ?? 'string';
  return typeDemand(type, given) ?? optionsDemand(type, input, given) ?? patternDemand(type, input, given);
}

/** What variables and outer inputs put in is not known here. */
function isOpen(node: Node): boolean {
  return node.kind === 'scalar' ? node.text.includes('$') : node.kind === 'alias';
}

function wordAt({ settings }: DeclaredInput, key: string): string | undefined {
  const node = settings.get(key);
  return node?.kind === 'scalar' && !isNull(node) ? node.text : undefined;
}

/**
 * Newer versions turn whatever is given for a string into text, and read text as JSON for the other types; what they
 * take is not refused here, though older ones did. Source: gitlabhq lib/ci/inputs/base_input.rb, coerced_value.
 */
function typeDemand(type: string, given: Node): string | undefined {
  const text = given.kind === 'scalar' ? psychText(given) : undefined;
  switch (type) {
    case 'number':
      return text !== undefined && isNumber(text) ? undefined : 'a number';
    case 'boolean':
      return text === 'true' || text === 'false' ? undefined : 'true or false';
    case 'array':
      return given.kind === 'seq' || (text?.trim().startsWith('[') ?? false) ? undefined : 'a list';
    default:
      return undefined;
  }
}

function isNumber(text: string): boolean {
  return !Number.isNaN(Number(text)) || /^[-+]?\.(?:inf|nan)$/i.test(text);
}

/** Source: gitlabhq lib/ci/inputs/string_input.rb, validate_options. */
function optionsDemand(type: string, input: DeclaredInput, given: Node): string | undefined {
  const allowed = optionsOf(input);
  if (!allowed || given.kind !== 'scalar' || (type !== 'string' && type !== 'number')) return undefined;
  const meant = new Set([given.text, psychText(given)]);
  if (allowed.some(option => meant.has(option.text) || meant.has(psychText(option)))) return undefined;
  const shown = allowed.slice(0, MAX_SHOWN).map(({ text }) => `"${text}"`);
  return `one of ${shown.join(', ')}${allowed.length > shown.length ? ' …' : ''}`;
}

const MAX_SHOWN = 6;

/** The values that an input may have; `undefined` where anything goes, or that cannot be told. */
export function optionsOf({ settings, whole }: DeclaredInput): readonly ScalarNode[] | undefined {
  const options = settings.get('options');
  if (!whole || options?.kind !== 'seq' || settings.has('rules')) return undefined;
  const scalars = options.items.filter(item => item.kind === 'scalar');
  return scalars.length === options.items.length && scalars.length > 0 ? scalars : undefined;
}

/** Source: gitlabhq lib/ci/inputs/string_input.rb, validate_regex. */
function patternDemand(type: string, input: DeclaredInput, given: Node): string | undefined {
  const pattern = wordAt(input, 'regex');
  if (type !== 'string' || pattern === undefined || given.kind !== 'scalar') return undefined;
  const text = psychText(given);
  const matcher = text.length <= MAX_MATCHED ? matcherFor(pattern) : undefined;
  return matcher && !matcher.test(text) ? `a text that matches ${pattern}` : undefined;
}

const MAX_MATCHED = 50;
const MAX_LOOPS = 4;

/** Letters, escapes and classes with quantifiers, groups without loops: RE2 and JavaScript read these alike. */
const COMMON =
  /^(?:\((?:\?:)?|\)\??|\||\^|\$|(?:[\w\-/.,:;@#%&=!~<> "']|\\[dwsDWS.\-/+*?()[\]{}|^$\\]|\[\^?(?:[\w\-/.,:;@#%=!~ +*?]|\\[dws.\-/\]\\])+\])(?:[*+?]|\{\d{1,2}(?:,\d{0,2})?\})?)*$/;

/** `undefined` for a pattern that RE2 may read otherwise, or that takes long. */
function matcherFor(pattern: string): RegExp | undefined {
  if (pattern.length > 200 || (pattern.match(/[*+{]/g)?.length ?? 0) > MAX_LOOPS) return undefined;
  if (!COMMON.test(pattern) || /\)[*+{]/.test(pattern)) return undefined;
  try {
    return new RegExp(pattern);
  } catch {
    return undefined;
  }
}
