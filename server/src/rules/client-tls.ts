/** Flags clients whose TLS does not fit their dind daemon: none, too much, or certificates in the wrong folder. */

import { prose } from '../model/prose.js';
import { nameOf, titleOf } from '../model/site-words.js';
import { clientFolder, rightPath, turnOff, turnOn } from './client-tls-fixes.js';
import { defineRule } from './define.js';
import { dialled, worded } from './faults.js';
import { unlessInherited } from './inherited-entrypoint.js';
import { switchContainers } from './switch-containers.js';
import { switchToTls } from './switch-to-tls.js';

const SOURCES = [
  'https://docs.gitlab.com/ci/docker/docker_in_docker/',
  'https://github.com/docker-library/docker',
];

export default [
  defineRule({
    id: 'tls-client-not-enabled',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell'],
    ...prose({
      title: 'Client without TLS on a port that speaks TLS',
      why: 'Only the entrypoint of the official docker image turns TLS on by itself. It is not run in another image, with an entrypoint of one\'s own, or on Kubernetes: "Error response from daemon: Client sent an HTTP request to an HTTPS server."',
      remedy:
        'Set DOCKER_TLS_VERIFY: "1" and DOCKER_CERT_PATH: "/certs/client" beside DOCKER_HOST, and share /certs/client with the client.',
      sources: SOURCES,
    }),
    fixable: true,
    needs: 'fault',
    site: context =>
      worded(
        context,
        'tls-client-not-enabled',
        seen =>
          `${titleOf(context.site)} dials ${dialled(seen, context)}${seen.onRunner}, which speaks TLS, and nothing turns TLS on for its client${unlessInherited(context) ?? seen.ifCopy}.`,
        (seen, view) => {
          const own = turnOn(context, seen, view);
          return own.length > 0 ? own : switchContainers(seen.trace.reached?.service, context.site, view);
        },
        unlessInherited(context) !== undefined,
      ),
  }),
  defineRule({
    id: 'tls-cert-path-wrong',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell'],
    ...prose({
      title: 'DOCKER_CERT_PATH without client certificates',
      why: 'dind puts the certificates for its clients into the folder client of DOCKER_TLS_CERTDIR. A variable that is not set counts as nothing, so "$DOCKER_TLS_CERTDIR/client" becomes "/client" where DOCKER_TLS_CERTDIR is left to the image: "unable to resolve docker endpoint: open /client/ca.pem: no such file or directory".',
      remedy: 'Write DOCKER_CERT_PATH: "/certs/client", or what DOCKER_TLS_CERTDIR says with /client behind.',
      sources: SOURCES,
    }),
    fixable: true,
    needs: 'fault',
    site: context =>
      worded(
        context,
        'tls-cert-path-wrong',
        seen =>
          `No certificates in ${seen.trace.client?.certPath ?? 'DOCKER_CERT_PATH'} for ${nameOf(context.site)}${seen.onRunner}: dind puts them into ${clientFolder(seen) ?? 'its own folder'}${seen.ifCopy}.`,
        (seen, view) => rightPath(context, seen, view),
      ),
  }),
  defineRule({
    id: 'tls-against-plain-daemon',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell'],
    ...prose({
      title: 'Client with TLS on a port without TLS',
      why: 'DOCKER_TLS_VERIFY makes the client speak TLS, and the daemon answers in plain HTTP: "error during connect: http: server gave HTTP response to HTTPS client".',
      remedy:
        'Turn TLS on in the daemon (DOCKER_TLS_CERTDIR: "/certs", port 2376), or take DOCKER_TLS_VERIFY and DOCKER_CERT_PATH away.',
      sources: SOURCES,
    }),
    fixable: true,
    needs: 'fault',
    site: context =>
      worded(
        context,
        'tls-against-plain-daemon',
        seen =>
          `${titleOf(context.site)} asks for TLS, but ${dialled(seen, context)} speaks plain HTTP${seen.onRunner}${seen.ifCopy}.`,
        (seen, view) => [
          ...switchContainers(seen.trace.reached?.service, context.site, view),
          ...switchToTls(context, view),
          ...turnOff(context, seen, view),
        ],
      ),
  }),
];
