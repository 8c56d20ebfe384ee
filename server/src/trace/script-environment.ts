/** Walks over the scripts of a job in their order: which settings each docker command finds in its shell. */
import type { BuildSite, Command, PairedRunner, ScriptText } from '../model/build-site.js';
import { readShell, type ShellContext } from '../syntax/shell.js';
import {
  afterContextCommand,
  type ClientSettings,
  NO_FLAGS,
  type ShellState,
  settingsOf,
} from './client-settings.js';
import { afterCommand } from './script-changes.js';
import { type Binding, UNTOUCHED, type Variables } from './shell-state.js';

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
  const main = walk([...preScript(runner), ...partOf(site, ['before', 'main'])], startOf(runner), id);
  const after = walk(partOf(site, ['after']), afterScript(main.end), id);
  if (commands.length === 0) {
    const variables = blur(UNTOUCHED, main.end.variables, 'the script sets it');
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

function walk(commands: readonly Command[], start: ShellState, id: () => number): Walked {
  const states = new Map<Command, ShellState>();
  const frames: Frame[] = [{ depth: 0, state: start }];
  let before: Command | undefined;
  let chainHolds = true;
  for (const command of commands) {
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
function isSure({ shell }: Command, chainHolds: boolean): boolean {
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
