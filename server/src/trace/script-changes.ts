/** Reads what one command of a script does to the variables of its shell. */
import type { Command } from '../model/build-site.js';
import { assignmentOf, programOf, type ShellAssignment, type ShellWord } from '../syntax/shell.js';
import { type Binding, bind, type Variables } from './shell-state.js';

const DECLARES: ReadonlySet<string> = new Set(['export', 'declare', 'typeset', 'readonly', 'local']);
const ELSEWHERE = 'which variables the script takes from elsewhere';
const CONDITION = 'the script sets it under a condition';
const CONDITIONAL_UNSET = 'the script takes it away under a condition';

/** The variables after `command`. `sure` is false where the script may not come to it. */
export function afterCommand(
  command: Command,
  variables: Variables,
  sure: boolean,
  id: () => number,
): Variables {
  const { shell } = command;
  const [first, ...rest] = shell.words;
  const change: Change = { command, variables, sure, id };
  if (!first) return assignAll(change, shell.assignments, 'inherited');
  const program = first.text === 'builtin' || first.text === 'command' ? rest.shift()?.text : first.text;
  if (readsElsewhere(program ?? '', rest)) return { bindings: new Map(), lost: ELSEWHERE };
  if (DECLARES.has(program ?? '')) return declare(change, program ?? '', rest);
  if (program === 'unset') return unset(change, rest);
  if (program === 'read') return openAll(change, rest, 'the script reads it');
  return withDefaults(change, [first, ...rest]);
}

interface Change {
  readonly command: Command;
  readonly variables: Variables;
  readonly sure: boolean;
  readonly id: () => number;
}

/** A Python environment, nvm and ssh-agent do no harm to docker's variables, nor does a login that AWS prints. */
function readsElsewhere(program: string, words: readonly ShellWord[]): boolean {
  if (program === 'source' || program === '.') {
    return !words.some(word => /(?:^|\/)activate$|nvm\.sh$|\.(?:bash|zsh)rc$|cargo\/env$/.test(word.text));
  }
  if (program === 'eval') return !words.every(isHarmless);
  return program === 'export' && words.some(word => !word.literal && !/^\w+=/.test(word.text));
}

function isHarmless(word: ShellWord): boolean {
  return word.parts.every(part => {
    if (part.kind !== 'command') return part.kind === 'text' && !part.text.includes('DOCKER_');
    const names = part.commands.map(command => programOf(command)?.name);
    return names.every(name => name === 'ssh-agent' || name === 'aws' || name === 'sed' || name === 'tr');
  });
}

function declare(change: Change, program: string, words: readonly ShellWord[]): Variables {
  const flags = words.filter(word => /^-\w+$/.test(word.text)).map(word => word.text);
  if (program === 'export' && flags.some(flag => flag.includes('n'))) return unset(change, words);
  if (flags.some(flag => /[fp]/.test(flag))) return change.variables;
  const exports = program === 'export' || flags.some(flag => flag.includes('x'));
  const { script } = change.command;
  const given = words.flatMap(word => assignmentOf(script.text, word) ?? []);
  const assigned = assignAll(change, given, exports || 'inherited');
  if (!exports) return assigned;
  return words.reduce((variables, { text, literal }) => {
    const binding = variables.bindings.get(text);
    if (!literal || binding?.kind !== 'value' || binding.exported === true) return variables;
    return bind(variables, text, { ...binding, exported: true });
  }, assigned);
}

function assignAll(
  change: Change,
  given: readonly ShellAssignment[],
  exported: boolean | 'inherited',
): Variables {
  const { command, sure, id } = change;
  return given.reduce((variables, { name, value, append }) => {
    const before = variables.bindings.get(name);
    const kept = exported === 'inherited' && before?.kind === 'value' ? before.exported : exported;
    const at = { id: id(), place: command.script.place(value.start, value.end) };
    const binding: Binding =
      sure && !append
        ? { ...at, kind: 'value', parts: value.parts, scope: variables, exported: kept }
        : { ...at, kind: 'open', why: append ? 'the script adds to it' : CONDITION };
    return bind(variables, name, binding);
  }, change.variables);
}

function unset(change: Change, words: readonly ShellWord[]): Variables {
  if (words.some(word => word.text === '-f')) return change.variables;
  const { command, sure, id } = change;
  return words.reduce((variables, word) => {
    if (word.text.startsWith('-')) return variables;
    const at = { id: id(), place: command.script.place(word.start, word.end) };
    const name = word.text.replace(/=.*$/s, '');
    return bind(
      variables,
      name,
      sure ? { ...at, kind: 'gone' } : { ...at, kind: 'open', why: CONDITIONAL_UNSET },
    );
  }, change.variables);
}

function openAll(change: Change, words: readonly ShellWord[], why: string): Variables {
  const { command, id } = change;
  return words.reduce((variables, word) => {
    const place = command.script.place(word.start, word.end);
    return bind(variables, word.text, { id: id(), kind: 'open', why, place });
  }, change.variables);
}

/** `: "${NAME:=value}"` gives a variable a value in passing. */
function withDefaults(change: Change, words: readonly ShellWord[]): Variables {
  const { command, id } = change;
  return words
    .flatMap(word => word.parts)
    .reduce((variables, part) => {
      if (part.kind !== 'variable' || !/^:?=$/.test(part.operator ?? '')) return variables;
      const place = command.script.place(part.start, part.end);
      const why = 'the script gives it a value in passing';
      return bind(variables, part.name, { id: id(), kind: 'open', why, place });
    }, change.variables);
}
