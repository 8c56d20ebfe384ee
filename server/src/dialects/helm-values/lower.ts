/** Lowers the keys of the gitlab-runner chart that say how jobs run, besides those in TOML. */
import type { Executor, Runner, Setting, SettingValue } from '../../model/build-site.js';
import { parseImage } from '../../model/image-ref.js';
import { ABSENT, type Known, placeOf, unknown } from '../../model/known.js';
import { literal } from '../../model/text.js';
import type { Entry, Node } from '../../syntax/tree.js';
import type { Embedded, Lowered, Unit } from '../dialect.js';
import { lowerScaleSets } from './arc.js';
import { type RunnersValue, runnersValues, textOf } from './find.js';

const SCALE_SETS = /^[ \t]*githubConfigUrl:/m;

export function lowerValues(unit: Unit): Lowered {
  const found = runnersValues(unit.tree);
  if (found.length === 0 && SCALE_SETS.test(unit.tree.text)) {
    const { sites, runnerFile } = lowerScaleSets(unit);
    return { sites, runners: [], ...(runnerFile ? { runnerFile } : {}) };
  }
  const runners = found.filter(one => one.config === undefined).map(one => flatRunner(unit.path, one));
  return {
    sites: [],
    runners,
    runnerFile: {
      path: unit.path,
      dialect: 'helm-values',
      host: undefined,
      executor: undefined,
      settings: found.flatMap((one, i) => settingsOf(unit.path, one, i)),
      runners,
      doubtful: found.some(({ map }) => unit.tree.isTainted(map.block)),
    },
  };
}

/** The TOML that the chart makes the runner's configuration of. */
export function embeddedConfigs(found: readonly RunnersValue[]): readonly Embedded[] {
  return found.flatMap(({ map, config }) => {
    if (!config) return [];
    const name = textOf(map, 'name');
    const host = { dialect: 'helm-values', executor: textOf(map, 'executor') ?? 'kubernetes' } as const;
    return [{ dialect: 'gitlab-runner', node: config, host: name === undefined ? host : { ...host, name } }];
  });
}

const EXECUTORS: readonly Executor[] = ['kubernetes', 'docker', 'shell'];
const WHY = 'only charts before 0.53.0 read it';

/** The runner that charts of old make of flat keys; those of today read none of them. */
function flatRunner(path: string, { entry, map }: RunnersValue): Runner {
  const place = placeOf(path, entry.key);
  const executor = textOf(map, 'executor') ?? 'kubernetes';
  const image = textOf(map, 'image');
  const privileged = textOf(map, 'privileged');
  return {
    path,
    name: textOf(map, 'name') ?? 'runner 1',
    place,
    executor: {
      state: 'known',
      value: EXECUTORS.find(one => one === executor) ?? 'other',
      origin: { place, way: 'runner' },
    },
    image: oldOnly(image === undefined ? undefined : parseImage(literal(image))),
    privileged: oldOnly(privileged === undefined ? undefined : privileged === 'true'),
    servicesPrivileged: ABSENT,
    runtime: ABSENT,
    mounts: unknown('the chart may be given volumes elsewhere'),
    services: ABSENT,
    env: { get: () => ABSENT, names: () => [] },
    preScript: ABSENT,
    setting: () => undefined,
    docker: undefined,
  };
}

function oldOnly<T>(value: T | undefined): Known<T> {
  return value === undefined ? ABSENT : { state: 'unknown', why: WHY, likely: value };
}

/**
 * The keys below `runners:`, in the section `values.runners`, and those of the chart beside it, in `values`; whether
 * `config` is among them tells which count.
 */
function settingsOf(path: string, { map, beside }: RunnersValue, index: number): readonly Setting[] {
  const settings = (entries: readonly Entry[], section: string): readonly Setting[] =>
    entries.map(entry => ({
      section,
      key: entry.key.text,
      value: settingValue(path, entry.value),
      keyPlace: placeOf(path, entry.key),
      place: placeOf(path, entry.value ?? entry.key),
      entry: entryPlace(path, entry),
      runner: index,
    }));
  return [...settings(map.entries, 'values.runners'), ...settings(beside, 'values')];
}

function entryPlace(path: string, entry: Entry) {
  return { path, block: entry.key.block, start: entry.start, end: entry.end };
}

function settingValue(path: string, node: Node | undefined): SettingValue {
  if (node?.kind === 'map') return { kind: 'table' };
  if (node?.kind === 'seq')
    return {
      kind: 'array',
      items: node.items.map(item => ({ value: settingValue(path, item), place: placeOf(path, item) })),
    };
  const text = node?.kind === 'scalar' ? node.text : '';
  return {
    kind: /^(?:true|false)$/.test(text) ? 'boolean' : 'string',
    text,
    templated: /\{\{|\$\{/.test(text),
  };
}
