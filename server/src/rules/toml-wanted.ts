/** Holds values of config.toml against the types that the table of runner keys gives. */
import type { Setting, SettingItem, SettingValue } from '../model/build-site.js';
import type { PlainValue } from '../model/intent.js';

type Kind = SettingValue['kind'];

interface Wanted {
  readonly words: string;
  readonly kinds: readonly Kind[];
  /** Kinds of the items of a list. */
  readonly items?: readonly Kind[];
}

/** Types as the table of keys writes them, by how they begin; integers are taken for floats, not the other way. */
const WANTED: readonly (readonly [RegExp, Wanted])[] = [
  [
    /^string \| string\[\]/,
    { words: 'a string or a list of strings', kinds: ['string', 'array'], items: ['string'] },
  ],
  [/^string\[\]/, { words: 'a list of strings', kinds: ['array'], items: ['string'] }],
  [/^string/, { words: 'a string', kinds: ['string'] }],
  [/^integer\[\]/, { words: 'a list of integers', kinds: ['array'], items: ['integer'] }],
  [/^integer/, { words: 'an integer', kinds: ['integer'] }],
  [/^float\[\]/, { words: 'a list of numbers', kinds: ['array'], items: ['float', 'integer'] }],
  [/^float/, { words: 'a number', kinds: ['float', 'integer'] }],
  [/^boolean/, { words: 'true or false', kinds: ['boolean'] }],
  [/^datetime/, { words: 'a date with time', kinds: ['date', 'string'] }],
  [/^duration/, { words: 'a duration such as "30s"', kinds: ['string', 'integer'] }],
  [/^array of tables/, { words: 'an array of tables, [[…]]', kinds: ['array'], items: ['table'] }],
  [/^table/, { words: 'a table', kinds: ['table'] }],
];

/** The value, or the item of a list, that has another type. */
export interface Mismatch extends Wanted {
  readonly item: SettingItem;
}

/** The first value of a setting that its key does not take; what comes from a template may be anything. */
export function mismatch(setting: Setting, type: string): Mismatch | undefined {
  const wanted = WANTED.find(([pattern]) => pattern.test(type))?.[1];
  if (!wanted || isTemplated(setting.value)) return undefined;
  const { value } = setting;
  if (!wanted.kinds.includes(value.kind)) return { ...wanted, item: setting };
  if (value.kind !== 'array' || !wanted.items) return undefined;
  const item = value.items.find(one => !isTemplated(one.value) && !wanted.items?.includes(one.value.kind));
  return item && { ...wanted, item };
}

function isTemplated(value: SettingValue): boolean {
  return 'templated' in value && value.templated;
}

const NAMES: Readonly<Record<Kind, string>> = {
  string: 'a string',
  integer: 'an integer',
  float: 'a number with a point',
  boolean: 'a truth value',
  date: 'a date',
  array: 'a list',
  table: 'a table',
};

export function nameOf({ kind }: SettingValue): string {
  return NAMES[kind];
}

/** A mismatched value in the right type, where there is one way to write it. */
export function inRightType(
  { item, items }: Mismatch,
  setting: Setting,
  type: string,
): PlainValue | undefined {
  const { value } = item;
  if (value.kind === 'array') return item === setting ? onlyText(value, type) : undefined;
  if (value.kind === 'table') return undefined;
  if (item !== setting) return items?.includes('string') ? value.text : asNumber(value.text);
  if (type.startsWith('string[]')) return value.kind === 'string' ? [value.text] : undefined;
  if (type.startsWith('string')) return value.text;
  if (type === 'boolean' && /^(?:true|false)$/i.test(value.text)) return value.text.toLowerCase() === 'true';
  return /^(?:integer|float)/.test(type) ? asNumber(value.text) : undefined;
}

/** The text of a list of one, where a string is wanted. */
function onlyText({ items }: Extract<SettingValue, { kind: 'array' }>, type: string): string | undefined {
  const [only, ...more] = items;
  const wanted = type.startsWith('string') && more.length === 0 && only?.value.kind === 'string';
  return wanted && 'text' in only.value ? only.value.text : undefined;
}

function asNumber(text: string): number | undefined {
  return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Values that mean the same as leaving the key out. */
export function isZero(value: SettingValue): boolean {
  if (value.kind === 'array') return value.items.length === 0;
  return 'text' in value && !value.templated && ['', '0', 'false'].includes(value.text);
}
