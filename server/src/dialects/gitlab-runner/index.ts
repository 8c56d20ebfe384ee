/** GitLab Runner's `config.toml`. */
import type { Dialect } from '../dialect.js';
import { lowerRunnerFile, problemsOf, readRunnerFile, writeRunnerFile } from './engine.js';
import { recogniseRunner } from './recognise.js';

export const gitlabRunner: Dialect = {
  id: 'gitlab-runner',
  recognise: recogniseRunner,
  read: text => readRunnerFile(text),
  links: () => [],
  lower: lowerRunnerFile,
  write: writeRunnerFile,
  syntaxErrors: problemsOf,
};
