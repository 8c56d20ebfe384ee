/** Reads `[runners.kubernetes]`: what the Kubernetes executor gives to the containers of a job's pod. */
import type { Mount } from '../../model/build-site.js';
import { parseImage } from '../../model/image-ref.js';
import { ABSENT, type Known, known, settled, unknown } from '../../model/known.js';
import { literal } from '../../model/text.js';
import type { Containers } from './docker.js';
import {
  asBoolean,
  asText,
  findEntry,
  mapKnown,
  originIn,
  readKey,
  type Table,
  tableIn,
  tablesIn,
} from './keys.js';
import { readServices } from './services.js';

/**
 * A container's own security context wins over `privileged` of the pod.
 * Source: gitlab-runner common/config.go, GetContainerSecurityContext.
 */
export function kubernetesContainers(section: Table): Containers {
  const pod = readKey(section, 'privileged', asBoolean);
  const build = readKey(tableIn(section, 'build_container_security_context'), 'privileged', asBoolean);
  const service = readKey(tableIn(section, 'service_container_security_context'), 'privileged', asBoolean);
  const ownBuild = build.state !== 'absent';
  return {
    image: mapKnown(readKey(section, 'image', asText), text => parseImage(literal(text))),
    privileged: ownBuild ? build : pod,
    servicesPrivileged: ownBuild && service.state === 'absent' ? pod : service,
    runtime: readKey(section, 'runtime_class_name', asText),
    mounts: readMounts(section),
    services: readServices(section),
  };
}

/** The kinds of volumes whose content comes from elsewhere than the node. */
const FROM_CLUSTER = ['pvc', 'secret', 'config_map', 'csi', 'nfs'];

function readMounts(section: Table): Known<readonly Mount[]> {
  const entry = findEntry(section.map, 'volumes');
  if (!entry?.value) return section.doubtful ? unknown('the file is a template') : ABSENT;
  const volumes = tableIn(section, 'volumes');
  const mounts = [
    ...tablesIn(volumes, 'empty_dir').map(table => mountOf(table, undefined)),
    ...tablesIn(volumes, 'host_path').map(table => hostMount(table)),
    ...FROM_CLUSTER.flatMap(kind =>
      tablesIn(volumes, kind).map(table =>
        mountOf(table, `${kind}:${settled(readKey(table, 'name', asText)) ?? ''}`),
      ),
    ),
  ];
  if (mounts.some(mount => mount === undefined)) return unknown('its volumes cannot be read');
  const read = mounts as readonly Mount[];
  const origin = originIn(section, entry.value, entry);
  // A volume more may be made of the lines that were left out.
  return section.doubtful
    ? { state: 'unknown', why: 'the file is a template', origin, likely: read }
    : known(read, origin);
}

/** Without `host_path` the node's folder has the name of the one in the container. */
function hostMount(table: Table): Mount | undefined {
  const path = readKey(table, 'host_path', asText);
  if (path.state === 'unknown') return undefined;
  const mount = mountOf(table, settled(path));
  if (!mount || path.state === 'absent') return mount && { ...mount, source: mount.target };
  return { ...mount, origin: path.origin };
}

function mountOf(table: Table, source: string | undefined): Mount | undefined {
  const target = readKey(table, 'mount_path', asText);
  if (target.state !== 'known') return undefined;
  const readOnly = settled(readKey(table, 'read_only', asBoolean)) === true;
  return { source, target: target.value, mode: readOnly ? 'ro' : '', origin: target.origin };
}
