/** The variables of a container of a pod. */
import type { Environment } from '../model/build-site.js';
import { ABSENT, type Known, known, placeOf, unknown } from '../model/known.js';
import { literal, type Text } from '../model/text.js';
import type { MapNode } from '../syntax/tree.js';
import { field, mapsIn, type PodFile, sure, textIn, wordIn } from './pod-values.js';

/** Names under which Docker's tools look; a ConfigMap or Secret that is not in view is taken not to set them. */
const DOCKERS_OWN =
  /^DOCKER_(?:HOST|CONTEXT|CONFIG|TLS|TLS_VERIFY|CERT_PATH|TLS_CERTDIR|TLS_SAN|API_VERSION|DRIVER|BUILDKIT)$/;

/** `env` over `envFrom`; of a name that is there twice the later counts. `maps` are read in their order. */
export function readEnvironment(file: PodFile, maps: readonly MapNode[]): Environment {
  const values = new Map<string, Known<Text>>();
  const open: string[] = [];
  for (const map of maps) {
    if (field(file, map, 'envFrom')) open.push('its envFrom is not in view');
    const list = field(file, map, 'env');
    if (list?.node && list.node.kind !== 'seq') open.push('its env cannot be read');
    for (const item of mapsIn(file, list?.node)) {
      const name = wordIn(file, item, 'name');
      if (name === undefined) open.push('a template names one of its variables');
      else values.set(name, sure(file, settingOf(file, item)));
    }
  }
  const doubts = [...new Set(open)].join('; ');
  return {
    get(name) {
      const value = values.get(name);
      if (value) return value;
      if (file.doubt !== undefined) return unknown(file.doubt);
      return doubts === '' || DOCKERS_OWN.test(name) ? ABSENT : unknown(doubts);
    },
    names: () => [...values.keys()],
  };
}

function settingOf(file: PodFile, item: MapNode): Known<Text> {
  const whole = placeOf(file.path, item);
  const value = field(file, item, 'value');
  const origin = { place: whole, way: 'own', entry: whole } as const;
  if (field(file, item, 'valueFrom')) return unknown('its valueFrom is not in view', origin);
  if (!value?.node) return known(literal(''), origin);
  const text = textIn(value.node);
  return text
    ? known(text, { ...origin, place: placeOf(file.path, value.node) })
    : unknown('its value is no text', origin);
}
