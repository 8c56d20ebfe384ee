/** Flags aliases of services that cannot be given: taken by another service, or no name for a pod. */

import type { Service } from '../model/build-site.js';
import type { FixPlan } from '../model/finding.js';
import { ABSENT, placeKey, settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import { isLiteral, show } from '../model/text.js';
import { serviceNames } from '../trace/names.js';
import { defineRule, type Report, type SiteContext } from './define.js';
import { type Sighting, worded } from './faults.js';

export default [
  defineRule({
    id: 'service-alias-underscore-k8s',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci', 'gitlab-runner'],
    ...prose({
      title: 'Alias that Kubernetes does not take',
      why: 'On Kubernetes the aliases become host names of the pod, which must be lower-case letters, digits, "-" and ".". The job fails before it starts: "provided host alias my_db for service … is invalid DNS".',
      remedy: 'Use an alias of a-z, 0-9 and -.',
      sources: ['https://docs.gitlab.com/ci/services/#available-settings-for-services'],
    }),
    fixable: true,
    needs: 'fault',
    site: badNames,
  }),
  defineRule({
    id: 'service-duplicate-alias',
    severity: 'warning',
    profile: 'default',
    dialects: ['gitlab-ci'],
    ...prose({
      title: 'Service whose name is taken',
      why: 'A name belongs to the first service that has it: "Skipping alias "docker" for service …: alias is already in use by another service." On the Docker executor a service of which no name is left is not even started.',
      remedy: 'Give each service an alias of its own, or leave the second one out.',
      sources: [
        'https://gitlab.com/gitlab-org/gitlab-runner/-/blob/main/executors/docker/services.go',
        'https://docs.gitlab.com/ci/services/',
      ],
    }),
    fixable: false,
    site: takenNames,
  }),
];

const LABEL = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';
const HOST_NAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);

function badNames(context: SiteContext): Iterable<Report> {
  const services = settled(context.site.services) ?? [];
  const at = ({ fault }: Sighting): Service | undefined =>
    services.find(
      ({ aliases }) => aliases.state === 'known' && placeKey(aliases.origin.place) === placeKey(fault.place),
    );
  const bad = (service: Service | undefined): string =>
    settled(service?.aliases ?? ABSENT)?.find(alias => !HOST_NAME.test(alias)) ?? '';
  return worded(
    context,
    'service-alias-underscore-k8s',
    seen =>
      `Alias "${bad(at(seen))}" of a service of ${nameOf(context.site)} is no DNS name, so the job fails${seen.onRunner}.`,
    seen => rename(at(seen)),
  );
}

function rename(service: Service | undefined): readonly FixPlan[] {
  const aliases = service && settled(service.aliases);
  if (!aliases) return [];
  const value = aliases.map(alias => alias.toLowerCase().replace(/[^a-z0-9.]+/g, '-')).join(',');
  if (!value.split(',').every(alias => HOST_NAME.test(alias))) return [];
  return [
    {
      title: `Call it ${value} (what dials the old name must follow)`,
      safety: 'unsafe',
      intents: [{ kind: 'set-service-key', service: service.origin.place, key: 'alias', value }],
    },
  ];
}

/** In a pod all names lead to one address, so nothing is lost there. */
function* takenNames(context: SiteContext): Iterable<Report> {
  const { site, runners } = context;
  const onDocker = runners.every(({ runner }) => (settled(runner.executor) ?? 'docker') === 'docker');
  if (!onDocker) return;
  const taken = new Map<string, Service>();
  for (const service of settled(site.services) ?? []) {
    const { names, complete } = serviceNames(service);
    const given = settled(service.aliases) ?? [];
    const lost = given.find(alias => taken.has(alias));
    const nothingLeft = complete && names.length > 0 && names.every(name => taken.has(name));
    const first = taken.get(lost ?? names[0] ?? '');
    if (first && (lost !== undefined || nothingLeft))
      yield report(site.name, service, first, lost, nothingLeft);
    for (const name of names) if (!taken.has(name)) taken.set(name, service);
  }
}

function report(
  job: string,
  service: Service,
  first: Service,
  lost: string | undefined,
  nothingLeft: boolean,
): Report {
  const name = isLiteral(service.ref.text) ? service.ref.text.text : show(service.ref.text);
  const what = nothingLeft ? `${name} is not started` : `${name} does not get the alias "${lost ?? ''}"`;
  return {
    at: (lost !== undefined && service.aliases.state === 'known' ? service.aliases : service).origin.place,
    message: `${what} in job "${job}": an earlier service has ${nothingLeft ? 'its name' : 'it'} already.`,
    related: [{ place: first.origin.place, message: 'This service has the name.' }],
  };
}
