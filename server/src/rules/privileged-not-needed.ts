/** Flags runners and containers that are privileged and have no use for it. */

import type { Runner } from '../model/build-site.js';
import type { FixView } from '../model/finding.js';
import { placeKey } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { dindServices } from '../trace/docker-image.js';
import { grantedAt, withoutPrivilege } from './container-privilege.js';
import { defineRule } from './define.js';
import { privilegeOf } from './privilege.js';
import { needsNoPrivilege } from './privilege-need.js';
import { unprivileged } from './privileged-runner.js';

export default defineRule({
  id: 'privileged-not-needed',
  severity: 'info',
  profile: 'default',
  dialects: ['gitlab-runner', 'compose', 'kubernetes', 'jenkinsfile', 'shell'],
  ...prose({
    title: 'Privilege beside a mounted docker socket',
    why: 'What builds through the socket of the host asks its daemon, which needs no privilege of its client; nor do runner managers and kaniko. dind, which would, cannot start beside it: the mounted socket is in its way.',
    remedy: 'Set privileged = false.',
    sources: ['https://docs.gitlab.com/ci/docker/using_docker_build/#use-docker-socket-binding'],
  }),
  fixable: true,
  *site(context) {
    const { self } = context.site;
    const origin = self && needsNoPrivilege(context) ? grantedAt(self) : undefined;
    if (!origin) return;
    yield {
      at: origin.place,
      message: `${titleOf(context.site)} is privileged, but what it builds with needs no privilege.`,
      fixes: () => withoutPrivilege(origin),
    };
  },
  *runner(context) {
    const at = privilegeOf(context, 'not-needed');
    if (!at) return;
    yield {
      at: at.place,
      message: `Runner "${context.paired.runner.name}" is privileged, but builds through the docker socket that it mounts need no privilege.`,
      // A job that starts dind all the same would lose what dind needs.
      fixes: view =>
        startsDind(view, context.paired.runner) ? [] : unprivileged(at.place, 'Set privileged = false'),
    };
  },
});

function startsDind(view: FixView, runner: Runner): boolean {
  const key = placeKey(runner.place);
  return view
    .all()
    .some(
      ({ site, runners }) =>
        dindServices(site).length > 0 && runners.some(one => placeKey(one.runner.place) === key),
    );
}
