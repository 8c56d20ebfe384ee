/** GitLab Runner's `config.toml`. */
import { isTomlTemplate } from '../../syntax/toml.js';
import type { Dialect } from '../dialect.js';
import { lowerRunners } from './lower.js';
import { recogniseRunner } from './recognise.js';
import { readTemplated } from './templates.js';
import { writeRunner } from './write.js';

export const gitlabRunner: Dialect = {
  id: 'gitlab-runner',
  recognise: recogniseRunner,
  read: text => readTemplated(text),
  links: () => [],
  lower: lowerRunners,
  write: writeRunner,
  // What looks wrong in a template may be right in what is made of it.
  syntaxErrors: unit => (isTomlTemplate(unit.path) ? [] : unit.tree.problems),
};
