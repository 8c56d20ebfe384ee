/** The variables of a Compose service: `environment` in both of its forms, over the files of `env_file`. */
import type { Environment } from '../../model/build-site.js';
import { ABSENT, type Known, known, placeOf, unknown } from '../../model/known.js';
import { literal, type Text } from '../../model/text.js';
import type { Unit } from '../dialect.js';
import { readEnvFile } from './env-file.js';
import { type Interpolated, interpolate } from './interpolate.js';
import {
  field,
  fieldsOf,
  isNull,
  isOpen,
  itemsOf,
  type Layer,
  originOf,
  partOf,
  textOf,
  under,
} from './layers.js';
import { isLocal, linkTo } from './links.js';
import type { WrittenService } from './project.js';

/** Names under which Docker's tools look; a file that is not in view is taken not to set them. */
const DOCKERS_OWN =
  /^DOCKER_(?:HOST|CONTEXT|CONFIG|TLS|TLS_VERIFY|CERT_PATH|TLS_CERTDIR|TLS_SAN|API_VERSION|DRIVER|BUILDKIT)$/;

export interface ReadEnvironment {
  readonly env: Environment;
  /** Names the texts that were taken in. */
  readonly key: string;
}

export function readEnvironment(service: WrittenService, unit: Unit): ReadEnvironment {
  const values = new Map<string, Known<Text>>();
  const unseen: string[] = [];
  const keys: string[] = [];
  for (const item of under(service.layers, 'env_file').flatMap(itemsOf)) {
    const read = envFile(item, unit);
    if (!read) unseen.push('an env_file is not in view');
    else keys.push(read.key);
    for (const [name, value] of read?.values ?? []) values.set(name, value);
  }
  const layers = under(service.layers, 'environment');
  if (layers.some(isOpen)) unseen.push('an alias leads nowhere');
  for (const layer of layers) for (const [name, value] of settingsOf(layer)) values.set(name, value);
  const gaps = [...service.gaps, ...new Set(unseen)];
  return {
    key: keys.join(),
    env: {
      get(name) {
        const value = values.get(name);
        if (value) return value;
        const doubts = DOCKERS_OWN.test(name) ? service.gaps : gaps;
        return doubts.length > 0 ? unknown(doubts.join('; ')) : ABSENT;
      },
      names: () => [...values.keys()],
    },
  };
}

/** A path, or a map with `path`. */
function envFile(
  item: Layer,
  unit: Unit,
): { values: ReadonlyMap<string, Known<Text>>; key: string } | undefined {
  const named = item.node.kind === 'map' ? field(item, 'path') : item;
  const target = named && textOf(named);
  if (!target || target.holes.length > 0 || !isLocal(target.text)) return undefined;
  const { path, folder } = item.file;
  const from = folder === '' ? path.replace(/^.*\//, '') : `${folder}/${path.replace(/^.*\//, '')}`;
  const [found] = unit.follow?.(linkTo('variables', target.text), from) ?? [];
  if (!found) return undefined;
  const { entry: _, ...origin } = originOf(item);
  const values = new Map<string, Known<Text>>();
  for (const [name, value] of readEnvFile(found.tree.text, item.file.lookup))
    values.set(
      name,
      value === undefined ? unknown('an env_file takes it from a variable') : known(literal(value), origin),
    );
  return { values, key: String(found.tree.documents[0]?.blocks[0]?.block.id) };
}

function* settingsOf(layer: Layer): Iterable<readonly [string, Known<Text>]> {
  if (layer.node.kind === 'map') {
    for (const name of fieldsOf(layer).keys()) {
      const value = field(layer, name);
      if (value && name !== '<<') yield [name, settingOf(value, name)];
    }
    return;
  }
  for (const item of itemsOf(layer)) {
    const text = textOf(item);
    if (text) yield itemSetting(item, text);
  }
}

function settingOf(value: Layer, name: string): Known<Text> {
  const origin = originOf(value);
  if (isNull(value.node)) return fromShell(value, name);
  const text = textOf(value);
  return text ? known(text, origin) : unknown('its value is no text', origin);
}

/** Without a value the variable is taken from where Compose runs. */
function fromShell(value: Layer, name: string): Known<Text> {
  const given = value.file.lookup(name);
  const origin = originOf(value);
  return given === undefined ? unknown(`the shell sets ${name}`, origin) : known(literal(given), origin);
}

/** `NAME=value`; quotes in it are a part of the value. */
function itemSetting(item: Layer, text: Interpolated): readonly [string, Known<Text>] {
  const at = text.text.indexOf('=');
  if (at < 0) return [text.text, fromShell(item, text.text)];
  const name = text.text.slice(0, at);
  // An empty value has no place of its own.
  const from = at + 1 < text.text.length ? at + 1 : 0;
  const place = partOf(item, text, from, text.text.length);
  const origin = { ...originOf(item), place, entry: placeOf(item.file.path, item.node) };
  const raw = item.node.kind === 'scalar' ? item.node.text : '';
  // A name is written out, so what stands behind its sign is read by itself, with the right holes.
  const value = interpolate(raw.slice(raw.indexOf('=') + 1), item.file.lookup);
  return [name, known({ text: value.text, holes: value.holes }, origin)];
}
