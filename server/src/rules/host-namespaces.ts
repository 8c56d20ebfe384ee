/** Flags runners whose jobs share namespaces with the host or get capabilities that amount to root. */

import type { Container, Runner } from '../model/build-site.js';
import type { Severity } from '../model/finding.js';
import type { Place } from '../model/known.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { socketMounts } from '../trace/socket-mounts.js';
import { audienceOf } from './audience.js';
import { ownContainer } from './containers.js';
import { defineRule } from './define.js';
import { containersOf, scalarOf, wordsOf } from './runner-facts.js';

interface Opening {
  readonly place: Place;
  /** What is set, and what it lets jobs do. */
  readonly what: string;
  /** Where nobody has said who runs jobs here. */
  readonly severity: Severity;
}

export default defineRule({
  id: 'pid-or-network-host',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-runner', 'compose', 'kubernetes', 'jenkinsfile', 'shell'],
  ...prose({
    title: 'Containers with namespaces or capabilities of the host',
    why: 'Each namespace that a container shares with its host is a wall less. With the process ids it reads the environment of all others, on a runner those of the other jobs and of the runner, secrets and all; with the network it reaches what listens on localhost, a docker API among it; with shared memory it reads that of other processes. SYS_ADMIN lets it mount.',
    remedy:
      'Take the key away, or keep it for what needs it, on a runner of its own, and declare who runs them in .drydock.yml (exposure).',
    sources: [
      'https://docs.gitlab.com/runner/executors/docker/#pid-mode',
      'https://docs.gitlab.com/runner/security/#usage-of-docker-executor',
    ],
  }),
  fixable: false,

  *site(context) {
    const self = ownContainer(context);
    // A socket makes root already, and is told at its mount.
    if (!self || socketMounts(self.container).length > 0) return;
    for (const { place, what, severity } of openingsOf(self.container)) {
      yield { at: place, message: `${titleOf(context.site)} runs with ${what}.`, severity };
    }
  },

  *runner({ paired, profile }) {
    const { runner } = paired;
    const { trusted, severity, words } = audienceOf(paired);
    if (trusted && profile === 'default') return;
    for (const { place, what, severity: unsaid } of openings(runner)) {
      yield {
        at: place,
        message: `Runner "${runner.name}" runs jobs with ${what} ${words}.`,
        severity: severity === 'warning' ? unsaid : severity === 'error' ? 'warning' : severity,
      };
    }
  },
});

function openings(runner: Runner): readonly Opening[] {
  const containers = containersOf(runner);
  if (!containers) return [];
  const shared = containers === 'docker' ? SHARED.flatMap(one => sharedIn(runner, one)) : [];
  // Privilege holds every capability, and is spoken of where it is set.
  if (runner.privileged.state === 'unknown' || settled(runner.privileged) === true) return shared;
  const strong = wordsOf(runner, `${containers}.cap_add`).filter(({ text }) => STRONG.test(text));
  const added = strong.map(({ text, place }) => ({
    place,
    what: `the capability ${text.toUpperCase()}: nearly root on the host`,
    severity: 'warning' as const,
  }));
  return [...shared, ...added];
}

const SHARED = [
  { key: 'pid_mode', open: 'secrets of processes on the host lie', severity: 'warning' },
  { key: 'network_mode', open: 'what listens on localhost of the host lies', severity: 'info' },
  { key: 'ipcmode', open: 'shared memory of the host lies', severity: 'warning' },
] as const;

/** The same of a container that says it itself. */
function openingsOf({ hostNamespaces, capabilities, privileged }: Container): readonly Opening[] {
  const shared = hostNamespaces.flatMap(({ value, origin: { place } }) => {
    const known = SHARED.find(({ key }) => key.startsWith(value));
    return known
      ? [{ place, what: `the ${value} of its host: ${known.open} open`, severity: known.severity }]
      : [];
  });
  if (privileged.state === 'unknown' || settled(privileged) === true) return shared;
  const strong = (settled(capabilities) ?? []).filter(({ value }) => STRONG.test(value));
  return [
    ...shared,
    ...strong.map(({ value, origin: { place } }) => ({
      place,
      what: `the capability ${value.toUpperCase()}: nearly root on the host`,
      severity: 'warning' as const,
    })),
  ];
}

const STRONG = /^(?:CAP_)?(?:SYS_ADMIN|ALL)$/i;

function sharedIn(runner: Runner, { key, open, severity }: (typeof SHARED)[number]): readonly Opening[] {
  const value = scalarOf(runner, `docker.${key}`);
  if (value?.text !== 'host') return [];
  return [{ place: value.setting.place, what: `${key} = "host": ${open} open`, severity }];
}
