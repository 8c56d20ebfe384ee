/** Flags what the arguments of a container agent of Jenkins hand out, or break. */

import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { socketMounts } from '../trace/socket-mounts.js';
import { daemonCommands } from '../trace/tools.js';
import { ownContainer } from './containers.js';
import { defineRule, type SiteContext } from './define.js';
import { needsNoPrivilege } from './privilege-need.js';

const SOURCES = [
  'https://www.jenkins.io/doc/book/pipeline/docker/',
  'https://plugins.jenkins.io/docker-workflow/',
];

/** Jenkins starts the container and enters it; one of withRun is left to itself. */
function entered({ site }: SiteContext): boolean {
  return site.image.state === 'known' && site.image.value.entrypoint.state === 'known';
}

export default [
  defineRule({
    id: 'jenkins-docker-args-socket',
    severity: 'warning',
    profile: 'default',
    dialects: ['jenkinsfile'],
    ...prose({
      title: 'A docker socket that the user of the agent may not use',
      why: 'Jenkins runs the container with -u and the ids of the user that the agent runs as. The socket belongs to root and the group docker, and further groups of that user are not taken along: "permission denied while trying to connect to the Docker daemon socket".',
      remedy:
        'Add the group of the socket on the node, --group-add <gid>; or run the docker steps on the node itself.',
      sources: SOURCES,
    }),
    fixable: false,
    *site(context) {
      const { site, tools } = context;
      const { self } = site;
      if (!self || !entered(context) || self.container.user.state !== 'unknown') return;
      const [first] = daemonCommands(tools);
      if (!first || (self.container.groups ?? []).length > 0) return;
      for (const { origin } of socketMounts(self.container)) {
        yield {
          at: origin.place,
          message: `${titleOf(site)} calls docker as the user of the agent, who may use this socket only with its group: no --group-add gives it.`,
          confidence: 'medium',
          related: [
            { place: first.script.place(first.shell.start, first.shell.end), message: 'This needs it.' },
          ],
        };
      }
    },
  }),
  defineRule({
    id: 'jenkins-docker-args-root',
    severity: 'warning',
    profile: 'default',
    dialects: ['jenkinsfile'],
    ...prose({
      title: 'A container agent that runs as root',
      why: 'The workspace of the agent is mounted into the container. What root writes there belongs to root, and the next checkout on the node ends in "Permission denied".',
      remedy: 'Leave the user to Jenkins, and give it the group of the socket with --group-add.',
      sources: SOURCES,
    }),
    fixable: false,
    *site(context) {
      const self = ownContainer(context);
      const user = self?.container.user;
      if (!self || !entered(context) || user?.state !== 'known' || !/^(?:0|root)(?::|$)/.test(user.value))
        return;
      yield {
        at: user.origin.place,
        message: `${titleOf(context.site)} runs as root, so the workspace fills with files of root, which the agent cannot remove.`,
      };
    },
  }),
  defineRule({
    id: 'jenkins-docker-args-privileged',
    severity: 'warning',
    profile: 'default',
    dialects: ['jenkinsfile'],
    ...prose({
      title: 'A privileged container agent',
      why: 'The steps run in the container, so whoever changes the pipeline or what it builds has the node.',
      remedy:
        'Leave privilege to a dind of its own beside the steps (docker.image(…).withRun), or build with rootless BuildKit or Buildah.',
      sources: SOURCES,
    }),
    fixable: false,
    *site(context) {
      const self = ownContainer(context);
      const privileged = self?.container.privileged;
      // That nothing needs it is another rule's to say.
      if (!entered(context) || needsNoPrivilege(context)) return;
      if (privileged?.state !== 'known' || !privileged.value) return;
      yield {
        at: privileged.origin.place,
        message: `${titleOf(context.site)} runs its steps privileged: whoever changes them has the node.`,
      };
    },
  }),
];
