/** Flags values of DOCKER_HOST that the docker CLI does not take, and those that leave the port to it. */

import type { FixPlan, FixView } from '../model/finding.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import { isLiteral } from '../model/text.js';
import { dindServices } from '../trace/docker-image.js';
import { serviceNames } from '../trace/names.js';
import { isForeign } from './containers.js';
import { defineRule, type Report, type SiteContext } from './define.js';
import { callsDocker, dialled, inScript, sightings, worded } from './faults.js';
import { usersOfVariable, whom } from './reach.js';

const SOURCES = ['https://docs.docker.com/reference/cli/docker/#environment-variables'];

export default [
  defineRule({
    id: 'docker-host-bad-syntax',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell', 'dockerfile'],
    ...prose({
      title: 'DOCKER_HOST that docker cannot read',
      why: 'The docker CLI takes tcp://, unix://, ssh://, npipe:// and fd://. Anything else it refuses ("invalid bind address format: http://docker:2375") or takes for a host name: unix:/var/run/docker.sock is looked up as a host called unix.',
      remedy: 'Write tcp://host:port or unix:///path/of/the.sock, with three slashes.',
      sources: SOURCES,
    }),
    fixable: true,
    needs: 'fault',
    site: context =>
      worded(
        context,
        'docker-host-bad-syntax',
        seen =>
          `docker cannot use DOCKER_HOST "${dialled(seen, context)}" of ${nameOf(context.site)}: it takes tcp://host:port or unix:///path.`,
        (seen, view) => (inScript(seen, context) ? [] : respell(context, view)),
      ),
  }),
  defineRule({
    id: 'docker-host-no-port',
    severity: 'info',
    profile: 'default',
    dialects: ['gitlab-ci', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell', 'dockerfile'],
    ...prose({
      title: 'DOCKER_HOST without a port',
      why: 'Without a port docker dials 2375, also where it speaks TLS. A dind daemon with certificates listens on 2376 only.',
      remedy: 'Write the port: tcp://docker:2376 with TLS, tcp://docker:2375 without.',
      sources: ['https://github.com/docker/cli/blob/master/opts/hosts.go'],
    }),
    fixable: true,
    needs: 'trace',
    site: noPort,
  }),
];

/** What the author meant, where that can be told from the value. */
const RESPELLED: readonly (readonly [RegExp, string])[] = [
  [/^https?:\/\/(?=[^/]+$)/, 'tcp://'],
  [/^unix:\/{0,2}(?=[^/])/, 'unix:///'],
  [/^unix:\/(?=[^/])/, 'unix:///'],
  [/^(?=\/.*\.sock$)/, 'unix://'],
  [/^tcp:\/?(?=[^/])/, 'tcp://'],
];

function respell({ site }: SiteContext, view: FixView): readonly FixPlan[] {
  const host = site.env.get('DOCKER_HOST');
  if (host.state !== 'known' || !isLiteral(host.value)) return [];
  const { text } = host.value;
  const rule = RESPELLED.find(([pattern]) => pattern.test(text));
  if (!rule) return [];
  const value = text.replace(rule[0], rule[1]);
  return [
    {
      title: `Set DOCKER_HOST to ${value}${whom(host.origin, usersOfVariable(view, 'DOCKER_HOST', host.origin.place))}`,
      safety: 'safe',
      preferred: true,
      intents: [{ kind: 'replace-value', at: host.origin.place, value }],
    },
  ];
}

function* noPort(context: SiteContext): Iterable<Report> {
  const { site } = context;
  const host = site.env.get('DOCKER_HOST');
  if (host.state !== 'known' || !isLiteral(host.value) || !callsDocker(context)) return;
  if (isForeign(context)) return;
  const name = /^tcp:\/\/([\w.-]+)\/?$/.exec(host.value.text)?.[1];
  if (name === undefined) return;
  // That nothing answers there is another rule's to say.
  const told = ['tls-port-mismatch-2375', 'tls-port-mismatch-2376'];
  if (told.some(id => sightings(context, id).length > 0)) return;
  const { origin } = host;
  yield {
    at: origin.place,
    message: `DOCKER_HOST of ${nameOf(site)} names no port, so docker dials ${name}:2375.`,
    fixes: view => [
      {
        title: `Write the port: tcp://${name}:${portOf(context, name)}${whom(origin, usersOfVariable(view, 'DOCKER_HOST', origin.place))}`,
        safety: 'safe',
        preferred: true,
        intents: [
          { kind: 'replace-value', at: origin.place, value: `tcp://${name}:${portOf(context, name)}` },
        ],
      },
    ],
  };
}

/** The port of the dind service of that name, else the one that docker takes by itself. */
function portOf({ site, blind }: SiteContext, name: string): string {
  const reached = blind.flatMap(trace => trace.reached?.listens ?? []);
  const service = dindServices(site).find(one => serviceNames(one).names.includes(name));
  const beside = blind.flatMap(trace => trace.beside).find(one => one.service.ref === service?.ref);
  const ports = (beside?.listens ?? reached).flatMap(
    ({ endpoint }) => /^tcp:.*:(\d+)$/.exec(endpoint)?.[1] ?? [],
  );
  return ports.length === 1 && (site.self || settled(site.services)) ? (ports[0] ?? '2375') : '2375';
}
