/** Finds in what is written of a job or file what only GitLab's reader minds: references, dates, and what is no text. */
import type { Node, ScalarNode, SeqNode } from '../../syntax/tree.js';
import { isText } from './psych.js';
import { isReference } from './references.js';
import { isNull } from './values.js';

export interface Written {
  /** `!reference` lists, in the order of the text. */
  readonly references: readonly SeqNode[];
  /** Plain scalars, keys among them, that Ruby reads as dates or times. */
  readonly dates: readonly ScalarNode[];
  /** `services:` lists with something in them that is itself a list, or may stand for one. */
  readonly nestedServices: boolean;
  /** A `command:` or `entrypoint:` that is no list of texts, or may stand for none. */
  readonly oddWords: boolean;
  /** A script with something in it that is no text, or a list that holds such a thing and may come into a script. */
  readonly oddScript: boolean;
  /** An image, services, tags or variables of another kind than GitLab wants. */
  readonly oddShape: boolean;
}

/** What GitLab knows of images and services. Source: gitlabhq lib/gitlab/ci/config/entry: imageable.rb, service.rb. */
const IMAGE_KEYS = ['name', 'entrypoint', 'pull_policy', 'docker', 'kubernetes'];
export const CONTAINER_KEYS: Readonly<Record<'image' | 'service', ReadonlySet<string>>> = {
  image: new Set(IMAGE_KEYS),
  service: new Set([...IMAGE_KEYS, 'command', 'alias', 'variables']),
};

/** What variables of jobs, and those for all jobs, may say. Source: the same, variables.rb, root.rb, processable.rb. */
export const JOB_DATA: ReadonlySet<string> = new Set(['value', 'expand']);
export const ROOT_DATA: ReadonlySet<string> = new Set([...JOB_DATA, 'description', 'options']);

/** Keys that hold commands. */
export const SCRIPT_KEYS = ['before_script', 'script', 'after_script', 'pre_get_sources_script'] as const;
const SCRIPTS: ReadonlySet<string> = new Set(SCRIPT_KEYS);

/** Keys whose lists hold other things than commands. */
const NO_SCRIPTS: ReadonlySet<string> = new Set([
  ...['include', 'stages', 'workflow', 'variables', 'services', 'tags', 'cache', 'artifacts', 'links'],
  ...['rules', 'only', 'except', 'needs', 'dependencies', 'matrix', 'retry', 'allow_failure'],
]);

const known = new WeakMap<Node, Written>();

/** What a node holds; aliases are not followed, for what they stand for is written elsewhere. */
export function writtenIn(node: Node): Written {
  const made = known.get(node);
  if (made) return made;
  const found: Finds = {
    references: [],
    dates: [],
    nestedServices: false,
    oddWords: false,
    oddScript: false,
    oddShape: false,
  };
  walk(node, found, ROOT_DATA);
  found.oddScript = mayBreakScript(node);
  known.set(node, found);
  return found;
}

interface Finds {
  readonly references: SeqNode[];
  readonly dates: ScalarNode[];
  nestedServices: boolean;
  oddWords: boolean;
  oddScript: boolean;
  oddShape: boolean;
}

/** `data` is what variables may say here. */
function walk(node: Node, found: Finds, data = JOB_DATA): void {
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
      if (value) found.oddShape ||= isOddShape(key.text, value, data);
      if (value && (key.text === 'command' || key.text === 'entrypoint')) found.oddWords ||= !isTexts(value);
    }
  }
}

/** Whether the value of a key is of another kind than GitLab wants, as far as it stands there. */
function isOddShape(key: string, node: Node, data: ReadonlySet<string>): boolean {
  const list = node.kind === 'seq' && node.tag === undefined;
  switch (key) {
    case 'image':
      return list || isOddContainer(node, CONTAINER_KEYS.image);
    case 'services':
      return node.kind === 'seq'
        ? node.items.some(item => isOddContainer(item, CONTAINER_KEYS.service))
        : isValue(node);
    case 'tags':
      return node.kind === 'seq' ? list && node.items.some(isOther) : isValue(node);
    case 'variables':
      if (node.kind !== 'map') return list || isValue(node);
      return node.entries.some(({ value }) => value !== undefined && isOddVariable(value, data));
    default:
      return false;
  }
}

function isValue(node: Node): boolean {
  return node.kind === 'map' || (node.kind === 'scalar' && !isNull(node));
}

function isOddContainer(node: Node, keys: ReadonlySet<string>): boolean {
  if (node.kind === 'scalar') return !isNull(node) && !isText(node);
  if (node.kind !== 'map' || node.entries.some(({ key }) => key.text === '<<')) return false;
  const name = node.entries.find(({ key }) => key.text === 'name')?.value;
  return (
    name === undefined ||
    (name.kind === 'scalar' && !isText(name)) ||
    node.entries.some(({ key }) => !keys.has(key.text))
  );
}

function isOddVariable(node: Node, data: ReadonlySet<string>): boolean {
  if (node.kind === 'map') return node.entries.some(({ key }) => key.text !== '<<' && !data.has(key.text));
  return node.kind === 'seq' && node.tag === undefined;
}

/** Aliases and references are left to what they stand for, which is written elsewhere. */
function mayBreakScript(node: Node): boolean {
  if (node.kind === 'seq') return isOther(node);
  if (node.kind !== 'map') return false;
  return node.entries.some(({ key, value }) => {
    if (!value || NO_SCRIPTS.has(key.text)) return false;
    return SCRIPTS.has(key.text) ? isOther(value) : mayBreakScript(value);
  });
}

/** Whether a script, or an item of one, is something else than text. */
function isOther(node: Node): boolean {
  if (node.kind === 'seq') return node.tag === undefined && node.items.some(isOther);
  return node.kind === 'map' || (node.kind === 'scalar' && !isText(node));
}

/** A number, a truth value or an empty one that no tag makes a text. */
export function isOtherScalar(node: Node): boolean {
  return node.kind === 'scalar' && !isText(node) && !isTagged(node);
}

function isTexts(node: Node): boolean {
  return node.kind === 'seq' && node.items.every(item => item.kind === 'scalar' && isText(item));
}

/** Source: ruby/psych lib/psych/scalar_scanner.rb, tokenize and TIME. */
const DATE = /^\d{4}-(?:1[012]|0\d|\d)-(?:[12]\d|3[01]|0\d|\d)$/;
const TIME =
  /^-?\d{4}-\d{1,2}-\d{1,2}(?:[Tt]|\s+)\d{1,2}:\d\d:\d\d(?:\.\d*)?(?:\s*(?:Z|[-+]\d{1,2}:?(?:\d\d)?))?$/;

function isDate(node: ScalarNode): boolean {
  const { text, style } = node;
  if (style !== 'plain' || text.length < 8 || !/^-?\d{4}-/.test(text)) return false;
  return (DATE.test(text) || TIME.test(text)) && !isTagged(node);
}

/** Whether a tag says what a value is; one of YAML's own (`!!str`) is not kept in the tree. */
function isTagged({ tag, block, start }: Node): boolean {
  return tag !== undefined || /!\S*\s+(?:&\S+\s+)?$/.test(block.text.slice(Math.max(0, start - 60), start));
}
