/** GitLab CI pipelines. */
import { readYaml, type YamlTree } from '../../syntax/yaml.js';
import type { Dialect } from '../dialect.js';
import { effectiveJobs } from './effective.js';
import { START_FILE } from './includes.js';
import { linksOf } from './links.js';
import { lowerGitlab } from './lower.js';
import { writeGitlab } from './write.js';

export { START_FILE };

/** GitLab's default name and the ones people derive from it; other files count when one of ours includes them. */
const NAME = /(?:^|\/)[^/]*\.gitlab-ci(?:[.-][^/]*)?\.ya?ml$/i;

export const gitlabCi: Dialect = {
  id: 'gitlab-ci',
  recognise: path => NAME.test(path),
  read: (text, previous) => readYaml(text, previous as YamlTree | undefined),
  links: linksOf,
  lower: lowerGitlab,
  startsByItself: ({ path }) => path === START_FILE,
  jobs: effectiveJobs,
  write: writeGitlab,
  syntaxErrors: () => [],
};
