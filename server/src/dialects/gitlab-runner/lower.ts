/** Lowers a GitLab Runner `config.toml` into runners. */
import type { Environment, Executor, Mount, Runner, Service, Setting } from '../../model/build-site.js';
import { parseImage } from '../../model/image-ref.js';
import { ABSENT, type Known, known, placeOf, settled, unknown } from '../../model/known.js';
import { literal, type Text } from '../../model/text.js';
import type { Node } from '../../syntax/tree.js';
import type { Lowered, Unit } from '../dialect.js';
import {
  asBoolean,
  asText,
  asTexts,
  findEntry,
  originIn,
  readKey,
  type Table,
  tableIn,
  tablesIn,
} from './keys.js';
import { settingAt, settingsIn } from './settings.js';

export function lowerRunners(unit: Unit): Lowered {
  const block = unit.tree.documents[0]?.blocks[0];
  const map = block?.root?.kind === 'map' ? block.root : undefined;
  const root: Table = {
    path: unit.path,
    map,
    doubtful: block !== undefined && unit.tree.isTainted(block.block),
  };
  const settings = map ? settingsIn(unit.path, map) : [];
  const runners = tablesIn(root, 'runners').flatMap((table, i) => lowerRunner(table, i, settings));
  return {
    sites: [],
    runners,
    runnerFile: { path: unit.path, settings, runners, doubtful: root.doubtful },
  };
}

function lowerRunner(table: Table, index: number, settings: readonly Setting[]): readonly Runner[] {
  if (!table.map) return [];
  const docker = tableIn(table, 'docker');
  const name = readKey(table, 'name', asText);
  return [
    {
      path: table.path,
      name: settled(name) || `runner ${index + 1}`,
      place: headerOf(table.path, table.map),
      executor: readExecutor(table),
      image: mapKnown(readKey(docker, 'image', asText), text => parseImage(literal(text))),
      privileged: narrowed(docker, readKey(docker, 'privileged', asBoolean)),
      servicesPrivileged: narrowed(docker, readKey(docker, 'services_privileged', asBoolean)),
      runtime: readKey(docker, 'runtime', asText),
      mounts: readMounts(docker),
      services: readServices(docker),
      env: readEnvironment(table),
      preScript: readKey(table, 'pre_build_script', asText),
      setting: path => settingAt(settings, index, path),
      docker: docker.map ? placeOf(docker.path, docker.map) : undefined,
    },
  ];
}

/** Privilege that an allow-list narrows down holds for some images only. */
function narrowed(docker: Table, privileged: Known<boolean>): Known<boolean> {
  const list = findEntry(docker.map, 'allowed_privileged_services');
  if (!list || settled(privileged) !== true) return privileged;
  return unknown('allowed_privileged_services narrows it down');
}

/** The line `[[runners]]`, for a whole table is too much to underline. */
function headerOf(path: string, map: Node) {
  const line = map.block.text.indexOf(']]', map.start);
  return { path, block: map.block, start: map.start, end: line < 0 ? map.end : line + 2 };
}

const EXECUTORS: Readonly<Record<string, Executor>> = {
  docker: 'docker',
  'docker+machine': 'docker',
  'docker-autoscaler': 'docker',
  kubernetes: 'kubernetes',
  shell: 'shell',
};

function readExecutor(table: Table): Known<Executor> {
  return mapKnown(readKey(table, 'executor', asText), text => EXECUTORS[text] ?? 'other');
}

function mapKnown<A, B>(item: Known<A>, change: (value: A) => B): Known<B> {
  if (item.state === 'known') return known(change(item.value), item.origin);
  return item.state === 'unknown' ? unknown(item.why, item.origin) : ABSENT;
}

/** One path is a volume of its own, `source:target[:mode]` a bind. Source: gitlab-runner docs, `volumes`. */
export function parseVolume(text: string): { source: string | undefined; target: string; mode: string } {
  // A drive letter (`C:\\cache`) is part of a path.
  const [first = '', second, mode = ''] = text.split(/(?<!^[A-Za-z]|:[A-Za-z]):/);
  return second === undefined
    ? { source: undefined, target: first, mode: '' }
    : { source: first, target: second, mode };
}

function readMounts(docker: Table): Known<readonly Mount[]> {
  const entry = findEntry(docker.map, 'volumes');
  const list = readKey(docker, 'volumes', asTexts);
  if (list.state !== 'known' || entry?.value?.kind !== 'seq')
    return list.state === 'absent' ? ABSENT : unknown('its volumes cannot be read');
  const { items } = entry.value;
  const mounts = items.map(node => ({
    ...parseVolume(asText(node) ?? ''),
    origin: originIn(docker, node, entry),
  }));
  // A path without a source is a cache volume, and those can be switched off.
  const off = settled(readKey(docker, 'disable_cache', asBoolean)) === true;
  if (off && mounts.some(({ source }) => source === undefined))
    return unknown('disable_cache switches volumes off');
  return known(mounts, originIn(docker, entry.value, entry));
}

function readServices(docker: Table): Known<readonly Service[]> {
  const entry = findEntry(docker.map, 'services');
  if (!entry) return docker.doubtful ? unknown('the file is a template') : ABSENT;
  const services = tablesIn(docker, 'services').flatMap(table => readService(table));
  return known(services, originIn(docker, entry.value ?? entry.key, entry));
}

function readService(table: Table): readonly Service[] {
  const entry = findEntry(table.map, 'name');
  const name = entry?.value && asText(entry.value);
  if (!entry?.value || name === undefined) return [];
  const origin = originIn(table, entry.value, entry);
  return [
    {
      ref: parseImage(literal(name)),
      origin,
      whole: true,
      aliases: mapKnown(readKey(table, 'alias', asText), text => text.split(/[\s,]+/).filter(Boolean)),
      entrypoint: readKey(table, 'entrypoint', asTexts),
      command: readKey(table, 'command', asTexts),
      variables: readEnvironment(table),
    },
  ];
}

/** `environment = ["NAME=value", …]`. */
function readEnvironment(table: Table): Environment {
  const list = readKey(table, 'environment', asTexts);
  const entry = findEntry(table.map, 'environment');
  const values = new Map<string, Known<Text>>();
  if (list.state === 'known' && entry?.value?.kind === 'seq') {
    for (const node of entry.value.items) {
      const [name = '', ...rest] = (asText(node) ?? '').split('=');
      values.set(name, known(literal(rest.join('=')), originIn(table, node, entry)));
    }
  }
  return {
    get: name => values.get(name) ?? (list.state === 'unknown' ? unknown(list.why) : ABSENT),
    names: () => [...values.keys()],
  };
}
