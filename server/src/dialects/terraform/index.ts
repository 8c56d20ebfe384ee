/** Terraform files that hold the configuration of a runner, or values of its chart, in a heredoc. */
import type { Dialect } from '../dialect.js';
import { embeddedTexts, readHeredocs } from './read.js';
import { recogniseTerraform } from './recognise.js';

/** What is found in such a file is said of the runner's configuration. */
export const terraform: Dialect = {
  id: 'gitlab-runner',
  recognise: recogniseTerraform,
  read: (text, previous) => readHeredocs(text, previous),
  links: () => [],
  lower: () => ({ sites: [], runners: [] }),
  embedded: tree => embeddedTexts(tree),
  write: () => ({ refused: 'the change is about no heredoc' }),
  syntaxErrors: () => [],
};
