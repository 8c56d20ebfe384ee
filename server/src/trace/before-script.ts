/** What a runner refuses before a script begins: limits, allow-lists, names of pods, checks of ports. */
import type { Service } from '../model/build-site.js';
import type { ImageRef } from '../model/image-ref.js';
import { type Place, placeKey, settled } from '../model/known.js';
import { isLiteral, show } from '../model/text.js';
import type { StartedDaemon } from './daemon.js';
import { allowList } from './globs.js';
import { isHostName } from './names.js';
import type { FoundFault, Run } from './run.js';
import type { Step } from './types.js';

/** Notes what keeps the job from coming to its script, but for what hangs on its daemons. */
export function checkPreparation(run: Run): void {
  const { executor } = run.way;
  if (executor === 'shell') return;
  checkAllowed(run, executor);
  if (executor === 'docker') checkLimit(run);
  else for (const service of ownServices(run)) checkAliases(run, service);
}

/** The job's own services, those of the runner left out. */
function ownServices({ scene }: Run): readonly Service[] {
  return settled(scene.site.services) ?? [];
}

function refuse(run: Run, id: string, place: Place, because: string, related: readonly Step[] = []): void {
  const fault: FoundFault = { id, fatal: true, beforeScript: true, place, because, related };
  run.faults.push(fault);
}

/** Source: gitlab-runner common/allowed_images.go; what the runner names itself is let in. */
function checkAllowed(run: Run, executor: 'docker' | 'kubernetes'): void {
  const { scene } = run;
  const runner = scene.runner?.runner;
  if (!runner || settled(runner.executor) === 'other') return;
  const image = settled(scene.site.image);
  const own = settled(runner.image);
  const lists = [
    ...(image
      ? [{ key: 'images', ref: image.ref, place: image.origin.place, internal: own ? [own] : [] }]
      : []),
    ...ownServices(run).map(({ ref, origin }) => ({
      key: 'services',
      ref,
      place: origin.place,
      internal: (settled(runner.services) ?? []).map(service => service.ref),
    })),
  ];
  for (const { key, ref, place, internal } of lists) {
    const list = allowList(runner, `${executor}.allowed_${key}`);
    if (!list || internal.some(one => one.text.text === ref.text.text)) continue;
    const allowed = isLiteral(ref.text) ? list.allows(ref.text.text) : undefined;
    if (allowed === undefined)
      run.unsure.push(`whether the allowed_${key} of the runner let ${shown(ref)} in`);
    if (allowed !== false) continue;
    const because = `The runner does not let ${shown(ref)} in: none of its allowed_${key} matches.`;
    const related = [{ message: 'What the runner lets in.', place: list.place }];
    refuse(run, 'allowed-services-excludes-dind', place, because, related);
  }
}

function shown(ref: ImageRef): string {
  return show(ref.text);
}

/** Source: gitlab-runner executors/docker/services.go: services of the runner count as well, below 0 is no limit. */
function checkLimit(run: Run): void {
  const { scene } = run;
  const limit = scene.runner?.runner.setting('docker.services_limit');
  if (!limit || !scene.servicesKnown) return;
  const { value, place } = limit;
  const most = value.kind === 'integer' && !value.templated ? Number(value.text) : undefined;
  if (most === undefined || most < 0 || scene.services.length <= most) return;
  const because = `The job has ${scene.services.length} services, and the runner allows ${most}.`;
  const related = scene.services.map(({ origin }) => ({
    message: 'One of the services.',
    place: origin.place,
  }));
  refuse(run, 'services-limit', place, because, related);
}

/** Source: gitlab-runner executors/kubernetes/host_aliases.go. */
function checkAliases(run: Run, { aliases, ref }: Service): void {
  const bad = settled(aliases)?.find(alias => !isHostName(alias));
  if (bad === undefined || aliases.state !== 'known') return;
  const because = `The alias ${bad} of ${shown(ref)} is no name for a host of a pod, which takes lower-case letters, digits and dashes.`;
  refuse(run, 'service-alias-underscore-k8s', aliases.origin.place, because);
}

const PORT = 'HEALTHCHECK_TCP_PORT';

/**
 * The port that the runner waits for. On the Docker executor one that nobody listens on costs time and a warning, and
 * what is no number fails the job; in a pod the runner waits for it until the job's time is up, but does not look at
 * what the variables of the job say. Sources: gitlab-runner executors/docker/docker.go
 * (getContainerIPAndExposedPorts), executors/kubernetes/kubernetes.go (waitForServices).
 */
export function checkProbe(run: Run, { dind, outcome }: StartedDaemon): void {
  const probe = dind.service.variables.get(PORT);
  if (probe.state !== 'known' || !isLiteral(probe.value) || probe.value.text === '') return;
  const { text } = probe.value;
  const { place } = probe.origin;
  const isNumber = /^[+-]?\d+$/.test(text);
  if (run.way.executor === 'docker') {
    if (!isNumber)
      refuse(
        run,
        'healthcheck-port-wrong',
        place,
        `${PORT} is "${text}", and the runner takes a number only.`,
      );
    return;
  }
  const outer = run.scene.site.env.get(PORT);
  const isOwn = outer.state !== 'known' || placeKey(outer.origin.place) !== placeKey(place);
  if (!isOwn || outcome.runs !== 'dockerd') return;
  const ports = outcome.listens.flatMap(({ endpoint }) => /^tcp:.*:(\d+)$/.exec(endpoint)?.[1] ?? []);
  if (ports.length === 0 || ports.includes(text)) return;
  const because = `The runner waits for port ${text} until the time of the job is up, and the dind service listens on ${ports.join(' and ')}.`;
  const related = [{ message: 'The dind service.', place: dind.service.origin.place }];
  refuse(run, 'healthcheck-port-wrong', place, because, related);
}
