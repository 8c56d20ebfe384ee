/** Flags dind services on runners that are known not to give them what they need. */

import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import { dindServices } from '../trace/docker-image.js';
import { defineRule } from './define.js';
import { allowPrivileged } from './dind-without-privileged.js';
import { worded } from './faults.js';

export default [
  defineRule({
    id: 'gitlab-com-non-privileged-tag',
    severity: 'warning',
    profile: 'default',
    dialects: ['gitlab-ci'],
    ...prose({
      title: "dind on GitLab.com's unprivileged runners",
      why: 'The hosted runners of GitLab.com with the tag gitlab-org do not run privileged, so dockerd dies at start: "mount: permission denied (are you root?)".',
      remedy: 'Ask for one of the saas-linux-… runners, or leave the tag out; both run dind.',
      sources: ['https://docs.gitlab.com/ci/runners/hosted_runners/linux/#docker-in-docker-support'],
    }),
    fixable: false,
    needs: 'trace',

    *site(context) {
      const { site, runners } = context;
      const { tags } = site;
      const [dind] = dindServices(site);
      // Another installation may use the tag for runners of its own.
      const own = runners.some(({ how }) => how !== 'hosted');
      if (!dind || own || tags.state !== 'known') return;
      if (!tags.value.some(({ value }) => value === 'gitlab-org')) return;
      yield {
        at: tags.origin.place,
        message: `Tag gitlab-org sends ${nameOf(site)} to runners of GitLab.com that are not privileged: dind dies there.`,
        confidence: 'medium',
        related: [{ place: dind.origin.place, message: 'The dind service.' }],
      };
    },
  }),
  defineRule({
    id: 'rootless-dind-still-privileged',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci', 'gitlab-runner', 'github-actions', 'compose', 'jenkinsfile', 'shell'],
    ...prose({
      title: 'Rootless dind without what it needs',
      why: 'Rootless dockerd runs as a user of its own, and still has to make namespaces and mounts, which the default profiles of a container forbid: "[rootlesskit:parent] error: failed to start the child: fork/exec /proc/self/exe: operation not permitted".',
      remedy:
        'Run services privileged (services_privileged = true with allowed_privileged_services = ["docker:*-dind-rootless"]), or allow it with services_security_opt = ["seccomp=unconfined", "apparmor=unconfined"].',
      sources: [
        'https://docs.docker.com/engine/security/rootless/troubleshoot/',
        'https://github.com/docker-library/docs/tree/master/docker#rootless',
      ],
    }),
    fixable: true,
    needs: 'fault',

    site: context =>
      worded(
        context,
        'rootless-dind-still-privileged',
        seen =>
          `Rootless dind dies at start in ${nameOf(context.site)}${seen.onRunner}: it is neither privileged nor free of the default seccomp profile.`,
        seen => allowPrivileged(context, seen),
      ),
  }),
];
