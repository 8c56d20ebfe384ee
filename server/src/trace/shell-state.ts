/** What is known of a shell's variables at one point of a script, and what a word comes to there. */
import type { Place } from '../model/known.js';
import type { ShellPart, ShellWord } from '../syntax/shell.js';

/** A value that a client may get: set, not set, or not known for the reason in `why`. */
export interface Variable {
  readonly value: string | undefined;
  /** The place that fixes it; missing where nothing does. */
  readonly place: Place | undefined;
  /** Why it is not known; absent when it is, or is not set. */
  readonly why?: string;
}

/** What a script made of a variable. */
export type Binding = { readonly id: number; readonly place: Place } & (
  | {
      readonly kind: 'value';
      readonly parts: readonly ShellPart[];
      /** The variables as they were when the value was made. */
      readonly scope: Variables;
      /** Programs get to see it; `inherited`: if they saw the variable before. */
      readonly exported: boolean | 'inherited';
    }
  /** Taken away from the programs that the shell starts. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'open'; readonly why: string }
);

/** The variables that a script touched; the others are as the shell found them, unless that is `lost`. */
export interface Variables {
  readonly bindings: ReadonlyMap<string, Binding>;
  /** Why everything that is not in `bindings` may have changed. */
  readonly lost?: string;
}

export const UNTOUCHED: Variables = { bindings: new Map() };

/** What a shell found when it started. */
export type Lookup = (name: string) => Variable;

const NOT_SET: Variable = { value: undefined, place: undefined };

/** The variables with one more binding. */
export function bind(variables: Variables, name: string, binding: Binding): Variables {
  return { ...variables, bindings: new Map(variables.bindings).set(name, binding) };
}

/** What the shell itself takes `name` for. */
export function shellValue(variables: Variables, name: string, found: Lookup): Variable {
  const binding = variables.bindings.get(name);
  if (!binding) return variables.lost === undefined ? found(name) : { ...NOT_SET, why: variables.lost };
  if (binding.kind === 'gone') return { ...NOT_SET, place: binding.place };
  if (binding.kind === 'open') return { value: undefined, place: binding.place, why: binding.why };
  return { ...evaluate(binding.parts, binding.scope, found), place: binding.place };
}

/** What a program that the shell starts gets to see as `name`. */
export function exportedValue(variables: Variables, name: string, found: Lookup): Variable {
  const binding = variables.bindings.get(name);
  if (binding?.kind !== 'value' || binding.exported === true) return shellValue(variables, name, found);
  const before = found(name);
  if (binding.exported === false || (before.value === undefined && before.why === undefined)) return NOT_SET;
  return before.why === undefined ? shellValue(variables, name, found) : before;
}

/** The text that a word comes to, or why it cannot be told. */
export function evaluate(
  parts: readonly ShellPart[],
  scope: Variables,
  found: Lookup,
): { readonly value: string | undefined; readonly why?: string } {
  let value = '';
  for (const part of parts) {
    const piece = pieceOf(part, scope, found);
    if (piece.why !== undefined) return { value: undefined, why: piece.why };
    value += piece.value ?? '';
  }
  return { value };
}

/** As `evaluate`, for the part of a word that follows its first `skipped` characters, which are plain. */
export function evaluateRest(
  word: ShellWord,
  skipped: number,
  scope: Variables,
  found: Lookup,
): { readonly value: string | undefined; readonly why?: string } {
  const whole = evaluate(word.parts, scope, found);
  return whole.value === undefined ? whole : { value: whole.value.slice(skipped) };
}

function pieceOf(part: ShellPart, scope: Variables, found: Lookup): Omit<Variable, 'place'> {
  if (part.kind === 'text') return { value: part.text };
  if (part.kind === 'command') return { value: undefined, why: 'it comes from a command' };
  if (part.kind === 'other') return { value: undefined, why: 'the script computes it' };
  const own = shellValue(scope, part.name, found);
  const { operator, word = '' } = part;
  if (operator === undefined || own.why !== undefined) return own;
  const missing = operator.startsWith(':') ? (own.value ?? '') === '' : own.value === undefined;
  if (/^:?[?]$/.test(operator)) return own;
  const plain = !/[$`'"\\]/.test(word);
  if (/^:?[-=]$/.test(operator) && (!missing || plain)) return { value: missing ? word : own.value };
  if (/^:?\+$/.test(operator) && (missing || plain)) return { value: missing ? '' : word };
  return { value: undefined, why: `the script computes it from ${part.name}` };
}
