/** Takes a script apart into its statements, and writes it anew with some of their commands replaced or left out. */
import type { Command, ScriptText } from '../../model/build-site.js';
import type { TextEdit } from '../../syntax/patch.js';
import { refuse } from './refusal.js';

/** Commands that are joined by pipes; `operator` is what stands in front of them. */
export interface Pipeline {
  readonly operator: '&&' | '||' | undefined;
  readonly commands: readonly Command[];
  readonly start: number;
  readonly end: number;
}

/** Pipelines that are joined by `&&` and `||`, at the top of a script. */
export interface Statement {
  readonly script: ScriptText;
  readonly pipelines: readonly Pipeline[];
  /** A loop, a group or the like is part of it, or it runs in the background. */
  readonly tangled: boolean;
}

/** What becomes of a pipeline: new source, or nothing at all. */
export type Changes = ReadonlyMap<Pipeline, string | 'left out'>;

/** The statements of one text. Commands inside of compound commands and substitutions are in none. */
export function statementsOf(script: ScriptText, commands: readonly Command[]): readonly Statement[] {
  const top = commands.filter(one => one.script === script && !one.nested && one.shell.context.length === 0);
  const groups: Command[][] = [];
  for (const command of top) {
    const goesOn = /^[|&]+$/.test(command.shell.before) && command.shell.before !== '&';
    const last = groups.at(-1);
    if (goesOn && last) last.push(command);
    else groups.push([command]);
  }
  return groups.map(group => statement(script, group));
}

function statement(script: ScriptText, commands: readonly Command[]): Statement {
  const pipelines: { operator: Pipeline['operator']; commands: Command[] }[] = [];
  for (const command of commands) {
    const { before } = command.shell;
    const last = pipelines.at(-1);
    if (last && (before === '|' || before === '|&')) last.commands.push(command);
    else
      pipelines.push({
        operator: before === '&&' || before === '||' ? before : undefined,
        commands: [command],
      });
  }
  return {
    script,
    tangled: isTangled(script.text, commands),
    pipelines: pipelines.map(one => ({ ...one, start: startOf(one.commands), end: endOf(one.commands) })),
  };
}

/** Between the commands of a statement stand operators alone, and behind it its line ends. */
function isTangled(text: string, commands: readonly Command[]): boolean {
  const [first] = commands;
  if (!first || /^(?:&&|\|)/.test(first.shell.before)) return true;
  const gaps = commands.slice(1).map(({ shell }, i) => text.slice(commands[i]?.shell.end, shell.start));
  if (!gaps.every(gap => /^(?:\s|\\\r?\n|#.*\n)*(?:&&|\|\|?|\|&)(?:\s|\\\r?\n|#.*\n)*$/.test(gap)))
    return true;
  const behind = text.slice(endOf(commands)).replace(/^(?:[ \t]|\\\r?\n)+/, '');
  return !/^(?:$|[;#\n\r])/.test(behind) || behind.startsWith(';;');
}

function startOf(commands: readonly Command[]): number {
  return commands[0]?.shell.start ?? 0;
}

function endOf(commands: readonly Command[]): number {
  return commands.at(-1)?.shell.end ?? 0;
}

/** Commands that change nothing but what is shown, or end the job. */
const HARMLESS = /^(?:true|:|echo|printf|exit)$/;

/**
 * The edits of a statement, with offsets into its text; `undefined` when nothing of it is left.
 * @throws Refusal where what is left out decides what else runs
 */
export function editsOf(statement: Statement, changes: Changes): readonly TextEdit[] | undefined {
  const { pipelines } = statement;
  if (!pipelines.some(one => changes.has(one))) return [];
  const kept = keptOf(statement, changes);
  const [first] = kept;
  const last = kept.at(-1);
  const [start, end] = [pipelines[0]?.start ?? 0, pipelines.at(-1)?.end ?? 0];
  if (!first || !last) return undefined;
  const edits = kept.flatMap(({ pipeline, source }) =>
    source === undefined ? [] : [{ start: pipeline.start, end: pipeline.end, newText: source }],
  );
  const removed = (from: number, to: number): TextEdit[] =>
    from < to ? [{ start: from, end: to, newText: '' }] : [];
  const between = kept.slice(1).flatMap(({ pipeline }, i) => {
    const before = kept[i]?.pipeline as Pipeline;
    const next = pipelines[pipelines.indexOf(pipeline) - 1];
    return next && next !== before ? removed(before.end, next.end) : [];
  });
  return [...removed(start, first.pipeline.start), ...between, ...edits, ...removed(last.pipeline.end, end)];
}

interface Kept {
  readonly pipeline: Pipeline;
  /** New source; missing where it stays as it is. */
  readonly source: string | undefined;
}

/** What is left out counts as done: `gone && a` is `a`, and of `gone || a` nothing is left. */
function keptOf({ pipelines }: Statement, changes: Changes): readonly Kept[] {
  const kept: Kept[] = [];
  let isDone = false;
  for (const pipeline of pipelines) {
    const change = changes.get(pipeline);
    if (isDone && kept.length === 0 && pipeline.operator === '||') {
      const harmless = pipeline.commands.every(({ shell }) => HARMLESS.test(shell.words[0]?.text ?? ''));
      if (change === 'left out' || (harmless && change === undefined)) continue;
      refuse(
        'This command runs only when another one fails, which the new job does not have.',
        pipeline.commands[0],
      );
    }
    if (change === 'left out' && pipeline.operator === '||' && kept.length > 0)
      kept.push({ pipeline, source: 'true' });
    else if (change === 'left out') isDone = true;
    else kept.push({ pipeline, source: change });
  }
  return kept;
}
