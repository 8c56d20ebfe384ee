/** Flags a client that dials the port on which its dind daemon does not listen. */

import type { FixPlan, FixView } from '../model/finding.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { defineRule, type Report, type SiteContext } from './define.js';
import { dialTls } from './dial-tls.js';
import { dialled, inScript, type Sighting, worded } from './faults.js';
import { switchContainers } from './switch-containers.js';
import { switchToTls } from './switch-to-tls.js';

const SOURCES = [
  'https://docs.gitlab.com/ci/docker/docker_build_troubleshooting/',
  'https://github.com/docker-library/docker',
];

function mismatch(context: SiteContext, id: string, says: string): Iterable<Report> {
  return worded(
    context,
    id,
    seen =>
      `${titleOf(context.site)} dials ${dialled(seen, context)}${seen.onRunner}, but ${says}${seen.ifCopy}.`,
    (seen, view) =>
      inScript(seen, context)
        ? []
        : context.site.self
          ? dialOrSwitch(context, seen, view)
          : switchToTls(context, view),
  );
}

/** Points the client at the port that is there, else the daemon and all its clients. */
function dialOrSwitch(context: SiteContext, seen: Sighting, view: FixView): readonly FixPlan[] {
  const dialled = dialTls(context, seen, view);
  return dialled.length > 0 ? dialled : switchContainers(seen.trace.reached?.service, context.site, view);
}

export default [
  defineRule({
    id: 'tls-port-mismatch-2375',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell'],
    ...prose({
      title: 'Port 2375 of a dind daemon that speaks TLS',
      why: 'Since 19.03 the dind image makes certificates and listens on 2376 only, unless DOCKER_TLS_CERTDIR is empty (""). Nothing answers on 2375: "Cannot connect to the Docker daemon at tcp://docker:2375. Is the docker daemon running?"',
      remedy:
        'Let the client use TLS on 2376 and share /certs/client with it. Leaving DOCKER_HOST out is enough in an official docker image.',
      sources: SOURCES,
    }),
    fixable: true,
    needs: 'fault',
    site: context =>
      mismatch(
        context,
        'tls-port-mismatch-2375',
        'its dind daemon makes certificates and listens on 2376 only',
      ),
  }),
  defineRule({
    id: 'tls-port-mismatch-2376',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell'],
    ...prose({
      title: 'Port 2376 of a dind daemon without TLS',
      why: 'A dind daemon whose DOCKER_TLS_CERTDIR is empty, or whose image is older than 19.03, makes no certificates and listens on 2375 only. Nothing answers on 2376: "Cannot connect to the Docker daemon at tcp://docker:2376. Is the docker daemon running?"',
      remedy:
        'Set DOCKER_TLS_CERTDIR to "/certs", so that the daemon makes certificates and listens on 2376.',
      sources: SOURCES,
    }),
    fixable: true,
    needs: 'fault',
    site: context =>
      mismatch(
        context,
        'tls-port-mismatch-2376',
        'its dind daemon makes no certificates and listens on 2375 only',
      ),
  }),
];
