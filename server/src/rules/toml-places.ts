/** Tells what a key of config.toml was meant to be that its section does not have. */
import { type KnownKey, keyIn, sectionAt } from '../catalog/runner-sections.js';
import type { DeadRunnerKey, RunnerKeyTable } from '../catalog/variables.js';
import type { RunnerFile, Setting } from '../model/build-site.js';
import { closest, sameWord } from '../model/closest.js';

export interface Home {
  /** Path of the section in the table of keys. */
  readonly section: string;
  readonly name: string;
}

export type Misfit =
  /** The table knows what became of it. */
  | { readonly kind: 'dead'; readonly row: DeadRunnerKey }
  | { readonly kind: 'elsewhere'; readonly homes: readonly Home[] }
  | { readonly kind: 'misspelt'; readonly name: string }
  | { readonly kind: 'unknown' };

/**
 * Sections whose keys people put elsewhere by mistake; in a deeper one many have the same name, and what stands in one
 * belongs to it or around it.
 */
const HOMES = [
  '',
  'session_server',
  'runners[]',
  'runners[].docker',
  'runners[].kubernetes',
  'runners[].cache',
  'runners[].cache.s3',
  'runners[].cache.gcs',
  'runners[].cache.azure',
  'runners[].custom',
  'runners[].machine',
  'runners[].autoscaler',
];

const FLAG =
  /^(docker|kubernetes|machine|custom|ssh|parallels|virtualbox|cache(?:[-_](?:s3|gcs|azure))?)[-_]/i;

/** `undefined` for a key that is known, or whose section is not. */
export function misfitOf(table: RunnerKeyTable, file: RunnerFile, setting: Setting): Misfit | undefined {
  const section = sectionAt(table, setting.section);
  if (section?.kind !== 'section' || keyIn(table, section.path, setting.key)) return undefined;
  if (/[{}$<>%]/.test(setting.key)) return undefined;
  const row = table.deadKeys.find(
    one => isFor(one, section.path) && one.key.toLowerCase() === setting.key.toLowerCase(),
  );
  if (row) return { kind: 'dead', row };
  const homes = homesOf(table, file, setting, section.path);
  const [first] = homes;
  if (first?.section === section.path) return { kind: 'misspelt', name: first.name };
  if (first) return { kind: 'elsewhere', homes };
  const name = closest(setting.key, Object.keys(table.sections[section.path] ?? {}));
  return name === undefined ? { kind: 'unknown' } : { kind: 'misspelt', name };
}

/** What is set in GitLab is set there wherever it stands. */
function isFor({ section, replacedBy }: DeadRunnerKey, path: string): boolean {
  return section === path || (path === '' && section === 'runners[]' && replacedBy === undefined);
}

function homesOf(table: RunnerKeyTable, file: RunnerFile, setting: Setting, path: string): readonly Home[] {
  const flagged = flagHome(table, setting.key);
  if (flagged) return [flagged];
  const found = HOMES.filter(home => home !== path && fits(home, executorOf(file, setting.runner))).flatMap(
    section => {
      const known: KnownKey | undefined = keyIn(table, section, setting.key);
      return known ? [{ section, name: known.name }] : [];
    },
  );
  const around = found.filter(({ section }) => section !== '' && path.startsWith(`${section}.`));
  if (around.length > 0) return around.slice(-1);
  const deep = path.split('.').length > 2 && !HOMES.includes(path);
  return found.length <= 2 && !deep ? found : [];
}

/** Flags of `gitlab-runner register` that were taken for keys: `docker-privileged`. */
function flagHome(table: RunnerKeyTable, key: string): Home | undefined {
  const prefix = FLAG.exec(key)?.[0];
  if (prefix === undefined) return undefined;
  const section = `runners[].${prefix.slice(0, -1).toLowerCase().replace(/[-_]/g, '.')}`;
  const rest = key.slice(prefix.length);
  const name = Object.keys(table.sections[section] ?? {}).find(known => sameWord(known, rest));
  return name === undefined ? undefined : { section, name };
}

/** The settings `executor` of a file by the number of their runner. */
const executors = new WeakMap<RunnerFile, ReadonlyMap<number | undefined, Setting>>();

/** The name of the executor of a runner, where it is written out. */
export function executorOf(file: RunnerFile, runner: number | undefined): string | undefined {
  const known =
    executors.get(file) ?? new Map(file.settings.filter(isExecutor).map(one => [one.runner, one]));
  executors.set(file, known);
  const written = known.get(runner);
  if (!written) return file.executor;
  const { value } = written;
  return value.kind === 'string' && !value.templated ? value.text : undefined;
}

function isExecutor({ section, key }: Setting): boolean {
  return /^runners\[\]$/i.test(section) && /^executor$/i.test(key);
}

/** Whether a runner reads a section beside the one of its executor that it has already. */
export function goWith(section: string, path: string): boolean {
  return fits(section, /^runners\[\]\.(docker|kubernetes|custom)(?:\.|$)/.exec(path)?.[1]);
}

/** Whether a section says anything to an executor that is known. */
function fits(section: string, executor: string | undefined): boolean {
  if (executor === undefined) return true;
  const own = /^runners\[\]\.(docker|kubernetes|custom|machine|autoscaler)$/.exec(section)?.[1];
  if (own === undefined) return true;
  if (executor.startsWith('docker')) return own !== 'kubernetes' && own !== 'custom';
  return executor === 'kubernetes' || executor === 'custom' ? own === executor : true;
}
