/** Lowers a GitLab Runner `config.toml` into runners. */
import type { Executor, Runner, Setting } from '../../model/build-site.js';
import { ABSENT, type Known, known, placeOf, settled } from '../../model/known.js';
import type { Node } from '../../syntax/tree.js';
import type { Lowered, Unit } from '../dialect.js';
import { type Containers, dockerContainers } from './docker.js';
import { asText, mapKnown, readKey, type Table, tableIn, tablesIn } from './keys.js';
import { kubernetesContainers } from './kubernetes.js';
import { readEnvironment } from './services.js';
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
  const runners = tablesIn(root, 'runners').flatMap((table, i) => lowerRunner(table, i, settings, unit));
  return {
    sites: [],
    runners,
    runnerFile: {
      path: unit.path,
      dialect: 'gitlab-runner',
      host: unit.host?.dialect,
      executor: unit.host?.executor,
      settings,
      runners,
      doubtful: root.doubtful,
    },
  };
}

function lowerRunner(
  table: Table,
  index: number,
  settings: readonly Setting[],
  unit: Unit,
): readonly Runner[] {
  if (!table.map) return [];
  const docker = tableIn(table, 'docker');
  const name = readKey(table, 'name', asText);
  const place = headerOf(table.path, table.map);
  const executor = withDefault(readExecutor(table), unit.host?.executor, place);
  return [
    {
      path: table.path,
      name: settled(name) || unit.host?.name || `runner ${index + 1}`,
      place,
      executor,
      ...containersOf(table, settled(executor)),
      env: readEnvironment(table),
      preScript: readKey(table, 'pre_build_script', asText),
      setting: path => settingAt(settings, index, path),
      docker: docker.map ? placeOf(docker.path, docker.map) : undefined,
    },
  ];
}

/** What the section of the executor says; other executors than those of containers read none. */
function containersOf(table: Table, executor: Executor | undefined): Containers {
  const docker = tableIn(table, 'docker');
  const kubernetes = tableIn(table, 'kubernetes');
  if (executor === 'kubernetes') return kubernetesContainers(kubernetes);
  if (executor === undefined && !docker.map && kubernetes.map) return kubernetesContainers(kubernetes);
  const name = settled(readKey(table, 'executor', asText));
  return name !== undefined && WITHOUT_CONTAINERS.includes(name) ? NO_CONTAINERS : dockerContainers(docker);
}

const WITHOUT_CONTAINERS = ['shell', 'ssh', 'parallels', 'virtualbox', 'custom', 'instance'];

const NO_CONTAINERS: Containers = {
  image: ABSENT,
  privileged: ABSENT,
  servicesPrivileged: ABSENT,
  runtime: ABSENT,
  mounts: ABSENT,
  services: ABSENT,
};

/** The chart around an embedded text says what runs jobs where the text does not. */
function withDefault(
  executor: Known<Executor>,
  given: string | undefined,
  place: Runner['place'],
): Known<Executor> {
  if (given === undefined || executor.state === 'known') return executor;
  return known(EXECUTORS[given] ?? 'other', { place, way: 'runner' });
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
