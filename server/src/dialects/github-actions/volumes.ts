/** Reads ports and volumes in the short form of docker's command line. */
import type { Mount, PublishedPort } from '../../model/build-site.js';
import { ABSENT, known, type Origin } from '../../model/known.js';

const PORT = /^(?:(\d+(?:\.\d+){3}|\[[\da-f:]+\]|localhost):)?(?:(\d*):)?(\d+)(?:\/(?:tcp|udp))?$/i;

/** `2375`, `2375:2375`, `127.0.0.1:2375:2375/tcp`; of a range or an expression nothing is known. */
export function parsePort(text: string, origin: Origin): PublishedPort {
  const [, address, published, target] = PORT.exec(text.trim()) ?? [];
  return {
    target: target === undefined ? undefined : Number(target),
    ...(published ? { published: Number(published) } : {}),
    address: address === undefined ? ABSENT : known(address, origin),
    origin,
  };
}

/** `source:target[:mode]`, or a target alone. What is no path is a volume of docker's. */
export function parseVolume(text: string, origin: Origin): Mount {
  const [first = '', second, mode = ''] = text.split(/:(?![^{]*\}\})/);
  if (second === undefined) return { source: undefined, target: first, mode, origin };
  const source = /^[./~$\\]|^[A-Za-z]$/.test(first) ? first : `volume:${first}`;
  return { source, target: second, mode, origin };
}
