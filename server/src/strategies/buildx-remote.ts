/** buildx with a builder elsewhere: in pods of the cluster, or a buildkitd that is reached over TLS. */
import { pinnedImage } from '../catalog/builder-images.js';
import { prose } from '../model/prose.js';
import { buildsElsewhere, toolsOf } from '../trace/tools.js';
import { buildkitBesideRunner, POD_BUILDKIT } from './arc.js';
import { COMPOSE_IMAGE, COMPOSE_UNCONFINED, composeFile, composeLogin } from './compose.js';
import type { Strategy, StrategyFacts } from './define.js';
import {
  buildxSteps,
  GITHUB_CACHE,
  HOSTED,
  podBuilder,
  remoteBuilder,
  SCALE_SET,
  SELF_HOSTED,
  workflow,
} from './github.js';
import { BUILDX_PUSH, dockerImage, dockerRunner, gitlabJob, kubernetesRunner, login } from './gitlab.js';
import {
  buildContainer,
  builderSteps,
  dockerAgent,
  HOME,
  jenkinsfile,
  pod,
  podAgent,
  shellStep,
} from './jenkins.js';

export const buildxRemote: Strategy = {
  id: 'buildx-remote',
  title: 'buildx with a remote builder',
  recognises: ({ client, site }) => client === undefined && toolsOf(site).some(buildsElsewhere),
  ...prose<StrategyFacts>({
    state: 'maintained',
    what: 'The job has only the client. buildx sends the build to BuildKit in pods of the cluster (driver kubernetes) or to a buildkitd anywhere (driver remote), which keeps its cache between jobs.',
    when: 'Many jobs build, and a builder that stays warm, has native nodes for each architecture, or is sized apart from the jobs pays off.',
    whenNot:
      'Jobs that may not trust each other share a builder and its cache, or nobody is there to look after it.',
    pro: 'A warm cache, and native nodes for each architecture.',
    con: 'A builder has to be run and looked after, and all who use it share its cache.',
    needs: [
      'Docker executor: a buildkitd reachable over TLS, and its certificates as file variables BUILDKIT_CA, BUILDKIT_CERT and BUILDKIT_KEY',
      'Kubernetes: the service account and role in buildx-rbac.yml, in the namespace of the jobs',
    ],
    demands: { privileged: false, hostDaemon: false, runsContainers: false, multiPlatform: true },
    traits: {
      privilege: 'none for the job; rootless builder',
      takeover: 'the builder, and what others build there',
      isolation: 'jobs share the builder',
      cache: "the builder's, and registry",
      speed: 'fast once warm',
      platforms: 'yes, on native nodes',
      runs: 'no',
    },
    accepts: [],
    facts: [
      {
        text: 'The kubernetes driver reads and creates a deployment, lists its pods and runs commands in them; that is what the role allows.',
        source: 'github.com/docker/buildx, driver/kubernetes/driver.go',
        date: '2026-08-04',
      },
      {
        text: "A builder that is none of docker's own needs no docker daemon beside the job.",
        source: 'https://docs.docker.com/build/builders/drivers/',
        date: '2026-08-04',
      },
    ],
    topology: [
      'subgraph machine ["machine or pod of the runner"]',
      '  job["job: docker CLI with buildx"]',
      'end',
      'subgraph elsewhere ["builder"]',
      '  buildkitd["buildkitd, its cache kept"]',
      'end',
      'job -- "TLS, or the API of Kubernetes" --> buildkitd',
      'buildkitd -- "pull, push, cache" --> registry[(registry)]',
    ],
    cells: {
      'gitlab-docker': () => ({
        pipeline: pipeline([
          '- |',
          '  docker buildx create --use --name remote --driver remote \\',
          '    --driver-opt "cacert=$BUILDKIT_CA,cert=$BUILDKIT_CERT,key=$BUILDKIT_KEY" \\',
          '    @buildkitd@',
        ]),
        runner: dockerRunner(['privileged = false', 'volumes = ["/cache"]']),
      }),
      'gitlab-kubernetes': () => ({
        pipeline: pipeline([
          '- |',
          '  docker buildx create --use --name buildkit --driver kubernetes \\',
          `    --driver-opt "namespace=@namespace@,rootless=true,image=${pinnedImage('buildkit', 'rootless')}"`,
        ]),
        runner: kubernetesRunner(['service_account = "buildx"']),
        more: { 'runner/buildx-rbac.yml': PERMISSIONS },
      }),
      'github-hosted': () => ({
        pipeline: workflow({ about: ABOUT, runsOn: HOSTED, steps: buildxSteps(remoteBuilder(), []) }),
        needs: [SECRETS],
      }),
      'github-self-hosted': () => ({
        pipeline: workflow({ about: ABOUT, runsOn: SELF_HOSTED, steps: buildxSteps(remoteBuilder(), []) }),
        needs: [SECRETS],
      }),
      'github-arc': () => ({
        pipeline: workflow({
          about: BESIDE,
          runsOn: SCALE_SET,
          steps: buildxSteps(podBuilder(POD_BUILDKIT), GITHUB_CACHE),
        }),
        runner: buildkitBesideRunner(),
      }),
      'jenkins-docker': () =>
        jenkinsfile({
          about: ABOUT,
          needs: [
            'a buildkitd reachable over TLS, and its certificates as secret files buildkit-ca, buildkit-cert and buildkit-key',
          ],
          agent: dockerAgent(dockerImage('cli'), [HOME]),
          environment: ['CA', 'CERT', 'KEY'].map(
            name => `BUILDKIT_${name} = credentials('buildkit-${name.toLowerCase()}')`,
          ),
          steps: shellStep(
            builderSteps([
              'options="cacert=$BUILDKIT_CA,cert=$BUILDKIT_CERT,key=$BUILDKIT_KEY"',
              'docker buildx create --use --driver remote --driver-opt "$options" @buildkitd@',
            ]),
          ),
        }),
      'jenkins-kubernetes': () => ({
        ...jenkinsfile({
          about: ABOUT,
          needs: ['the service account and role in jenkins/buildx-rbac.yml, in the namespace of the pods'],
          agent: podAgent(pod(buildContainer(dockerImage('cli')), ['serviceAccountName: buildx'])),
          steps: shellStep(
            builderSteps([
              `options="namespace=@agents@,rootless=true,image=${pinnedImage('buildkit', 'rootless')}"`,
              'docker buildx create --use --name buildkit --driver kubernetes --driver-opt "$options"',
            ]),
          ),
        }),
        more: { 'jenkins/buildx-rbac.yml': PERMISSIONS.replaceAll('@namespace@', '@agents@') },
      }),
      compose: () => ({
        pipeline: composeFile({
          about: BESIDE,
          image: dockerImage('cli'),
          keys: ['depends_on:', '  buildkitd:', '    condition: service_healthy'],
          volumes: ['buildkit-socket:/run/buildkit'],
          script: [
            composeLogin('docker'),
            'docker buildx create --use --driver remote unix:///run/buildkit/buildkit/buildkitd.sock',
            `docker buildx build --push --tag "${COMPOSE_IMAGE}:$TAG" .`,
          ],
          beside: [
            'buildkitd:',
            `  image: ${pinnedImage('buildkit', 'rootless')}`,
            '  command: [--oci-worker-no-process-sandbox]',
            ...COMPOSE_UNCONFINED.map(line => `  ${line}`),
            '  volumes:',
            '    - buildkit-socket:/run/user/1000',
            '    - buildkit-data:/home/user/.local/share/buildkit',
            '  healthcheck:',
            '    test: [CMD, buildctl, debug, workers]',
            '    interval: 2s',
            '    retries: 30',
          ],
          named: ['buildkit-socket', 'buildkit-data'],
        }),
      }),
    },
  }),
};

const SECRETS =
  'a buildkitd reachable over TLS, and its certificates as secrets BUILDKIT_CA, BUILDKIT_CERT and BUILDKIT_KEY';

const ABOUT =
  "Builds the Dockerfile at the root with a builder elsewhere, and pushes to the project's registry.";

const BESIDE =
  "Builds the Dockerfile at the root with a rootless BuildKit beside it, and pushes to the project's registry.";

function pipeline(create: readonly string[]): string {
  return gitlabJob({
    about: ABOUT,
    image: dockerImage('cli'),
    services: '[]',
    before: [login('docker'), ...create],
    script: BUILDX_PUSH,
  });
}

const PERMISSIONS = `# What jobs may do to run a builder: kubectl apply --filename buildx-rbac.yml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: buildx
  namespace: @namespace@
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: buildx
  namespace: @namespace@
rules:
  - apiGroups: [apps]
    resources: [deployments]
    verbs: [get, create]
  - apiGroups: [""]
    resources: [pods]
    verbs: [list]
  - apiGroups: [""]
    resources: [pods/exec]
    verbs: [create]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: buildx
  namespace: @namespace@
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: buildx
subjects:
  - kind: ServiceAccount
    name: buildx
    namespace: @namespace@
`;
