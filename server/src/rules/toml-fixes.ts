/** Fixes of keys of config.toml that more than one rule offers. */
import type { RunnerKeyTable } from '../catalog/variables.js';
import type { RunnerFile, Setting } from '../model/build-site.js';
import type { FixPlan } from '../model/finding.js';
import type { PlainValue } from '../model/intent.js';
import type { Place } from '../model/known.js';
import { fitsAt } from './toml-fits.js';
import type { Home } from './toml-places.js';
import { inWords } from './toml-words.js';

/** Another name for a key, where its value is right for that. */
export function renames(
  keys: RunnerKeyTable,
  file: RunnerFile,
  setting: Setting,
  name: string,
): readonly FixPlan[] {
  const { keyPlace, key, section } = setting;
  if (!fitsAt(keys, file, setting, { section, name })) return [];
  return [
    {
      title: `Rename "${key}" to "${name}", which then takes effect`,
      safety: 'unsafe',
      preferred: true,
      intents: [{ kind: 'rename-key', at: keyPlace, name }],
    },
  ];
}

/** Another section for a key, where its value is right for that. */
export function moves(
  keys: RunnerKeyTable,
  file: RunnerFile,
  setting: Setting,
  homes: readonly Home[],
): readonly FixPlan[] {
  const { entry, key, runner } = setting;
  return homes.flatMap(home => {
    const { section, name } = home;
    const table = /^runners\[\](?:\.(.+))?$/.exec(section);
    if (!table || runner === undefined || !fitsAt(keys, file, setting, home)) return [];
    return {
      title: `Move "${key}" to ${inWords(section)}${name === key ? '' : ` as "${name}"`}, where it takes effect`,
      safety: 'unsafe',
      intents: [{ kind: 'move-entry', entry, table: table[1] ?? '', name }],
    };
  });
}

/** Puts another value where one stands that makes the runner or its jobs fail for certain. */
export function repair(at: Place, value: PlainValue, title = `Change to ${JSON.stringify(value)}`): FixPlan {
  return {
    title,
    safety: 'safe',
    preferred: true,
    intents: [{ kind: 'set-value', at, value }],
  };
}
