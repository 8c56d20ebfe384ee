/** Lists the keys of a runner file as they are written. */
import type { Setting, SettingValue } from '../../model/build-site.js';
import { placeOf } from '../../model/known.js';
import type { Entry, MapNode, Node } from '../../syntax/tree.js';
import { TEMPLATED } from './keys.js';

/** Every key of a table and of the tables in it. `section` is its path, see `Setting`. */
export function settingsIn(
  path: string,
  map: MapNode,
  section = '',
  runner: number | undefined = undefined,
): readonly Setting[] {
  return map.entries.flatMap(entry => {
    const own = settingOf(path, entry, section, runner);
    const inner = section === '' ? entry.key.text : `${section}.${entry.key.text}`;
    return [own, ...below(path, entry.value, inner, runner)];
  });
}

function below(
  path: string,
  value: Node | undefined,
  section: string,
  runner: number | undefined,
): readonly Setting[] {
  if (value?.kind === 'map') return settingsIn(path, value, section, runner);
  if (value?.kind !== 'seq') return [];
  return value.items.flatMap((item, i) =>
    item.kind === 'map' ? settingsIn(path, item, `${section}[]`, section === 'runners' ? i : runner) : [],
  );
}

function settingOf(path: string, entry: Entry, section: string, runner: number | undefined): Setting {
  const node = entry.value ?? entry.key;
  return {
    section,
    key: entry.key.text,
    value: settingValue(path, node),
    keyPlace: placeOf(path, entry.key),
    place: placeOf(path, node),
    entry: placeOf(path, entry),
    runner,
  };
}

function settingValue(path: string, node: Node): SettingValue {
  if (node.kind === 'map') return { kind: 'table' };
  if (node.kind === 'seq')
    return {
      kind: 'array',
      items: node.items.map(item => ({ value: settingValue(path, item), place: placeOf(path, item) })),
    };
  const text = node.kind === 'scalar' ? node.text : '';
  const type = node.kind === 'scalar' ? node.type : undefined;
  return { kind: type === 'datetime' ? 'date' : (type ?? 'string'), text, templated: TEMPLATED.test(text) };
}

/** The first setting of a runner by its path below `[[runners]]`, such as `docker.network_mode`. */
export function settingAt(settings: readonly Setting[], runner: number, path: string): Setting | undefined {
  const wanted = `runners[].${path}`.toLowerCase();
  return settings.find(one => one.runner === runner && `${one.section}.${one.key}`.toLowerCase() === wanted);
}
