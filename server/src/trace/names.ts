/** The host names under which a job finds its services. */
import type { Service } from '../model/build-site.js';
import type { ImageRef } from '../model/image-ref.js';
import { HOLE } from '../model/text.js';

/** Names of a service, or `undefined` for the part that depends on something unknown. */
export interface ServiceNames {
  readonly names: readonly string[];
  /** False when further names may exist that cannot be told. */
  readonly complete: boolean;
}

/**
 * GitLab Runner's rule: names from the image path, `/` once as `__` and once as `-`, the port of the registry
 * left out; then every word of `alias:`. Source: gitlab-runner helpers/container/services/services.go.
 */
export function serviceNames(service: Service): ServiceNames {
  const derived = derivedNames(service.ref);
  const aliases = service.aliases.state === 'known' ? service.aliases.value : [];
  return {
    names: [...new Set([...(derived ?? []), ...aliases])],
    complete: derived !== undefined && service.aliases.state !== 'unknown',
  };
}

/** Names that come from the image alone; `undefined` when a part of its path is unknown. */
export function derivedNames(ref: ImageRef): readonly string[] | undefined {
  if (ref.repository.includes(HOLE) || ref.repository === '') return undefined;
  const [host = '', ...path] = ref.repository.split('/');
  const segments = path.length === 0 ? [host] : [host.replace(/:\d+$/, ''), ...path];
  return [...new Set([segments.join('__'), segments.join('-')])];
}
