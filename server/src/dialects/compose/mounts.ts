/** The volumes of a Compose service: short and long form, `tmpfs`, and those of other services. */
import type { Mount } from '../../model/build-site.js';
import { type Known, known, unknown } from '../../model/known.js';
import { HOLE } from '../../model/text.js';
import { field, itemsOf, type Layer, type Layers, originOf, placeIn, textOf, under } from './layers.js';
import type { ComposeProject } from './project.js';
import { itemOrigin, missing, type Written } from './values.js';

const MAX_DEPTH = 20;

/** Of two mounts at one place the later counts; what `volumes_from` brings comes first. */
export function readMounts(
  service: Written,
  project: ComposeProject,
  name: string,
  depth = 0,
): Known<readonly Mount[]> {
  const layers = [...under(service.layers, 'volumes'), ...under(service.layers, 'tmpfs')];
  const others = under(service.layers, 'volumes_from').flatMap(itemsOf);
  const mounts = new Map<string, Mount>();
  for (const item of others) {
    const taken = fromService(item, project, depth);
    if (taken.state !== 'known') return unknown('its volumes_from cannot be read', originOf(item));
    for (const mount of taken.value) mounts.set(mount.target, mount);
  }
  for (const layer of layers) {
    for (const item of itemsOf(layer)) {
      const mount = layer.entry?.key.text === 'tmpfs' ? tmpfs(item) : mountOf(item, project.volumes);
      if (!mount) return unknown('one of its volumes cannot be read', originOf(item));
      // Others get it only by taking all volumes of this service.
      const source = mount.source ?? `anonymous:${name}:${plain(mount.target)}`;
      mounts.set(plain(mount.target), { ...mount, source });
    }
  }
  const first = layers[0] ?? others[0];
  if (!first) return missing(service);
  const [value, origin] = [[...mounts.values()], originOf(first)];
  if (service.gaps.length === 0) return known(value, origin);
  return { state: 'unknown', why: service.gaps.join('; '), origin, likely: value };
}

function fromService(item: Layer, project: ComposeProject, depth: number): Known<readonly Mount[]> {
  const [name = '', mode = ''] = textOf(item)?.text.split(':') ?? [];
  const other = project.services.get(name);
  if (!other || depth > MAX_DEPTH) return unknown('it is not in view');
  const mounts = readMounts(other, project, name, depth + 1);
  if (mounts.state === 'absent') return known([], originOf(item));
  if (mounts.state === 'unknown') return mounts;
  return known(
    mounts.value.map(mount => ({
      ...mount,
      mode: mode === 'ro' ? 'ro' : mount.mode,
      origin: originOf(item),
      taken: true,
    })),
    originOf(item),
  );
}

function plain(target: string): string {
  return target.replace(/(?<=.)\/+$/, '');
}

function tmpfs(item: Layer): Mount | undefined {
  const target = textOf(item)?.text.split(':')[0];
  return target === undefined ? undefined : { source: 'tmpfs:', target, mode: '', origin: itemOrigin(item) };
}

function mountOf(item: Layer, volumes: Layers): Mount | undefined {
  return item.node.kind === 'map' ? longForm(item, volumes) : shortForm(item, volumes);
}

/** `[source:]target[:mode]`. Source: compose-spec/compose-go format/volume.go. */
function shortForm(item: Layer, volumes: Layers): Mount | undefined {
  const text = textOf(item);
  if (!text) return undefined;
  const parts = text.text.split(':');
  // The drive of a path of Windows.
  if (/^[A-Za-z]$/.test(parts[0] ?? '') && /^[\\/]/.test(parts[1] ?? ''))
    parts.splice(0, 2, `${parts[0]}:${parts[1]}`);
  const [first = '', target, mode = ''] = parts;
  const origin = itemOrigin(item);
  // A hole may hold both sides.
  if (target === undefined)
    return first.includes(HOLE) ? undefined : { source: undefined, target: first, mode, origin };
  if (target.includes(HOLE) || parts.length > 3) return undefined;
  // The folder of a user, in which a daemon of their own has its socket.
  const source = text.holes[0] === 'XDG_RUNTIME_DIR' ? first.replace(HOLE, `/run/user/${HOLE}`) : first;
  return { source: sourceOf(item, source, volumes), target, mode, origin };
}

function longForm(item: Layer, volumes: Layers): Mount | undefined {
  const word = (key: string): string | undefined => {
    const layer = field(item, key);
    return layer && textOf(layer)?.text;
  };
  const [type, source, target] = [word('type'), word('source') ?? word('src'), word('target')];
  if (target === undefined || target.includes(HOLE)) return undefined;
  const mode = /^(?:true|yes|on)$/i.test(word('read_only') ?? '') ? 'ro' : '';
  const written = field(item, 'source') ?? field(item, 'src');
  const whole = itemOrigin(item);
  const origin = written ? { ...whole, place: placeIn(written) } : whole;
  if (type === 'tmpfs') return { source: 'tmpfs:', target, mode, origin };
  if (source === undefined) return { source: undefined, target, mode, origin };
  if (type === 'bind' || type === 'npipe') return { source: hostPath(item, source), target, mode, origin };
  if (type === 'volume') return { source: named(source, volumes), target, mode, origin };
  return {
    source: type === undefined ? sourceOf(item, source, volumes) : `${type}:${source}`,
    target,
    mode,
    origin,
  };
}

function sourceOf(item: Layer, source: string, volumes: Layers): string {
  const isPath = /^(?:[./~\\]|[A-Za-z]:[\\/])/.test(source) || source.startsWith(HOLE);
  return isPath ? hostPath(item, source) : named(source, volumes);
}

/** Relative paths count from the folder of the file; two slashes in front are how Windows' shells want it. */
function hostPath({ file }: Layer, source: string): string {
  if (!/^\.{1,2}(?:\/|$)/.test(source)) return source.replace(/^\/{2,}/, '/');
  const parts = file.folder === '' ? [] : file.folder.split('/');
  for (const part of source.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return `./${parts.join('/')}`;
}

/** A volume of the project; one that is bound to a folder of the host stands for that folder. */
function named(name: string, volumes: Layers): string {
  const options = under(under(volumes, name), 'driver_opts');
  const text = (key: string): string | undefined => {
    const layer = under(options, key).at(-1);
    return layer && textOf(layer)?.text;
  };
  const device = text('device');
  return device !== undefined && /\bbind\b/.test(text('o') ?? '') ? device : `volume:${name}`;
}
