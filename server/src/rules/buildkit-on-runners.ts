/** Flags BuildKit on runners that do not let it do what it needs. */

import { prose } from '../model/prose.js';
import { defineRule } from './define.js';
import { buildkitIn, confines, failsOn, forbidsEscalation, isPlain } from './unprivileged-builders.js';

const BUILDKIT = 'https://docs.gitlab.com/ci/docker/using_buildkit/';
const ROOTLESS = 'https://github.com/moby/buildkit/blob/master/docs/rootless.md';
const PROFILES = 'https://docs.gitlab.com/runner/executors/kubernetes/#set-seccomp-and-apparmor-profiles';

const both = { severity: 'error', profile: 'default', dialects: ['gitlab-ci', 'gitlab-runner'] } as const;

export default [
  defineRule({
    ...both,
    id: 'buildkit-rootless-seccomp',
    ...prose({
      title: 'Rootless BuildKit under the default seccomp profile',
      why: 'Rootless BuildKit makes a user namespace and mounts in it. The default seccomp profile of docker forbids both to containers without privilege: "[rootlesskit:parent] error: failed to start the child: fork/exec /proc/self/exe: operation not permitted", and then "could not connect to unix:///run/user/1000/buildkit/buildkitd.sock".',
      remedy:
        'On the runner, set security_opt = ["seccomp=unconfined", "apparmor=unconfined"] in [runners.docker]; for Kubernetes, type = "Unconfined" in seccomp_profile and app_armor_profile of build_container_security_context.',
      sources: [ROOTLESS, BUILDKIT, PROFILES],
    }),
    fixable: false,
    needs: 'tool',
    *site(context) {
      const found = buildkitIn(context.site, context.tools);
      if (!found?.rootless) return;
      yield* failsOn(
        context,
        found.image,
        confines,
        'its seccomp profile keeps rootless BuildKit from mounting',
      );
    },
  }),
  defineRule({
    ...both,
    id: 'buildkit-root-image-unprivileged',
    ...prose({
      title: 'BuildKit as root without privilege',
      why: 'buildctl-daemonless.sh starts BuildKit as the user of the image. As root it takes no user namespace but mounts at once, which a container may do only when it is privileged: "mount: operation not permitted".',
      remedy:
        'Use the image with the tag -rootless, on a runner that lets it make user namespaces (security_opt = ["seccomp=unconfined", "apparmor=unconfined"]).',
      sources: [ROOTLESS, BUILDKIT],
    }),
    fixable: false,
    needs: 'tool',
    *site(context) {
      const found = buildkitIn(context.site, context.tools);
      if (!found || found.rootless) return;
      yield* failsOn(context, found.image, isPlain, 'BuildKit as root needs a privileged container');
    },
  }),
  defineRule({
    ...both,
    id: 'disallow-privilege-escalation',
    ...prose({
      title: 'Rootless BuildKit where nothing may gain privilege',
      why: 'rootlesskit calls newuidmap, a setuid program, to map the users of the build. Where escalation is forbidden, setuid has no effect: "newuidmap: write to uid_map failed: Operation not permitted".',
      remedy:
        'For the runner of these jobs leave allow_privilege_escalation out (Kubernetes), or "no-new-privileges" (docker).',
      sources: [ROOTLESS, 'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/'],
    }),
    fixable: false,
    needs: 'tool',
    *site(context) {
      const found = buildkitIn(context.site, context.tools);
      if (!found?.rootless) return;
      yield* failsOn(
        context,
        found.image,
        forbidsEscalation,
        'newuidmap, which rootless BuildKit calls, may not gain privilege there',
      );
    },
  }),
];
