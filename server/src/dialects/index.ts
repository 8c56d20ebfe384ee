/** All file formats that are read. */
import type { DialectId } from '../model/build-site.js';
import { compose } from './compose/index.js';
import type { Dialect } from './dialect.js';
import { githubActions } from './github-actions/index.js';
import { gitlabCi } from './gitlab-ci/index.js';
import { gitlabRunner } from './gitlab-runner/index.js';
import { helmValues } from './helm-values/index.js';
import { terraform } from './terraform/index.js';

export const dialects: readonly Dialect[] = [
  gitlabCi,
  githubActions,
  gitlabRunner,
  helmValues,
  terraform,
  compose,
];

/** The first one with that id. */
export function dialectById(id: DialectId): Dialect | undefined {
  return dialects.find(dialect => dialect.id === id);
}
