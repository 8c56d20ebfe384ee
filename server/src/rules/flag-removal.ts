/** Where the flags of a dind daemon stand, and the fix that takes one away. */

import type { FixPlan, FixView } from '../model/finding.js';
import { type Place, settled } from '../model/known.js';
import type { BesideDaemon } from '../trace/types.js';
import type { SiteContext } from './define.js';
import { usersOfService, whom } from './reach.js';

/** Leaves the flag out, where it stands in `command` and the job does not rely on what it seems to do. */
export function withoutFlag(
  { site }: SiteContext,
  { service }: BesideDaemon,
  flag: readonly string[],
  view: FixView,
): readonly FixPlan[] {
  const command = settled(service.command);
  const at = command?.findIndex((_, i) => flag.every((word, k) => command[i + k] === word)) ?? -1;
  const host = settled(site.env.get('DOCKER_HOST'))?.text ?? '';
  if (!command || at < 0 || (flag.some(word => word.includes('2375')) && host.includes(':2375'))) return [];
  const verify = flag.some(word => word.startsWith('--tlsverify'));
  const reach = whom(service.origin, usersOfService(view, service.origin.place));
  return [
    {
      title: `Take ${flag.join(' ')} away${reach}${verify ? ' (clients then need their certificates)' : ''}`,
      safety: verify ? 'unsafe' : 'safe',
      preferred: !verify,
      intents: [
        {
          kind: 'set-service-key',
          service: service.origin.place,
          key: 'command',
          value: command.toSpliced(at, flag.length),
        },
      ],
    },
  ];
}

/** Where the words of a daemon are written. */
export function wordsPlace({ service }: BesideDaemon): Place | undefined {
  const words = service.command.state === 'known' ? service.command : service.entrypoint;
  return words.state === 'known' ? words.origin.place : undefined;
}
