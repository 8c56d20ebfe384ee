/** All file formats that are read. */
import type { DialectId } from '../model/build-site.js';
import { compose } from './compose/index.js';
import type { Dialect } from './dialect.js';
import { dockerfile } from './dockerfile/index.js';
import { githubActions } from './github-actions/index.js';
import { gitlabCi } from './gitlab-ci/index.js';
import { gitlabRunner } from './gitlab-runner/index.js';
import { helmValues } from './helm-values/index.js';
import { jenkinsfile } from './jenkinsfile/index.js';
import { kubernetes } from './kubernetes/index.js';
import { shell } from './shell/index.js';
import { terraform } from './terraform/index.js';

export const dialects: readonly Dialect[] = [
  gitlabCi,
  githubActions,
  gitlabRunner,
  helmValues,
  terraform,
  compose,
  kubernetes,
  jenkinsfile,
  shell,
  dockerfile,
];

/** The first one with that id. */
export function dialectById(id: DialectId): Dialect | undefined {
  return dialects.find(dialect => dialect.id === id);
}
