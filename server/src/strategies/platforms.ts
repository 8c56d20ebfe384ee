/** The platforms that recipes are for: the files in which a pipeline and its runner are written there. */
import type { DialectId } from '../model/build-site.js';

export type PlatformId = 'gitlab-docker' | 'gitlab-kubernetes';

/** How a runner is set up: by `config.toml`, or by values of its Helm chart. */
export type RunnerKind = 'config' | 'helm';

export interface Platform {
  readonly id: PlatformId;
  readonly title: string;
  readonly dialect: DialectId;
  /** Path of the pipeline from the root of a project. */
  readonly pipeline: string;
  /** A recipe's pipeline can stand behind what such a file holds already. */
  readonly appendable?: true;
  /** `executor` of a runner. */
  readonly executor: string;
  /** The first is taken where nobody says which; empty where a pipeline needs no runner file. */
  readonly runners: readonly RunnerKind[];
}

export const PLATFORMS: readonly Platform[] = [
  {
    id: 'gitlab-docker',
    title: 'GitLab, Docker executor',
    dialect: 'gitlab-ci',
    pipeline: '.gitlab-ci.yml',
    appendable: true,
    executor: 'docker',
    runners: ['config'],
  },
  {
    id: 'gitlab-kubernetes',
    title: 'GitLab, Kubernetes executor',
    dialect: 'gitlab-ci',
    pipeline: '.gitlab-ci.yml',
    appendable: true,
    executor: 'kubernetes',
    runners: ['config', 'helm'],
  },
];
