/** Workflows and composite actions of GitHub Actions. */
import { readYaml, type YamlTree } from '../../syntax/yaml.js';
import type { Dialect } from '../dialect.js';
import { linksOfWorkflow, lowerWorkflow, startsByItself, writeWorkflow } from './engine.js';
import { recogniseActions } from './recognise.js';

export const githubActions: Dialect = {
  id: 'github-actions',
  recognise: recogniseActions,
  read: (text, previous) => readYaml(text, previous as YamlTree | undefined, 'jobs'),
  links: linksOfWorkflow,
  lower: lowerWorkflow,
  startsByItself: ({ tree }) => tree !== undefined && startsByItself(tree),
  write: writeWorkflow,
  // Editors have extensions for YAML and for workflows.
  syntaxErrors: () => [],
};
