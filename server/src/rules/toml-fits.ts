/** Asks whether a key and its value would be in order somewhere else, or in another form, before a fix puts them there. */
import { keyIn, sectionAt } from '../catalog/runner-sections.js';
import type { RunnerKeyTable } from '../catalog/variables.js';
import type { RunnerFile, Setting, SettingItem, SettingValue } from '../model/build-site.js';
import type { PlainValue } from '../model/intent.js';
import { problemsOf } from './toml-checks.js';
import type { Home } from './toml-places.js';
import { mismatch } from './toml-wanted.js';

/** The type that the table of keys gives to a setting; `undefined` where it says nothing, or nobody checks. */
export function typeOf(keys: RunnerKeyTable, { section: written, key }: Setting): string | undefined {
  // This one is read by hand, and what has another type is left out.
  if (/\.nfs\[\]$/.test(written)) return undefined;
  const section = sectionAt(keys, written);
  return section?.kind === 'section' ? keyIn(keys, section.path, key)?.doc.type : section?.type;
}

export function fitsAt(keys: RunnerKeyTable, file: RunnerFile, setting: Setting, home: Home): boolean {
  return isSound(keys, file, { ...setting, section: home.section, key: home.name });
}

/** Whether a setting would be sound with another value in the place of `item`, which is the whole value or part of it. */
export function fitsAs(
  keys: RunnerKeyTable,
  file: RunnerFile,
  setting: Setting,
  item: SettingItem,
  value: PlainValue,
): boolean {
  const changed = asSetting(value, item);
  if (item === setting) return isSound(keys, file, { ...setting, value: changed });
  if (setting.value.kind !== 'array') return false;
  const items = setting.value.items.map(one => (one === item ? { ...one, value: changed } : one));
  return isSound(keys, file, { ...setting, value: { kind: 'array', items } });
}

function isSound(keys: RunnerKeyTable, file: RunnerFile, setting: Setting): boolean {
  const type = typeOf(keys, setting);
  const mismatched = type !== undefined && mismatch(setting, type) !== undefined;
  return !mismatched && problemsOf(keys, file, setting).length === 0;
}

function asSetting(value: PlainValue, { place }: SettingItem): SettingValue {
  if (typeof value === 'string') return { kind: 'string', text: value, templated: false };
  if (typeof value === 'boolean') return { kind: 'boolean', text: String(value), templated: false };
  if (typeof value === 'number') return { kind: 'integer', text: String(value), templated: false };
  const items = value.map(
    (text): SettingItem => ({ value: { kind: 'string', text, templated: false }, place }),
  );
  return { kind: 'array', items };
}
