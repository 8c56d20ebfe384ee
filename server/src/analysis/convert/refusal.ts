/** Says why a job cannot be converted: thrown where that turns out, caught once at the door. */
import type { Command } from '../../model/build-site.js';
import type { Place } from '../../model/known.js';

export class Refusal extends Error {
  /** What it is about, where it stands in the files. */
  readonly at: Place | undefined;

  /** @param message a sentence without the number of its line */
  constructor(message: string, at?: Place) {
    super(message);
    this.at = at;
  }
}

/** @throws Refusal always */
export function refuse(message: string, at?: Command | Place): never {
  throw new Refusal(message, at && 'shell' in at ? placeOfCommand(at) : at);
}

/** The first of many, for people. */
export function listed(all: readonly string[], separator = ', '): string {
  return [...all.slice(0, 3), ...(all.length > 3 ? ['…'] : [])].join(separator);
}

function placeOfCommand({ script, shell }: Command): Place {
  return script.place(shell.start, shell.end);
}
