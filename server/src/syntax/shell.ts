/** Reads POSIX and bash shell text as it stands in a job's script: its commands, with the span of every word. */
import { readCommands } from './shell-commands.js';
import type { Cursor } from './shell-cursor.js';
import type { ShellScript } from './shell-types.js';

export { programOf, readFlags, type ShellFlag, type ShellFlags, valueWithin } from './shell-flags.js';
export type * from './shell-types.js';
export { assignmentOf } from './shell-words.js';

/**
 * Reads a script, or its part from `start` up to `end` (UTF-16 offsets); offsets in the result count from the
 * beginning of `text`. Takes any text without failing: what is not closed runs to the end, stray closing words
 * are passed over. Expressions of the CI server (`${{ … }}`, `$[[ inputs.x ]]`) are parts of words.
 * Grammar: POSIX.1-2024, Shell Command Language, and the bash 5.2 manual.
 */
export function readShell(text: string, start = 0, end = text.length): ShellScript {
  const cursor: Cursor = {
    text,
    pos: start,
    end,
    depth: 0,
    inBackticks: false,
    complete: true,
    context: [],
    pending: [],
    commands: [],
    readCommands,
  };
  readCommands(cursor, false);
  const complete = cursor.complete && cursor.pending.length === 0;
  return { commands: cursor.commands.sort((a, b) => a.start - b.start), complete };
}
