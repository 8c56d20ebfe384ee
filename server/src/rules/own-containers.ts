/** The containers of a job whose file says of each by itself how it is set up. */
import type { BuildSite, Mount } from '../model/build-site.js';
import { type Known, settled, written } from '../model/known.js';
import { nameOf } from '../model/site-words.js';

export interface OwnContainer {
  /** `service "dind" of job "build"`. */
  readonly name: string;
  /** What its file mounts; what the runner adds is left out. */
  readonly mounts: readonly Mount[];
}

/** None for a job whose runner decides that, and for one that is a container itself. */
export function ownContainers(site: BuildSite): readonly OwnContainer[] {
  const { runsOn } = site;
  if (!runsOn) return [];
  const services = (settled(site.services) ?? []).flatMap(({ container }) =>
    container
      ? [{ name: `service "${container.name}" of ${nameOf(site)}`, mounts: own(container.mounts) }]
      : [],
  );
  const { runner } = runsOn.paired;
  const job = runner.servicesOnHost ? undefined : runner.job;
  return job
    ? [{ name: `the container of ${nameOf(site)}`, mounts: own(job.mounts) }, ...services]
    : services;
}

function own(mounts: Known<readonly Mount[]>): readonly Mount[] {
  return (written(mounts) ?? []).filter(({ origin }) => origin.way !== 'hosted');
}
