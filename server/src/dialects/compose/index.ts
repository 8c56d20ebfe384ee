/** Compose files. */
import { readYaml, type YamlTree } from '../../syntax/yaml.js';
import type { Dialect } from '../dialect.js';
import { linksOfCompose, lowerCompose, writeCompose } from './engine.js';

/** Compose's own names and the ones that people derive from them; others count by association, or by an include. */
const NAME = /(?:^|\/)(?:docker-)?compose(?:[._-][^/]*)?\.ya?ml$/i;
const PIPELINE = /\.gitlab-ci[.-]/i;

/** Marks of Jinja, Go and ERB. */
const TEMPLATE = /\{\{|\{%|<%/;

export const compose: Dialect = {
  id: 'compose',
  recognise: path => NAME.test(path) && !PIPELINE.test(path),
  read: (text, previous) => readYaml(text, previous as YamlTree | undefined),
  links: linksOfCompose,
  lower: lowerCompose,
  write: writeCompose,
  isTemplate: text => TEMPLATE.test(text),
  syntaxErrors: () => [],
};
