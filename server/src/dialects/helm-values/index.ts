/** Values of Helm charts: those of gitlab-runner, with the TOML of the runner in them, and of GitHub's runner scale sets. */
import { readYaml, type YamlTree } from '../../syntax/yaml.js';
import type { Dialect } from '../dialect.js';
import { runnersValues } from './find.js';
import { embeddedConfigs, lowerValues } from './lower.js';
import { recogniseHelmValues } from './recognise.js';
import { writeValues } from './write.js';

export const helmValues: Dialect = {
  id: 'helm-values',
  recognise: recogniseHelmValues,
  read: (text, previous) => readYaml(text, previous as YamlTree | undefined),
  links: () => [],
  lower: lowerValues,
  embedded: tree => embeddedConfigs(runnersValues(tree)),
  write: writeValues,
  // Editors have extensions for YAML.
  syntaxErrors: () => [],
};
