/** Flags a pod whose containers do not share the certificates of a TLS dind. */

import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import { addVolume, folderOf } from './certs-volume-missing.js';
import { defineRule } from './define.js';
import { worded } from './faults.js';

export default defineRule({
  id: 'certs-volume-missing-k8s',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-ci', 'gitlab-runner', 'helm-values'],
  ...prose({
    title: 'No volume for the client certificates of dind in a pod',
    why: 'The containers of a pod share no files by themselves, so what dind writes to /certs/client stays in the service: "unable to resolve docker endpoint: open /certs/client/ca.pem: no such file or directory".',
    remedy:
      'Give the runner [[runners.kubernetes.volumes.empty_dir]] with name = "docker-certs", mount_path = "/certs/client" and medium = "Memory".',
    sources: [
      'https://docs.gitlab.com/ci/docker/docker_in_docker/#docker-in-docker-with-tls-enabled-in-kubernetes-recommended',
    ],
  }),
  fixable: true,
  needs: 'fault',
  site: context =>
    worded(
      context,
      'certs-volume-missing-k8s',
      seen =>
        `No volume of the pod brings the certificates of dind (${folderOf(seen)}) to ${nameOf(context.site)}${seen.onRunner}${seen.ifCopy}.`,
      seen => addVolume(context, seen),
    ),
});
