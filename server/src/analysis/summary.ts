/** Says in one line what a site uses and whether that works: `✓ dind · TLS 2376 · needs privileged`. */
import type { Verdict } from '../trace/types.js';
import { standingOf, type Topology } from './topology.js';

export const MARKS: Readonly<Record<Verdict, string>> = {
  reaches: '✓',
  fails: '✗',
  'no-daemon-needed': '✓',
  'cannot-tell': '?',
};

/** Longer lines are cut; the hover has the whole. */
const LONGEST = 140;

/** One line of plain text without a line break. Names of files and jobs are not in it. */
export function lineOf(topology: Topology): string {
  const parts = [...uses(topology), ...needs(topology), ...outcome(topology)];
  const line = `${MARKS[standingOf(topology)]} ${parts.join(' · ')}`.replace(/\s+/g, ' ');
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1).replace(/\p{Cs}$/u, '')}…`;
}

const DAEMONS: Readonly<Record<Topology['daemon']['kind'], string>> = {
  dind: 'dind',
  'dind-rootless': 'rootless dind',
  'host-socket': "host's daemon",
  'socket-proxy': 'socket proxy',
  hosted: "machine's own daemon",
  remote: 'remote daemon',
  none: 'docker',
  unknown: 'docker',
};

function uses({ daemon: { kind }, dial, strategy, verdict }: Topology): readonly string[] {
  if (!dial) {
    const none = verdict === 'no-daemon-needed' ? ['no daemon'] : [];
    return strategy === undefined ? none : [strategy, ...none];
  }
  const { endpoint, tls } = dial;
  if (endpoint === undefined) return [DAEMONS[kind]];
  const [, host = '', port] = /^tcp:\/\/(.*):(\d+)$/.exec(endpoint) ?? [];
  if (port === undefined) return [DAEMONS[kind], endpoint.replace(/^unix:\/\//, '')];
  const secured = SECURED[tls];
  const service = kind === 'dind' || kind === 'dind-rootless' || kind === 'socket-proxy';
  return [DAEMONS[kind], [secured, service ? port : `${host}:${port}`].filter(Boolean).join(' ')];
}

const SECURED: Readonly<Record<NonNullable<Topology['dial']>['tls'], string>> = {
  verify: 'TLS',
  unverified: 'unverified TLS',
  none: 'plain',
  unknown: '',
};

function needs({ daemon: { privilege }, certificates, verdict }: Topology): readonly string[] {
  if (verdict === 'fails') return [];
  const wanted = [
    ...(privilege === 'granted' || privilege === 'needed' ? ['privileged'] : []),
    ...(certificates?.state === 'open' && certificates.folder ? [certificates.folder] : []),
  ];
  return wanted.length === 0 ? [] : [`needs ${wanted.join(' and ')}`];
}

function outcome({ verdict, fault, errors, missing, wantsRunner }: Topology): readonly string[] {
  if (verdict === 'fails') return [fault ? `fails: ${fault.because.replace(/\.$/, '')}` : 'fails'];
  if (verdict !== 'cannot-tell') {
    const [error] = errors;
    return error ? [`goes wrong: ${error.message.replace(/\.$/, '')}`] : [];
  }
  if (wantsRunner) return ['cannot tell: runner unknown'];
  const [first, ...others] = missing;
  if (first === undefined) return ['cannot tell: depends on the runner'];
  const asks = /^(?:whether|which|what|how|where) /.test(first);
  const more = others.length === 0 ? '' : `, and ${others.length} more`;
  return [`cannot tell${asks ? '' : ':'} ${first}${more}`];
}
