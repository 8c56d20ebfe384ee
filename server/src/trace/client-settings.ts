/** Reads what a docker command says of its own daemon: variables in front of it, global flags, contexts. */
import type { Command } from '../model/build-site.js';
import type { Place } from '../model/known.js';
import { assignmentOf, programOf, readFlags, type ShellFlag, type ShellWord } from '../syntax/shell.js';
import { type Binding, bind, type Variables } from './shell-state.js';

/** A text in a script whose value hangs on the variables that held there. */
export interface Written {
  readonly word: ShellWord;
  /** Plain characters of the word in front of the value. */
  readonly skipped: number;
  readonly scope: Variables;
  readonly place: Place;
}

export interface GlobalFlags {
  readonly host: Written | undefined;
  readonly context: Written | undefined;
  readonly tls: boolean | undefined;
  readonly tlsVerify: boolean | undefined;
  /** CA, certificate and key; empty where none of them is named. */
  readonly files: readonly (Written | undefined)[];
  /** Another folder with docker's configuration. */
  readonly config: Written | undefined;
  /** Of the first flag that says something about TLS. */
  readonly tlsPlace: Place | undefined;
}

/** A context of docker that the script made. */
export type Context =
  | { readonly kind: 'endpoint'; readonly written: Written }
  /** A copy of what held when it was made. */
  | { readonly kind: 'copy'; readonly of: ClientSettings }
  | { readonly kind: 'open'; readonly why: string };

export interface CurrentContext {
  readonly id: number;
  readonly name: Written | undefined;
  readonly why?: string;
}

/** The shell and docker's configuration at one point of a script. */
export interface ShellState {
  readonly variables: Variables;
  /** By the name as it is written. */
  readonly contexts: ReadonlyMap<string, Context>;
  /** What `docker context use` said last. */
  readonly current?: CurrentContext;
}

/** All that one docker command goes by, besides what its shell found at its start. */
export interface ClientSettings extends ShellState {
  readonly flags: GlobalFlags;
  /** It runs under sudo, which keeps few variables. */
  readonly sudo: boolean;
}

const VALUED: ReadonlySet<string> = new Set(
  '--config -c --context -H --host -l --log-level --tlscacert --tlscert --tlskey'.split(' '),
);

/** Those of docker-compose v1 besides: `-c` is `--context` there as well. */
const COMPOSE_VALUED: ReadonlySet<string> = new Set([
  ...VALUED,
  ...'-f --file -p --project-name --profile --project-directory --env-file'.split(' '),
]);

export const NO_FLAGS: GlobalFlags = {
  host: undefined,
  context: undefined,
  tls: undefined,
  tlsVerify: undefined,
  files: [],
  config: undefined,
  tlsPlace: undefined,
};

/** The settings of a docker command in a shell of that state. `id` makes numbers that never come twice. */
export function settingsOf(command: Command, state: ShellState, id: () => number): ClientSettings {
  const program = programOf(command.shell);
  const wrappers = command.shell.words.slice(0, program?.index ?? 0);
  const variables = ownVariables(command, wrappers, state.variables, id);
  const flags = program ? flagsOf(command, program, variables) : NO_FLAGS;
  const sudo =
    wrappers.some(word => word.text === 'sudo') &&
    !wrappers.some(word => /^(?:-\w*E\w*|--preserve-env(?:=.*)?)$/.test(word.text));
  return { ...state, variables, flags, sudo };
}

/** `NAME=value docker …`, `env NAME=value docker …`, `env -u NAME docker …`. */
function ownVariables(
  command: Command,
  wrappers: readonly ShellWord[],
  outer: Variables,
  id: () => number,
): Variables {
  const { shell, script } = command;
  let variables = outer;
  const given = [...shell.assignments, ...wrappers.flatMap(word => assignmentOf(script.text, word) ?? [])];
  for (const { name, value, append } of given) {
    const at = { id: id(), place: script.place(value.start, value.end) };
    const binding: Binding = append
      ? { ...at, kind: 'open', why: 'the script adds to it' }
      : { ...at, kind: 'value', parts: value.parts, scope: outer, exported: true };
    variables = bind(variables, name, binding);
  }
  if (!wrappers.some(word => word.text === 'env')) return variables;
  wrappers.forEach((word, i) => {
    const name = /^(?:-u|--unset=)(.+)$/.exec(word.text)?.[1] ?? nextTo(wrappers, i);
    if (name === undefined) return;
    variables = bind(variables, name, { id: id(), kind: 'gone', place: script.place(word.start, word.end) });
  });
  return wrappers.some(word => /^(?:-i|-|--ignore-environment)$/.test(word.text))
    ? { ...variables, lost: 'what is left in an emptied environment' }
    : variables;
}

function nextTo(words: readonly ShellWord[], i: number): string | undefined {
  return /^(?:-u|--unset)$/.test(words[i]?.text ?? '') ? words[i + 1]?.text : undefined;
}

function flagsOf(
  { shell, script }: Command,
  program: { readonly name: string; readonly index: number },
  scope: Variables,
): GlobalFlags {
  if (program.name !== 'docker' && program.name !== 'docker-compose') return NO_FLAGS;
  const valued = program.name === 'docker' ? VALUED : COMPOSE_VALUED;
  const { flags } = readFlags(shell.words.slice(program.index + 1), valued, false);
  const written = (...names: string[]): Written | undefined => {
    const value = flags.findLast(({ name }) => names.includes(name))?.value;
    if (!value) return undefined;
    const skipped = value.word.text.length - value.text.length;
    return { word: value.word, skipped, scope, place: script.place(value.start, value.end) };
  };
  const first = flags.find(({ name }) => /^--tls(?:verify)?$/.test(name));
  const files = ['--tlscacert', '--tlscert', '--tlskey'].map(name => written(name));
  return {
    host: written('-H', '--host'),
    context: written('-c', '--context'),
    config: written('--config'),
    tls: switchOf(flags, '--tls'),
    tlsVerify: switchOf(flags, '--tlsverify'),
    tlsPlace: first && script.place(first.word.start, first.word.end),
    files: files.some(file => file !== undefined) ? files : [],
  };
}

/** What `--flag` and `--flag=…` come to, as Go reads booleans. */
function switchOf(flags: readonly ShellFlag[], name: string): boolean | undefined {
  const flag = flags.findLast(one => one.name === name);
  return flag && /^(?:|1|t|T|TRUE|true|True)$/.test(flag.value?.text ?? '');
}

const CONTEXT_VALUED: ReadonlySet<string> = new Set(
  '--description --docker --from --default-stack-orchestrator --kubernetes'.split(' '),
);

/** What `docker context …` changes; `sure` is false where it may not come to it. */
export function afterContextCommand(
  command: Command,
  state: ShellState,
  sure: boolean,
  id: () => number,
): ShellState {
  const { shell, script } = command;
  const program = programOf(shell);
  if (program?.name !== 'docker') return state;
  const words = shell.words.slice(program.index + 1);
  const at = words.findIndex(word => word.text === 'context');
  const [verb, ...rest] = words.slice(at + 1);
  if (at < 0 || !verb || readFlags(words, VALUED, false).operands[0] !== words[at]) return state;
  const { flags, operands } = readFlags(rest, CONTEXT_VALUED);
  const [name] = operands;
  if (!name) return state;
  const place = script.place(name.start, name.end);
  if (verb.text === 'use') {
    const written = { word: name, skipped: 0, scope: state.variables, place };
    const why = 'the script chooses a context under a condition';
    return { ...state, current: sure ? { id: id(), name: written } : { id: id(), name: undefined, why } };
  }
  if (!/^(?:create|update|import|rm)$/.test(verb.text)) return state;
  const made: Context =
    sure && verb.text === 'create'
      ? contextOf(flags, command, state, id)
      : { kind: 'open', why: `the context ${name.text} is made where it cannot be followed` };
  return { ...state, contexts: new Map(state.contexts).set(name.text, made) };
}

function contextOf(
  flags: readonly ShellFlag[],
  command: Command,
  state: ShellState,
  id: () => number,
): Context {
  if (flags.some(({ name }) => name === '--from'))
    return { kind: 'open', why: 'a context is made from another' };
  const value = flags.find(({ name }) => name === '--docker')?.value;
  if (!value) return { kind: 'copy', of: settingsOf(command, state, id) };
  const skipped = value.word.text.length - value.text.length;
  const place = command.script.place(value.start, value.end);
  return { kind: 'endpoint', written: { word: value.word, skipped, scope: state.variables, place } };
}
