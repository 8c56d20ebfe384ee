/** Reads `[runners.docker]`: what the docker executors give to jobs and their services. */
import type { Mount, Runner } from '../../model/build-site.js';
import { parseImage } from '../../model/image-ref.js';
import { ABSENT, type Known, known, settled, unknown } from '../../model/known.js';
import { literal } from '../../model/text.js';
import { asBoolean, asText, asTexts, findEntry, mapKnown, originIn, readKey, type Table } from './keys.js';
import { readServices } from './services.js';

/** What a section of a container executor says of jobs. */
export type Containers = Pick<
  Runner,
  'image' | 'privileged' | 'servicesPrivileged' | 'runtime' | 'mounts' | 'services'
>;

export function dockerContainers(docker: Table): Containers {
  return {
    image: mapKnown(readKey(docker, 'image', asText), text => parseImage(literal(text))),
    privileged: narrowed(docker, readKey(docker, 'privileged', asBoolean)),
    servicesPrivileged: narrowed(docker, readKey(docker, 'services_privileged', asBoolean)),
    runtime: readKey(docker, 'runtime', asText),
    mounts: readMounts(docker),
    services: readServices(docker),
  };
}

/** Privilege that an allow-list narrows down holds for some images only. */
function narrowed(docker: Table, privileged: Known<boolean>): Known<boolean> {
  const list = findEntry(docker.map, 'allowed_privileged_services');
  if (!list || settled(privileged) !== true) return privileged;
  return unknown('allowed_privileged_services narrows it down');
}

/** One path is a volume of its own, `source:target[:mode]` a bind. Source: gitlab-runner docs, `volumes`. */
export function parseVolume(text: string): { source: string | undefined; target: string; mode: string } {
  // A drive letter (`C:\\cache`) is part of a path.
  const [first = '', second, mode = ''] = text.split(/(?<!^[A-Za-z]|:[A-Za-z]):/);
  return second === undefined
    ? { source: undefined, target: first, mode: '' }
    : { source: first, target: second, mode };
}

function readMounts(docker: Table): Known<readonly Mount[]> {
  const entry = findEntry(docker.map, 'volumes');
  const list = readKey(docker, 'volumes', asTexts);
  if (list.state !== 'known' || entry?.value?.kind !== 'seq')
    return list.state === 'absent' ? ABSENT : unknown('its volumes cannot be read');
  const { items } = entry.value;
  const mounts = items.map(node => ({
    ...parseVolume(asText(node) ?? ''),
    origin: originIn(docker, node, entry),
  }));
  // A path without a source is a cache volume, and those can be switched off.
  const off = settled(readKey(docker, 'disable_cache', asBoolean)) === true;
  if (off && mounts.some(({ source }) => source === undefined))
    return unknown('disable_cache switches volumes off');
  return known(mounts, originIn(docker, entry.value, entry));
}
