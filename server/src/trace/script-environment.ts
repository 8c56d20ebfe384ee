/** Walks over the scripts of a job in their order: which settings each docker command finds in its shell. */
import type { BuildSite, Command, PairedRunner, ScriptText } from '../model/build-site.js';
import { isLiteral } from '../model/text.js';
import { readShell, type ShellContext } from '../syntax/shell.js';
import {
  afterContextCommand,
  type ClientSettings,
  NO_FLAGS,
  type ShellState,
  settingsOf,
} from './client-settings.js';
import { afterCommand } from './script-changes.js';
import { type Binding, bind, UNTOUCHED, type Variables } from './shell-state.js';

/** Variables by which docker's client goes. */
export const CLIENT_VARIABLES = [
  'DOCKER_HOST',
  'DOCKER_TLS_VERIFY',
  'DOCKER_CERT_PATH',
  'DOCKER_CONTEXT',
  'DOCKER_TLS',
] as const;

/** Docker commands that go by the same settings. */
export interface Use {
  readonly settings: ClientSettings;
  readonly commands: readonly Command[];
  /** The script decides at least a part of the settings. */
  readonly scripted: boolean;
}

const START: ShellState = { variables: UNTOUCHED, contexts: new Map() };
const SETS = 'the script sets it';

/**
 * The uses of docker's client in the order of the script; at least one. Of a job without docker commands nobody can
 * see at which point of the script a program calls docker, so what the script sets is open there.
 */
export function usesOf(
  site: BuildSite,
  runner: PairedRunner | undefined,
  commands: readonly Command[],
): readonly Use[] {
  let last = 0;
  const id = (): number => {
    last += 1;
    return last;
  };
  const starts = ownStarts(site, id);
  const first = [...preScript(runner), ...partOf(site, ['before', 'main'])];
  const main = walk(first, startOf(runner), id, starts);
  const after = walk(partOf(site, ['after']), afterScript(main.end), id);
  if (commands.length === 0) {
    const last = [...starts.values()].reduce((from, to) => blur(from, to, SETS), UNTOUCHED);
    const variables = blur(last, main.end.variables, SETS);
    const settings = { ...START, variables, flags: NO_FLAGS, sudo: false };
    return [{ settings, commands, scripted: false }];
  }
  const groups = new Map<string, { settings: ClientSettings; commands: Command[] }>();
  for (const command of commands) {
    const state = main.states.get(command) ?? after.states.get(command) ?? START;
    const settings = settingsOf(command, state, id);
    const key = keyOf(settings, command);
    const group = groups.get(key) ?? { settings, commands: [] };
    group.commands.push(command);
    groups.set(key, group);
  }
  return [...groups.values()].map(group => ({ ...group, scripted: isScripted(group.settings) }));
}

function isScripted({ variables, flags, current }: ClientSettings): boolean {
  const { host, context, config, tls, tlsVerify, files } = flags;
  const given = [host, context, config, tls, tlsVerify, files[0], current, variables.lost];
  return given.some(one => one !== undefined) || CLIENT_VARIABLES.some(name => variables.bindings.has(name));
}

/** The same for commands that go by the same words of the script. */
function keyOf({ variables, flags, current, sudo }: ClientSettings, { script }: Command): string {
  const words = [flags.host, flags.context, flags.config, ...flags.files].map(
    written => written && (written.word.literal ? written.word.text : [script.text, written.word.start]),
  );
  const bound = CLIENT_VARIABLES.map(name => variables.bindings.get(name)?.id ?? variables.lost);
  return JSON.stringify([bound, sudo, words, flags.tls, flags.tlsVerify, current?.id]);
}

function partOf(site: BuildSite, parts: readonly ScriptText['part'][]): readonly Command[] {
  return site.commands.filter(({ script }) => parts.includes(script.part));
}

/** `pre_build_script` runs in the shell of the script, in front of it. */
function preScript(runner: PairedRunner | undefined): readonly Command[] {
  const known = runner?.runner.preScript;
  if (known?.state !== 'known') return [];
  const { value: text, origin } = known;
  const script: ScriptText = { text, origin, part: 'before', place: () => origin.place };
  return readShell(text).commands.map(shell => ({ shell, script, nested: false }));
}

function startOf(runner: PairedRunner | undefined): ShellState {
  if (runner?.runner.preScript.state !== 'unknown') return START;
  const lost = 'what the pre_build_script of the runner sets';
  return { ...START, variables: { ...UNTOUCHED, lost } };
}

type Starts = ReadonlyMap<ScriptText, Variables>;

/** With what the texts begin that run in shells of their own: variables that earlier ones handed on, and their own. */
function ownStarts({ scripts }: BuildSite, id: () => number): Starts {
  const starts = new Map<ScriptText, Variables>();
  let handed = UNTOUCHED;
  for (const script of scripts) {
    if (script.ownShell) starts.set(script, withOwn(handed, script, id));
    if (script.handsOn) handed = withHanded(handed, script, id);
  }
  return starts;
}

function withHanded(variables: Variables, { handsOn, origin }: ScriptText, id: () => number): Variables {
  const why = 'an earlier step sets it';
  if (handsOn === 'unknown') return { bindings: new Map(), lost: 'which variables an earlier step sets' };
  return (handsOn ?? []).reduce(
    (all, name) => bind(all, name, { id: id(), place: origin.place, kind: 'open', why }),
    variables,
  );
}

function withOwn(variables: Variables, { env }: ScriptText, id: () => number): Variables {
  let all = variables;
  for (const name of env?.names() ?? []) {
    const value = env?.get(name);
    if (!value || value.state === 'absent') continue;
    const place = value.origin?.place;
    if (!place) continue;
    const at = { id: id(), place };
    const text = value.state === 'known' && isLiteral(value.value) ? value.value.text : undefined;
    const why = value.state === 'known' ? `it holds ${value.value.holes.join(' and ')}` : value.why;
    const part = { kind: 'text', text: text ?? '', start: 0, end: 0, quote: 'single' } as const;
    const binding: Binding =
      text === undefined
        ? { ...at, kind: 'open', why }
        : { ...at, kind: 'value', parts: [part], scope: UNTOUCHED, exported: true };
    all = bind(all, name, binding);
  }
  return all;
}

/** A shell of its own; docker's configuration may or may not be the same. */
function afterScript({ current }: ShellState): ShellState {
  if (!current) return START;
  return { ...START, current: { id: current.id, name: undefined, why: 'the script chose a context' } };
}

interface Frame {
  readonly depth: number;
  state: ShellState;
}

interface Walked {
  readonly states: ReadonlyMap<Command, ShellState>;
  readonly end: ShellState;
}

function walk(
  commands: readonly Command[],
  start: ShellState,
  id: () => number,
  starts: Starts = new Map(),
): Walked {
  const states = new Map<Command, ShellState>();
  const frames: Frame[] = [{ depth: 0, state: start }];
  let before: Command | undefined;
  let chainHolds = true;
  for (const command of commands) {
    const own = starts.get(command.script);
    // Docker's configuration outlives the shell, its variables do not.
    if (own && before?.script !== command.script)
      frames.splice(0, frames.length, { depth: 0, state: { ...bottom(frames), variables: own } });
    const frame = enter(frames, command, before);
    states.set(command, frame.state);
    const sure = isSure(command, chainHolds);
    chainHolds = sure && cannotFail(command);
    const { variables } = frame.state;
    const context = afterContextCommand(command, frame.state, sure, id);
    frame.state = { ...context, variables: afterCommand(command, variables, sure, id) };
    before = command;
  }
  const end = frames[0]?.state ?? start;
  // A function is called at some later time.
  for (const [command, state] of states) {
    if (!command.shell.context.includes('function')) continue;
    const why = 'the script sets it behind the function';
    states.set(command, { ...state, variables: blur(state.variables, end.variables, why) });
  }
  return { states, end };
}

function bottom(frames: readonly Frame[]): ShellState {
  return frames[0]?.state ?? START;
}

/** The shell that a command runs in; what a subshell sets is gone behind it. */
function enter(frames: Frame[], { shell, script, nested }: Command, before: Command | undefined): Frame {
  const inner = shell.context.filter(one => one === 'subshell' || one === 'substitution').length;
  const depth = inner + (nested ? 1 : 0);
  const sameText = before !== undefined && before.script === script;
  const parted = sameText && script.text.slice(before.shell.end, shell.start).includes(')');
  let top = frames.at(-1) as Frame;
  while (frames.length > 1 && (top.depth > depth || !sameText || (parted && top.depth === depth))) {
    frames.pop();
    top = frames.at(-1) as Frame;
  }
  if (depth <= top.depth) return top;
  const pushed = { depth, state: top.state };
  frames.push(pushed);
  return pushed;
}

const BRANCHES: ReadonlySet<ShellContext> = new Set(['if', 'loop', 'case', 'function']);

/** Whether the script comes to a command whenever it runs; a part of a pipe runs in a shell of its own. */
function isSure({ shell, script }: Command, chainHolds: boolean): boolean {
  if (script.runs !== undefined) return false;
  if (shell.context.some(one => BRANCHES.has(one)) || shell.pipedFrom || shell.pipedInto) return false;
  if (shell.before === '||') return false;
  return shell.before !== '&&' || chainHolds;
}

function cannotFail({ shell }: Command): boolean {
  const name = shell.words[0]?.text;
  const asks = shell.words.some(word => word.parts.some(part => part.kind === 'command'));
  return !asks && (name === undefined || /^(?:export|unset|echo|printf|set|true|:|readonly)$/.test(name));
}

/** Opens what differs between two points of a script. */
function blur(from: Variables, to: Variables, why: string): Variables {
  if (to.lost !== undefined && from.lost === undefined) return { bindings: new Map(), lost: to.lost };
  const bindings = new Map<string, Binding>(from.bindings);
  for (const [name, { id, place }] of to.bindings) {
    if (from.bindings.get(name)?.id !== id) bindings.set(name, { id, place, kind: 'open', why });
  }
  return { ...from, bindings };
}
