/** Reads, lowers and writes runner files; loaded when the first one comes up, for it brings the libraries for TOML. */
import type { Intent, Written } from '../../model/intent.js';
import { isTomlTemplate } from '../../syntax/toml.js';
import type { SyntaxProblem, Tree } from '../../syntax/tree.js';
import type { Lowered, Unit } from '../dialect.js';
import { lowerRunners } from './lower.js';
import { literalProblems, readTemplated } from './templates.js';
import { writeRunner } from './write.js';

export function readRunnerFile(text: string): Tree {
  return readTemplated(text);
}

export function lowerRunnerFile(unit: Unit): Lowered {
  return lowerRunners(unit);
}

export function writeRunnerFile(intents: readonly Intent[], unit: Unit): Written {
  return writeRunner(intents, unit);
}

/** What looks wrong in a template may be right in what is made of it. */
export function problemsOf(unit: Unit): readonly SyntaxProblem[] {
  if (isTomlTemplate(unit.path) || unit.host?.filledIn) return [];
  // Helm puts values into the TOML that it is given.
  return unit.host ? literalProblems(unit.tree) : unit.tree.problems;
}
