/** Reads the services and the environment that a runner adds to jobs. */
import type { Environment, Service } from '../../model/build-site.js';
import { parseImage } from '../../model/image-ref.js';
import { ABSENT, type Known, known, unknown } from '../../model/known.js';
import { literal, type Text } from '../../model/text.js';
import { asText, asTexts, findEntry, mapKnown, originIn, readKey, type Table, tablesIn } from './keys.js';

/** The services that a runner adds to every job: `[[runners.docker.services]]`, `[[runners.kubernetes.services]]`. */
export function readServices(section: Table): Known<readonly Service[]> {
  const entry = findEntry(section.map, 'services');
  if (!entry) return section.doubtful ? unknown('the file is a template') : ABSENT;
  const services = tablesIn(section, 'services').flatMap(table => readService(table));
  return known(services, originIn(section, entry.value ?? entry.key, entry));
}

function readService(table: Table): readonly Service[] {
  const entry = findEntry(table.map, 'name');
  const name = entry?.value && asText(entry.value);
  if (!entry?.value || name === undefined) return [];
  const origin = originIn(table, entry.value, entry);
  return [
    {
      ref: parseImage(literal(name)),
      origin,
      whole: true,
      aliases: mapKnown(readKey(table, 'alias', asText), text => text.split(/[\s,]+/).filter(Boolean)),
      entrypoint: readKey(table, 'entrypoint', asTexts),
      command: readKey(table, 'command', asTexts),
      variables: readEnvironment(table),
    },
  ];
}

/** `environment = ["NAME=value", …]`. */
export function readEnvironment(table: Table): Environment {
  const list = readKey(table, 'environment', asTexts);
  const entry = findEntry(table.map, 'environment');
  const values = new Map<string, Known<Text>>();
  if (list.state === 'known' && entry?.value?.kind === 'seq') {
    for (const node of entry.value.items) {
      const [name = '', ...rest] = (asText(node) ?? '').split('=');
      values.set(name, known(literal(rest.join('=')), originIn(table, node, entry)));
    }
  }
  return {
    get: name => values.get(name) ?? (list.state === 'unknown' ? unknown(list.why) : ABSENT),
    names: () => [...values.keys()],
  };
}
