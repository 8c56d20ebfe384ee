/** Writes changes to the commands of scripts: on lines of their own, in quotes for another shell, or where no shell reads. */

import type { Command } from '../model/build-site.js';
import type { Intent } from '../model/intent.js';

/** Shell text in place of a range of the text that a command stands in. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** All changes, or nothing where the place of the command cannot hold one of them. */
export function changeCommand(command: Command, ...changes: readonly Change[]): readonly Intent[] {
  if (!changes.every(({ text }) => holds(command, text))) return [];
  const script = command.script.origin.place;
  return changes.map(change => ({ kind: 'replace-words', script, ...change }));
}

/** Whether a text means the same there as on a line of its own. */
function holds({ nested, quote, script }: Command, text: string): boolean {
  if (quote === "'") return !text.includes("'");
  // The shell outside undoes these first.
  if (quote === '"') return !/["$`\\!]/.test(text);
  return !(nested || script.bare) || /^[\w ./:@%,=+-]*$/.test(text);
}
