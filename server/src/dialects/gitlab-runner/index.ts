/** GitLab Runner's `config.toml`. */
import { isTomlTemplate } from '../../syntax/toml.js';
import type { SyntaxProblem } from '../../syntax/tree.js';
import type { Dialect, Unit } from '../dialect.js';
import { lowerRunners } from './lower.js';
import { recogniseRunner } from './recognise.js';
import { literalProblems, readTemplated } from './templates.js';
import { writeRunner } from './write.js';

export const gitlabRunner: Dialect = {
  id: 'gitlab-runner',
  recognise: recogniseRunner,
  read: text => readTemplated(text),
  links: () => [],
  lower: lowerRunners,
  write: writeRunner,
  syntaxErrors: problemsOf,
};

/** What looks wrong in a template may be right in what is made of it. */
function problemsOf(unit: Unit): readonly SyntaxProblem[] {
  if (isTomlTemplate(unit.path)) return [];
  // Helm puts values into the TOML that it is given.
  return unit.host ? literalProblems(unit.tree) : unit.tree.problems;
}
