/** What the scripts of a job become: new texts, and what people should know about them. */
import type { Command, ScriptText } from '../../model/build-site.js';
import { applyEdits, type TextEdit } from '../../syntax/patch.js';
import type { Pipeline, Statement } from './statements.js';
import { editsOf } from './statements.js';

export interface Translation {
  /** Those that change; empty where nothing is left to run. */
  readonly texts: ReadonlyMap<ScriptText, string>;
  /** Sentences on what the new job does in another way. */
  readonly notes: readonly string[];
  /** Commands that are written anew or left out. */
  readonly translated: ReadonlySet<Command>;
}

/** The texts after all changes. `more` are edits outside of the pipelines that change. */
export function textsAfter(
  statements: readonly Statement[],
  changes: ReadonlyMap<Pipeline, string | 'left out'>,
  more: ReadonlyMap<ScriptText, readonly TextEdit[]>,
): ReadonlyMap<ScriptText, string> {
  const edits = new Map<ScriptText, TextEdit[]>();
  const gone = new Map<ScriptText, Span[]>();
  for (const [script, list] of more) edits.set(script, [...list]);
  for (const statement of statements) {
    const { script } = statement;
    const changed = editsOf(statement, changes);
    if (changed) edits.set(script, [...(edits.get(script) ?? []), ...changed]);
    else gone.set(script, [...(gone.get(script) ?? []), withSeparator(script.text, statement)]);
  }
  const scripts = new Set([...edits.keys(), ...gone.keys()]);
  return new Map(
    [...scripts].flatMap(script => {
      const removals = united(gone.get(script) ?? []).map(span => removal(script.text, span));
      const all = [...(edits.get(script) ?? []), ...removals];
      return all.length === 0 ? [] : [[script, written(script.text, all)] as const];
    }),
  );
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function written(text: string, edits: readonly TextEdit[]): string {
  const after = applyEdits(text, edits);
  return after.trim() === '' ? '' : after;
}

/** A statement with what parts it from the next one on its line, else from the one before. */
function withSeparator(text: string, { pipelines }: Statement): Span {
  const start = pipelines[0]?.start ?? 0;
  const end = pipelines.at(-1)?.end ?? start;
  const behind = /^[ \t]*;[ \t]*/.exec(text.slice(end))?.[0].length ?? 0;
  if (behind > 0) return { start, end: end + behind };
  return { start: start - (/;[ \t]*$/.exec(text.slice(0, start))?.[0].length ?? 0), end };
}

/** Spans that touch each other as one; they come in order. */
function united(spans: readonly Span[]): readonly Span[] {
  const all: Span[] = [];
  for (const span of spans) {
    const last = all.at(-1);
    if (last && span.start <= last.end) all[all.length - 1] = { start: last.start, end: span.end };
    else all.push(span);
  }
  return all;
}

/** Takes a stretch away, and its lines where nothing else stands on them. */
function removal(text: string, { start, end }: Span): TextEdit {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', end);
  const lineEnd = newline < 0 ? text.length : newline;
  const isAlone = (text.slice(lineStart, start) + text.slice(end, lineEnd)).trim() === '';
  if (!isAlone) return { start, end, newText: '' };
  // The last line goes with the break before it.
  return newline < 0
    ? { start: Math.max(0, lineStart - 1), end: text.length, newText: '' }
    : { start: lineStart, end: newline + 1, newText: '' };
}

/** The source of a pipeline with one of its commands replaced. */
export function withCommand({ start, end }: Pipeline, command: Command, source: string): string {
  const { text } = command.script;
  return text.slice(start, command.shell.start) + source + text.slice(command.shell.end, end);
}
