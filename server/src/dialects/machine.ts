/** Containers and machines that a file says little of: an agent that is not in view, or what docker run is told. */
import { RUN_FLAGS } from '../catalog/docker-run-flags.js';
import type { Container, Environment, Mount, PublishedPort } from '../model/build-site.js';
import { ABSENT, type Known, known, type Origin, type Place, type Sourced, unknown } from '../model/known.js';
import { HOLE, literal, type Text } from '../model/text.js';
import { readFlags, readShell, type ShellFlag, type ShellWord, valueWithin } from '../syntax/shell.js';

/** A machine on which commands run: which docker it has, and where that goes, only its owner knows. */
export function machine(name: string): Container {
  const why = 'it is not in view what the machine has';
  return {
    name,
    names: [],
    namesElsewhere: [],
    hostname: unknown(why),
    openNames: why,
    privileged: unknown(why),
    runtime: unknown(why),
    user: unknown(why),
    mounts: unknown(why),
    securityOptions: unknown(why),
    capabilities: unknown(why),
    hostNamespaces: [],
    ports: [],
    probe: ABSENT,
    waits: new Map(),
  };
}

/** What `docker run` is told about a container. */
export interface RunArguments {
  readonly container: Container;
  readonly env: ReadonlyMap<string, Known<Text>>;
  readonly entrypoint: Known<readonly string[]>;
  /** `--link other:alias`, as written. */
  readonly links: readonly string[];
  /** The containers whose volumes it takes, as written. */
  readonly volumesFrom: readonly string[];
  /** What `--name` calls it. */
  readonly called: Known<string>;
  readonly networks: readonly string[];
  /** Its further names in those networks. */
  readonly aliases: readonly string[];
  /** The image, and what stands behind it. */
  readonly operands: readonly ShellWord[];
  /** A flag is put in by a variable, so that there may be others. */
  readonly open: boolean;
}

/** Where a range of the text stands in the file. */
export type Locate = (start: number, end: number) => Place;

/** Reads the flags of `docker run` as one line of text. */
export function readRunText(name: string, text: string, locate: Locate): RunArguments {
  const words = readShell(text).commands.flatMap(command => command.words);
  return readRun(name, words, locate);
}

export function readRun(name: string, words: readonly ShellWord[], locate: Locate): RunArguments {
  const { flags, operands } = readFlags(words, RUN_FLAGS, false);
  const open = operands.some(word => !word.literal && /^\$/.test(word.text));
  const origin = (flag: ShellFlag): Origin => {
    const { word, value } = flag;
    const entry = locate(word.start, Math.max(word.end, value?.word.end ?? word.end));
    return { place: value ? locate(value.start, value.end) : entry, way: 'own', entry };
  };
  const given = (...names: readonly string[]): readonly Sourced<string>[] =>
    flags
      .filter(flag => names.includes(flag.name))
      .map(flag => ({ value: textOf(flag), origin: origin(flag) }));
  const last = (...names: readonly string[]): Known<string> => {
    const found = given(...names).at(-1);
    if (!found) return open ? unknown(OPEN) : ABSENT;
    return found.value.includes(HOLE)
      ? unknown('it holds a variable', found.origin)
      : known(found.value, found.origin);
  };
  const written = (name: string): readonly string[] =>
    flags.flatMap(flag => (flag.name === name ? (flag.value?.text ?? []) : []));
  const volumesFrom = written('--volumes-from');
  const taken = volumesFrom.length > 0 ? 'it takes the volumes of another container' : undefined;
  const privileged = flags.find(flag => flag.name === '--privileged');
  const entrypoint = last('--entrypoint');
  return {
    container: {
      ...machine(name),
      openNames: 'networks and the settings of the agent are not in view',
      hostname: last('-h', '--hostname'),
      privileged: privileged
        ? known(privileged.value?.text !== 'false', origin(privileged))
        : open
          ? unknown(OPEN)
          : ABSENT,
      runtime: last('--runtime'),
      user: last('-u', '--user'),
      groups: given('--group-add'),
      mounts: mountsOf([...given('-v', '--volume'), ...given('--mount')], open ? OPEN : taken),
      securityOptions: list(given('--security-opt'), open),
      capabilities: list(given('--cap-add'), open),
      hostNamespaces: [
        ...given('--pid').map(one => ({ ...one, value: 'pid' as const, host: one.value })),
        ...given('--net', '--network').map(one => ({ ...one, value: 'network' as const, host: one.value })),
        ...given('--ipc').map(one => ({ ...one, value: 'ipc' as const, host: one.value })),
      ].flatMap(({ host, ...one }) => (host === 'host' ? [one] : [])),
      ports: given('-p', '--publish').flatMap(portOf),
    },
    env: new Map(
      flags.flatMap(flag => (/^(?:-e|--env)$/.test(flag.name) ? settingOf(flag, textOf(flag), locate) : [])),
    ),
    entrypoint: asWords(entrypoint),
    links: written('--link'),
    volumesFrom,
    called: last('--name'),
    networks: given('--net', '--network').map(({ value }) => value),
    aliases: given('--net-alias', '--network-alias').map(({ value }) => value),
    operands,
    open,
  };
}

const OPEN = 'flags come from a variable';

/** An empty entrypoint clears that of the image. */
function asWords(entrypoint: Known<string>): Known<readonly string[]> {
  if (entrypoint.state === 'unknown') return unknown(entrypoint.why, entrypoint.origin);
  if (entrypoint.state === 'absent') return ABSENT;
  return known(entrypoint.value === '' ? [] : [entrypoint.value], entrypoint.origin);
}

/** What a shell would make of the value, variables as holes. */
function textOf({ value }: ShellFlag): string {
  if (!value) return '';
  return value.literal ? value.text : value.text.replace(/\$\{[^}]*\}|\$\w+|\$\([^)]*\)|`[^`]*`/g, HOLE);
}

function list(items: readonly Sourced<string>[], open: boolean): Known<readonly Sourced<string>[]> {
  const [first] = items;
  if (open) return unknown(OPEN);
  return first ? known(items, first.origin) : ABSENT;
}

function mountsOf(items: readonly Sourced<string>[], doubt: string | undefined): Known<readonly Mount[]> {
  const [first] = items;
  const mounts = items.flatMap(mountOf);
  if (doubt !== undefined) return { ...unknown(doubt), ...(first ? { likely: mounts } : {}) };
  return first ? known(mounts, first.origin) : ABSENT;
}

function mountOf({ value, origin }: Sourced<string>): readonly Mount[] {
  if (value.includes('type=')) return longMount(value, origin);
  const [source = '', target, mode = ''] = value.split(':');
  if (target === undefined) return [{ source: undefined, target: source, mode: '', origin }];
  const named = /^[./~]/.test(source) || source.startsWith(HOLE) ? source : `volume:${source}`;
  return [{ source: named, target, mode, origin }];
}

function longMount(value: string, origin: Origin): readonly Mount[] {
  const fields = new Map(
    value.split(',').map(part => {
      const [key = '', text] = part.split('=', 2);
      return [key, text] as const;
    }),
  );
  const target = fields.get('target') ?? fields.get('dst') ?? fields.get('destination');
  const source = fields.get('source') ?? fields.get('src');
  if (target === undefined) return [];
  const mode = fields.has('readonly') || fields.has('ro') ? 'ro' : '';
  const kind = fields.get('type') ?? 'volume';
  if (kind === 'bind') return [{ source, target, mode, origin }];
  return [{ source: source === undefined ? undefined : `${kind}:${source}`, target, mode, origin }];
}

function portOf({ value, origin }: Sourced<string>): readonly PublishedPort[] {
  const [, address, target] = /^(?:(?:(.*):)?[\d-]*:)?(\d+)(?:\/tcp)?$/.exec(value) ?? [];
  if (target === undefined) return [];
  return [{ target: Number(target), address: address ? known(address, origin) : ABSENT, origin }];
}

/** `NAME=value`; without a value it is taken from where docker runs. */
function settingOf(
  { word: name, value: given }: ShellFlag,
  written: string,
  locate: Locate,
): readonly (readonly [string, Known<Text>])[] {
  const at = written.indexOf('=');
  const word = given?.word ?? name;
  const entry = locate(name.start, word.end);
  const place = given ? locate(given.start, given.end) : entry;
  if (at < 0)
    return written === ''
      ? []
      : [[written, unknown('it is set where docker runs', { place, way: 'own', entry })]];
  const text = written.slice(at + 1);
  const from = word.text.length - (given?.text.length ?? 0) + (given?.text.indexOf('=') ?? 0) + 1;
  const { start, end } = valueWithin(word, from);
  const own: Origin = { place: locate(start, end), way: 'own', entry };
  const holes = [...text].filter(char => char === HOLE).map(() => '…');
  return [[written.slice(0, at), known(holes.length > 0 ? { text, holes } : literal(text), own)]];
}

/** Variables by name over those below. */
export function environmentOf(values: ReadonlyMap<string, Known<Text>>, below?: Environment): Environment {
  const own: Environment = { get: name => values.get(name) ?? ABSENT, names: () => [...values.keys()] };
  return below ? laidOver(own, below) : own;
}

/** Variables of which those above count first. */
export function laidOver(above: Environment, below: Environment): Environment {
  return {
    get(name) {
      const value = above.get(name);
      return value.state === 'absent' ? below.get(name) : value;
    },
    names: () => [...new Set([...above.names(), ...below.names()])],
  };
}
