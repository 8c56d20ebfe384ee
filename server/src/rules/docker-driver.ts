/** DOCKER_DRIVER of a job, and which of its daemons hand it to containerd. */

import type { BuildSite } from '../model/build-site.js';
import type { FixPlan } from '../model/finding.js';
import type { Origin } from '../model/known.js';
import { isLiteral } from '../model/text.js';
import { daemonArguments, valuesOf } from '../trace/daemon-arguments.js';
import { dindServices } from '../trace/docker-image.js';
import { onlyFix } from './images.js';

/** A daemon that has a container of its own has variables of its own as well; in GitLab it gets those of the job. */
export function driverOf(site: BuildSite): { driver: string; origin: Origin } | undefined {
  const apart = dindServices(site).find(({ container }) => container);
  const found = (apart?.variables ?? site.env).get('DOCKER_DRIVER');
  if (found.state !== 'known' || !isLiteral(found.value)) return undefined;
  return { driver: found.value.text, origin: found.origin };
}

/** `--feature containerd-snapshotter`, with or without `=true`. Source: moby daemon/command/config.go. */
export function usesContainerd(site: BuildSite): boolean {
  return dindServices(site).some(service =>
    valuesOf(daemonArguments(service) ?? [], '--feature').some(value =>
      /^containerd-snapshotter(?:=(?:1|t|T|true|TRUE|True))?$/.test(value),
    ),
  );
}

export function removeDriver(origin: Origin): readonly FixPlan[] {
  if (!origin.entry) return [];
  return onlyFix('Remove DOCKER_DRIVER, so that the daemon chooses', 'unsafe', [
    { kind: 'remove-entry', entry: origin.entry },
  ]);
}
