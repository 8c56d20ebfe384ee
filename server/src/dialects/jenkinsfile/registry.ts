/** The registry that Jenkins puts in front of the images of agents. */
import { HOLE } from '../../model/text.js';
import type { GroovyValue } from '../../syntax/groovy.js';
import { asString } from './strings.js';

/** Host and port, empty for Docker Hub; undefined where it is no literal. */
export type Registry = string | undefined;

/** Names of Docker Hub. Source: moby/moby registry/config.go. */
const HUB =
  /^(?:(?:index|registry(?:-1)?)\.docker\.io|registry\.hub\.docker\.com|hub\.docker\.com|docker\.io)$/;

/** Source: jenkinsci/docker-commons-plugin, DockerRegistryEndpoint.imageName: host and port of the address. */
export function registryOf(url: GroovyValue | undefined): Registry {
  const string = asString(url);
  if (!string?.plain || string.holes.length > 0) return undefined;
  if (string.text === '') return '';
  const host = /^https?:\/\/([^/:]+(?::\d+)?)/.exec(string.text)?.[1]?.replace(/:(?:80|443)$/, '');
  return host !== undefined && HUB.test(host) ? '' : host;
}

/** What stands before the name of an image, with its slash. */
export function prefixOf(registry: Registry): string {
  if (registry === undefined) return `${HOLE}/`;
  return registry === '' ? '' : `${registry}/`;
}
