/** Tells manifests of pods that build containers from other YAML files, by their content. */

const NAME = /\.ya?ml(?:\.(?:j2|tpl|tftpl|tmpl|gotmpl|template))?$/i;

/**
 * A line that names an image that builds containers or talks to their daemon, or that comes with agents that do: of
 * docker, its builders, and the agents of Jenkins, GitHub and GitLab; or the address of a daemon.
 */
const POD_HEAD =
  /^[ \t]*(?:-[ \t]+)?(?:image:[ \t]*["']?(?:[\w.:{}$()-]+\/)*(?:docker|dind|kaniko[\w-]*|executor|buildkit[\w-]*|buildah|podman|stable|inbound-agent|jnlp-slave|actions-runner|gitlab-runner)(?:[:@"'\s]|$)|(?:-[ \t]+)?name:[ \t]*["']?DOCKER_HOST\b)/m;

const KIND =
  /^[ \t]*(?:-[ \t]+)?kind:[ \t]*["']?(?:Pod|PodTemplate|Deployment|StatefulSet|ReplicaSet|Job|CronJob|Task|ClusterTask|TaskRun|Pipeline|PipelineRun)\b/m;
const API = /^[ \t]*apiVersion:/m;

export function recognisePods(path: string, text: string): boolean {
  return NAME.test(path) && POD_HEAD.test(text) && KIND.test(text) && API.test(text);
}
