/** Flags clients that dial where their dind daemon is not: localhost, a socket, or a variable of old links. */

import type { FixPlan, FixView } from '../model/finding.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { nameOf, titleOf } from '../model/site-words.js';
import { isLiteral, show } from '../model/text.js';
import { dindServices, runsDockerd } from '../trace/docker-image.js';
import { serviceNames } from '../trace/names.js';
import { defineRule, type SiteContext } from './define.js';
import { dialled, inScript, type Sighting, worded } from './faults.js';
import { unlessInherited } from './inherited-entrypoint.js';
import { usersOfVariable, whom } from './reach.js';
import { switchToTls } from './switch-to-tls.js';

export default [
  defineRule({
    id: 'docker-host-localhost-docker-executor',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci', 'gitlab-runner', 'github-actions', 'compose'],
    ...prose({
      title: 'localhost as DOCKER_HOST on the Docker executor',
      why: 'On the Docker executor, as in Compose, every service is a container of its own, so localhost is the client itself: "Cannot connect to the Docker daemon at tcp://localhost:2375". Only in a pod of Kubernetes do the containers share it.',
      remedy: 'Dial the service by its name: tcp://docker:2376, or 2375 without TLS.',
      sources: ['https://docs.gitlab.com/ci/services/#accessing-the-services'],
    }),
    fixable: true,
    needs: 'fault',
    site: context =>
      worded(
        context,
        'docker-host-localhost-docker-executor',
        seen =>
          `${titleOf(context.site)} ${goneOr(seen, 'dials')} ${dialled(seen, context)}${seen.onRunner}, where dind is another container.`,
        (seen, view) =>
          inScript(seen, context)
            ? []
            : answersWithTls(seen, context)
              ? switchToTls(context, view)
              : dialByName(context, view),
      ),
  }),
  defineRule({
    id: 'docker-host-unset-no-entrypoint',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci', 'gitlab-runner'],
    ...prose({
      title: 'docker client without the address of its dind service',
      why: 'Without DOCKER_HOST docker looks for /var/run/docker.sock. Only the entrypoint of the official docker image sets another address, and it is not run in other images, with an entrypoint of one\'s own, or on Kubernetes: "Cannot connect to the Docker daemon at unix:///var/run/docker.sock".',
      remedy:
        'Set DOCKER_HOST: tcp://docker:2376 with DOCKER_TLS_CERTDIR, DOCKER_TLS_VERIFY and DOCKER_CERT_PATH, and share /certs/client with the client.',
      sources: ['https://docs.gitlab.com/ci/docker/docker_build_troubleshooting/'],
    }),
    fixable: true,
    needs: 'fault',
    site: context =>
      worded(
        context,
        'docker-host-unset-no-entrypoint',
        seen =>
          seen.trace.client?.hostGone
            ? `${titleOf(context.site)} ${goneOr(seen, 'looks')} for a socket${seen.onRunner}, not for the dind service${seen.ifCopy}.`
            : `No DOCKER_HOST in ${nameOf(context.site)}${seen.onRunner}: docker${inImage(context)} looks for a socket, not for the dind service${unlessInherited(context) ?? seen.ifCopy}.`,
        // What the script takes away helps nobody in the variables.
        (seen, view) => (seen.trace.client?.hostGone ? [] : switchToTls(context, view)),
        unlessInherited(context) !== undefined,
      ),
  }),
];

function goneOr({ trace }: Sighting, verb: string): string {
  return trace.client?.hostGone ? `takes DOCKER_HOST away in its script, so docker ${verb}` : verb;
}

/** The image is named once: here, or behind `unless`. */
function inImage(context: SiteContext): string {
  const image = settled(context.site.image);
  return image && unlessInherited(context) === undefined ? ` in ${show(image.ref.text)}` : '';
}

/** Behind the right name the plain port is still the wrong one. */
function answersWithTls({ trace }: Sighting, { site }: SiteContext): boolean {
  const host = settled(site.env.get('DOCKER_HOST'));
  return (
    /:2375\/?$/.test(host?.text ?? '') &&
    trace.beside.some(({ listens }) => listens.some(({ tls }) => tls !== 'none'))
  );
}

function dialByName({ site }: SiteContext, view: FixView): readonly FixPlan[] {
  const host = site.env.get('DOCKER_HOST');
  const dinds = [...dindServices(site), ...(site.neighbours ?? []).filter(runsDockerd)];
  const dind = dinds.find(one => serviceNames(one).names.includes('docker'));
  if (!dind || host.state !== 'known' || !isLiteral(host.value)) return [];
  const value = host.value.text.replace(/\/\/(?:localhost|127\.0\.0\.1)(?=[:/]|$)/, '//docker');
  const { origin } = host;
  return [
    {
      title: `Dial ${value}${whom(origin, usersOfVariable(view, 'DOCKER_HOST', origin.place))}`,
      safety: 'safe',
      preferred: true,
      intents: [{ kind: 'replace-value', at: origin.place, value }],
    },
  ];
}
