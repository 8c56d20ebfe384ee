/** Flags of a dind daemon about TLS that do something else than they say. */

import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import { daemonArguments } from '../trace/daemon-arguments.js';
import { defineRule, type Report, type SiteContext } from './define.js';
import { sightings, type Weight } from './faults.js';
import { withoutFlag, wordsPlace } from './flag-removal.js';

const SOURCES = [
  'https://github.com/docker-library/docker',
  'https://github.com/moby/moby/blob/master/daemon/command/options.go',
];

const OFF = /^(?:false|0|f|F|FALSE|False)$/;

const flag = { profile: 'default', fixable: true, needs: 'trace' } as const;

export default [
  defineRule({
    id: 'tls-flag-has-no-effect',
    severity: 'error',
    ...flag,
    dialects: ['gitlab-ci', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell'],
    ...prose({
      title: '--tls=false on a dind that makes certificates',
      why: 'Where DOCKER_TLS_CERTDIR is not empty, the entrypoint of dind starts dockerd with --tlsverify, and that turns TLS on whatever --tls=false says. The daemon listens on 2376 with TLS, and nothing answers on 2375.',
      remedy: 'Take the flag away; or, to go without TLS, set DOCKER_TLS_CERTDIR: "" as well.',
      sources: SOURCES,
    }),
    site: context =>
      flags(
        context,
        word => OFF.test(/^--tls=(.*)$/.exec(word)?.[1] ?? ''),
        flag => `${flag} does nothing for dind`,
        'it makes certificates, so it speaks TLS',
        consequence,
      ),
  }),
  defineRule({
    id: 'tlsverify-false-no-client-auth',
    severity: 'warning',
    ...flag,
    dialects: ['gitlab-ci', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell', 'dockerfile'],
    ...prose({
      title: 'dind that lets in clients without certificate',
      why: 'With --tlsverify=false the daemon speaks TLS and asks nobody for a certificate, so whoever reaches the port is root in its privileged container.',
      remedy: 'Take the flag away. The official client image finds its certificates by itself.',
      sources: SOURCES,
    }),
    site: context =>
      flags(
        context,
        word => OFF.test(/^--tlsverify=(.*)$/.exec(word)?.[1] ?? ''),
        flag => `${flag} lets clients without certificate into dind`,
        'whoever connects is root there',
        () => ({ severity: 'warning', confidence: 'high' }),
      ),
  }),
  defineRule({
    id: 'extra-host-flag-still-tls',
    severity: 'error',
    ...flag,
    dialects: ['gitlab-ci', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell'],
    ...prose({
      title: 'Extra port of dind that speaks TLS too',
      why: 'TLS holds for all TCP ports of a daemon. One that is added with --host=tcp://0.0.0.0:2375 speaks TLS too: "Client sent an HTTP request to an HTTPS server."',
      remedy: 'Dial 2376 with TLS and take the flag away; or set DOCKER_TLS_CERTDIR: "" to go without TLS.',
      sources: SOURCES,
    }),
    site: context =>
      flags(
        context,
        (word, before) =>
          /^(?:(?:--host|-H)=?)?tcp:\/\/.*:2375$/.test(word) &&
          (/^-/.test(word) || /^(?:--host|-H)$/.test(before ?? '')),
        flag => `${flag} opens no plain port of dind`,
        'it makes certificates, so 2375 speaks TLS too',
        consequence,
      ),
  }),
];

/** Judges the words that dockerd of a TLS daemon gets. `weigh` says how much they matter to the job. */
function* flags(
  context: SiteContext,
  is: (word: string, before: string | undefined) => boolean,
  what: (flag: string) => string,
  why: string,
  weigh: (context: SiteContext) => Pick<Weight, 'severity' | 'confidence'>,
): Iterable<Report> {
  const trace = [...context.paired, ...context.blind].find(({ beside }) => beside.length > 0);
  for (const daemon of trace?.beside ?? []) {
    const words = daemonArguments(daemon.service) ?? [];
    const at = words.findIndex((word, i) => is(word, words[i - 1]));
    const place = wordsPlace(daemon);
    if (daemon.certDir === undefined || at < 0 || !place) continue;
    const split = !/^-/.test(words[at] ?? '');
    const flag = words.slice(split ? at - 1 : at, at + 1).join(' ');
    yield {
      at: place,
      message: `${what(flag)} in ${nameOf(context.site)}: ${why}.`,
      ...weigh(context),
      fixes: view => withoutFlag(context, daemon, flag.split(' '), view),
    };
  }
}

const FATAL = ['tls-port-mismatch-2375', 'tls-client-not-enabled'];

/** As much as what comes of it; a job that asks for TLS gets along, with a flag that means nothing. */
function consequence(context: SiteContext): Pick<Weight, 'severity' | 'confidence'> {
  const seen = FATAL.flatMap(id => sightings(context, id))[0];
  if (seen) return { severity: seen.severity, confidence: seen.confidence };
  const asks = (settled(context.site.env.get('DOCKER_TLS_VERIFY'))?.text ?? '') !== '';
  return { severity: asks ? 'info' : 'warning', confidence: 'high' };
}
