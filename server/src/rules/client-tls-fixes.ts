/** Fixes that turn the TLS of a docker client on or off, or show it where its certificates lie. */

import type { FixPlan, FixView } from '../model/finding.js';
import type { Intent } from '../model/intent.js';
import { certificateVolume } from './certificate-volume.js';
import type { SiteContext } from './define.js';
import type { Sighting } from './faults.js';
import { usersOfVariable, whom } from './reach.js';

/** The folder in which a client finds the certificates of the daemon beside it. */
export function clientFolder({ trace }: Sighting): string | undefined {
  if (trace.reached) return trace.reached.clientFolder;
  const made = trace.beside.find(({ certDir }) => certDir !== undefined);
  return made && `${made.certDir}/client`;
}

const WANTED = ['DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH'] as const;

/** Sets what makes the client speak TLS, beside DOCKER_HOST. */
export function turnOn(context: SiteContext, seen: Sighting, view: FixView): readonly FixPlan[] {
  const { site, runners } = context;
  const path = clientFolder(seen);
  const volume = site.self
    ? []
    : path && certificateVolume(runners.length === 1 ? runners[0] : undefined, path);
  const host = site.env.get('DOCKER_HOST');
  if (path === undefined || volume === 'impossible' || seen.trace.from === 'script') return [];
  // Where the certificates of a container that is set up by itself lie for the job, its volumes say.
  if (site.runsOn) return [];
  const near = host.state === 'known' ? host.origin.entry : undefined;
  const intents: Intent[] = [];
  for (const name of WANTED) {
    const value = name === 'DOCKER_CERT_PATH' ? path : '1';
    const old = site.env.get(name);
    if (old.state === 'unknown') return [];
    if (old.state === 'absent') intents.push({ kind: 'set-variable', site: site.place, near, name, value });
    else if (old.value.text !== value) intents.push({ kind: 'replace-value', at: old.origin.place, value });
  }
  const others = host.state === 'known' ? usersOfVariable(view, 'DOCKER_HOST', host.origin.place) : [];
  const reach = host.state === 'known' ? whom(host.origin, others) : '';
  const open = typeof volume === 'string';
  return [
    {
      title: `Set DOCKER_TLS_VERIFY and DOCKER_CERT_PATH${reach}${open ? ` (the runner must share ${path})` : ''}`,
      safety: open || reach !== '' ? 'unsafe' : 'safe',
      preferred: true,
      intents: [...intents, ...(Array.isArray(volume) ? volume : [])],
    },
  ];
}

/** Points DOCKER_CERT_PATH at the folder in which dind puts the certificates. */
export function rightPath({ site }: SiteContext, seen: Sighting, view: FixView): readonly FixPlan[] {
  const path = site.env.get('DOCKER_CERT_PATH');
  const value = clientFolder(seen);
  if (path.state !== 'known' || value === undefined || seen.trace.from === 'script') return [];
  const { origin } = path;
  return [
    {
      title: `Set DOCKER_CERT_PATH to "${value}"${whom(origin, usersOfVariable(view, 'DOCKER_CERT_PATH', origin.place))}`,
      safety: 'safe',
      preferred: true,
      intents: [{ kind: 'replace-value', at: origin.place, value }],
    },
  ];
}

/** Takes away what makes the client speak TLS. */
export function turnOff({ site }: SiteContext, seen: Sighting, view: FixView): readonly FixPlan[] {
  const known = WANTED.filter(name => site.env.get(name).state === 'known');
  const entries = known.flatMap(name => {
    const value = site.env.get(name);
    return value.state === 'known' && value.origin.entry ? [value.origin.entry] : [];
  });
  const verify = site.env.get('DOCKER_TLS_VERIFY');
  if (verify.state !== 'known' || entries.length < known.length || seen.trace.from === 'script') return [];
  const reach = whom(verify.origin, usersOfVariable(view, 'DOCKER_TLS_VERIFY', verify.origin.place));
  return [
    {
      title: `Take ${known.join(' and ')} away${reach} (the daemon stays without TLS)`,
      safety: reach === '' ? 'safe' : 'unsafe',
      intents: entries.map(entry => ({ kind: 'remove-entry' as const, entry })),
    },
  ];
}
