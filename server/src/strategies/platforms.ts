/** The platforms that recipes are for: the files in which a pipeline and its runner are written there. */
import type { DialectId, Exposure } from '../model/build-site.js';

export type PlatformId =
  | 'gitlab-docker'
  | 'gitlab-kubernetes'
  | 'github-hosted'
  | 'github-self-hosted'
  | 'github-arc'
  | 'jenkins-docker'
  | 'jenkins-kubernetes'
  | 'compose';

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
  /** Where its tool reads one file by itself: the names of that, and where a pipeline goes beside such a file. */
  readonly beside?: { readonly names: RegExp; readonly pipeline: string; readonly note: string };
  /** `executor` of a runner, where it is one of GitLab's. */
  readonly executor?: string;
  /** The first is taken where nobody says which; empty where a pipeline needs no runner file. */
  readonly runners: readonly RunnerKind[];
  /** What holds there whatever the strategy, and should be known to whoever lets others run jobs. */
  readonly caution?: string;
  /** What holds of all its runners, so that nobody has to be asked. */
  readonly runnersAre?: {
    readonly privilege: 'privileged' | 'unprivileged';
    readonly exposure: Exposure;
    readonly because: string;
  };
  /** Labels by which its runner is declared, where no file of it is. */
  readonly labels?: readonly string[];
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
  {
    id: 'github-hosted',
    title: 'GitHub, hosted machine',
    dialect: 'github-actions',
    pipeline: '.github/workflows/container-image.yml',
    runners: [],
    // A new virtual machine for each job, on which it may use sudo without a password:
    // https://docs.github.com/en/actions/reference/runners/github-hosted-runners (2026-11-29).
    runnersAre: {
      privilege: 'privileged',
      exposure: 'ephemeral',
      because: "on each of GitHub's hosted machines",
    },
  },
  {
    id: 'github-self-hosted',
    title: 'GitHub, own machine',
    dialect: 'github-actions',
    pipeline: '.github/workflows/container-image.yml',
    runners: [],
    labels: ['self-hosted', '@tag@'],
    caution:
      'Whoever may change the workflow runs commands as the user of the runner; where that user may use docker, he is root on the machine.',
  },
  {
    id: 'github-arc',
    title: 'GitHub, pods of ARC',
    dialect: 'github-actions',
    pipeline: '.github/workflows/container-image.yml',
    runners: ['helm'],
  },
  {
    id: 'jenkins-docker',
    title: 'Jenkins, Docker agent',
    dialect: 'jenkinsfile',
    pipeline: 'Jenkinsfile',
    runners: [],
    caution:
      'Whoever may change the Jenkinsfile can use the docker of the machine itself, which makes him root there; a strategy guards the machine only from what is built.',
  },
  {
    id: 'jenkins-kubernetes',
    title: 'Jenkins, Kubernetes pod',
    dialect: 'jenkinsfile',
    pipeline: 'Jenkinsfile',
    runners: [],
  },
  {
    id: 'compose',
    title: 'Compose',
    dialect: 'compose',
    pipeline: 'compose.yaml',
    // A new compose.yaml would be read in the place of all others:
    // https://docs.docker.com/compose/intro/compose-application-model/ (2026-11-29).
    beside: {
      names: /^(?:docker-)?compose\.ya?ml$/,
      pipeline: 'compose.build.yaml',
      note: 'Compose goes on reading the file that is there; this one is named with -f, as its first lines show.',
    },
    runners: [],
  },
];
