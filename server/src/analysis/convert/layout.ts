/** Writes a command over one line or several, with what stood around the old one. */
import type { Command } from '../../model/build-site.js';
import { programOf } from '../../syntax/shell.js';
import { refuse } from './refusal.js';

/** Longer commands get a line for each flag. */
const MAX_WIDTH = 100;

/** What runs another program and is in all images, with its flags and times. */
export const STAYS = /^(?:time|command|exec|env|nice|timeout|-\S*|\d+(?:\.\d+)?[smhd]?)$/;

/** Switches of docker's client, which other tools do not know. */
const SWITCHES = /^(?:DOCKER_BUILDKIT|DOCKER_CLI_EXPERIMENTAL|BUILDKIT_PROGRESS)$/;

/**
 * The new command in place of the old one: variables in front, redirections behind, and lines as the author has them.
 * @param pieces the command, cut where a line may end
 */
export function laidOut(command: Command, pieces: readonly string[]): string {
  const { shell, script } = command;
  const source = (start: number, end: number): string => script.text.slice(start, end);
  const index = programOf(shell)?.index ?? 0;
  const before = [
    ...shell.assignments
      .filter(({ name }) => !SWITCHES.test(name))
      .map(({ start, end }) => source(start, end)),
    ...shell.words.slice(0, index).map(word => {
      return STAYS.test(word.text)
        ? source(word.start, word.end)
        : refuse(`${word.text} is not there in the new job.`, command);
    }),
  ];
  const behind = shell.redirects.map(({ start, end }) => source(start, end));
  const [first = '', ...rest] = pieces;
  const lines = [[...before, first].join(' '), ...rest];
  const last = lines.length - 1;
  lines[last] = [lines[last], ...behind].join(' ');
  const one = lines.join(' ');
  const wasOne = !source(shell.start, shell.end).includes('\n');
  if (wasOne && one.length <= MAX_WIDTH) return one;
  return lines.join(` \\\n${indentAt(script.text, shell.start)}  `);
}

/** Whether a variable is such a switch. */
export function isSwitch(name: string): boolean {
  return SWITCHES.test(name);
}

/** The blanks at the start of the line of an offset. */
export function indentAt(text: string, at: number): string {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}
