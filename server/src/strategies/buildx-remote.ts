/** buildx with a builder elsewhere: in pods of the cluster, or a buildkitd that is reached over TLS. */
import { pinnedImage } from '../catalog/builder-images.js';
import { prose } from '../model/prose.js';
import { buildsElsewhere, toolsOf } from '../trace/tools.js';
import type { Strategy, StrategyFacts } from './define.js';
import { BUILDX_PUSH, dockerImage, dockerRunner, gitlabJob, kubernetesRunner, login } from './gitlab.js';

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
      'Kubernetes: the service account and role in runner/buildx-rbac.yml, in the namespace of the jobs',
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
    },
  }),
};

function pipeline(create: readonly string[]): string {
  return gitlabJob({
    about:
      "Builds the Dockerfile at the root with a builder elsewhere, and pushes to the project's registry.",
    image: dockerImage('cli'),
    services: '[]',
    before: [login('docker'), ...create],
    script: BUILDX_PUSH,
  });
}

const PERMISSIONS = `# What jobs may do to run a builder: kubectl apply --filename runner/buildx-rbac.yml
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
