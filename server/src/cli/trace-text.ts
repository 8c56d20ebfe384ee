/** The report of `trace` for people: a short block for each site. */
import type { TraceRow } from '../analysis/index.js';
import { printable } from './cells.js';
import type { Paint, Style } from './paint.js';
import { link, type Sources } from './sources.js';
import type { SiteRow } from './trace.js';

const VERDICTS: Readonly<Record<TraceRow['verdict'], { readonly style: Style; readonly words: string }>> = {
  reaches: { style: 'good', words: '✓ works' },
  fails: { style: 'error', words: '✗ fails' },
  'no-daemon-needed': { style: 'good', words: '✓ no daemon needed' },
  'cannot-tell': { style: 'warning', words: '? cannot tell' },
};

const CLIENT_TLS: Readonly<Record<string, string>> = {
  verify: 'TLS, verified',
  unverified: 'TLS, not verified',
  none: 'no TLS',
  unknown: 'TLS not known',
};

const DAEMON_TLS: Readonly<Record<string, string>> = {
  verify: 'TLS',
  'no-client-auth': 'TLS without client certificates',
  none: 'no TLS',
};

const DAEMONS: Readonly<Record<string, string>> = {
  dind: 'Docker-in-Docker',
  'dind-rootless': 'rootless Docker-in-Docker',
  'host-socket': "the host's daemon, through its socket",
  'socket-proxy': "the host's daemon, through a socket proxy",
  hosted: 'the daemon of the hosted machine',
  remote: 'a remote daemon',
  none: 'none',
  unknown: 'not known',
};

const PAIRINGS: Readonly<Record<string, string>> = {
  declared: 'declared',
  'only-one': 'the only one here',
  hosted: 'hosted',
  candidate: 'one of several',
};

export function traceText(rows: readonly SiteRow[], paint: Paint): string {
  if (rows.length === 0) return 'No job here builds or uses docker.\n';
  return rows.map(row => siteText(row, paint)).join('\n');
}

function siteText({ row, at, sources }: SiteRow, paint: Paint): string {
  const { style, words } = verdictOf(row);
  const failure = row.failure === undefined ? '' : ` (${row.failure})`;
  const lines = [
    `${paint('bold', printable(row.site))}  ${paint(style, words)}${failure}`,
    `  ${paint('frame', '-->')} ${printable(link(at))}`,
    ...facts(row, sources).map(([name, text]) => `  ${paint('dim', name.padEnd(8))}  ${printable(text)}`),
    ...list('because', placed(row.because, sources), paint),
    ...list('goes wrong', placed(row.errors, sources), paint),
    ...list('not known', row.missing, paint),
    ...list('assumed', row.assumptions, paint),
  ];
  return `${lines.join('\n')}\n`;
}

function facts(row: TraceRow, sources: Sources): readonly (readonly [string, string])[] {
  const { client, daemon, runner, strategy, summary } = row;
  const facts: [string, string][] = [['in short', summary.slice(2)]];
  if (client !== null) {
    const certificates = client.certPath === null ? '' : `, certificates in ${client.certPath}`;
    facts.push([
      'client',
      `${client.endpoint ?? 'endpoint not known'}, ${CLIENT_TLS[client.tls]}${certificates}`,
    ]);
  }
  if (row.from === 'script' && row.command)
    facts.push(['script', `from ${link(sources.locate(row.command))} on`]);
  facts.push(['daemon', daemonText(daemon)]);
  if (runner !== null) {
    const where = runner.path === '' ? '' : ` in ${sources.shown(runner.path)}`;
    facts.push(['runner', `${runner.name}${where}, ${PAIRINGS[runner.how] ?? runner.how}`]);
  }
  if (strategy !== null) facts.push(['strategy', strategy]);
  return facts;
}

function daemonText({ kind, image, listens }: TraceRow['daemon']): string {
  const listeners = listens.map(({ endpoint, tls }) => `${endpoint} (${DAEMON_TLS[tls] ?? tls})`);
  return [
    DAEMONS[kind] ?? kind,
    ...(image === null ? [] : [image]),
    ...(listeners.length === 0 ? [] : [`listens on ${listeners.join(' and ')}`]),
  ].join(', ');
}

/** A daemon that is reached, or not needed, is not all that a job needs. */
function verdictOf({ verdict, errors }: TraceRow): { readonly style: Style; readonly words: string } {
  if (errors.length === 0 || verdict === 'cannot-tell') return VERDICTS[verdict];
  const rules = [...new Set(errors.map(({ rule }) => rule))].join(', ');
  const daemon = verdict === 'reaches' ? 'reaches its daemon' : 'no daemon needed';
  return { style: 'error', words: `✗ ${daemon}, and goes wrong all the same (${rules})` };
}

function placed(facts: TraceRow['because'], sources: Sources): readonly string[] {
  return facts.map(({ message, range }) =>
    range === undefined ? message : `${message} (${link(sources.locate(range))})`,
  );
}

function list(name: string, texts: readonly string[], paint: Paint): readonly string[] {
  if (texts.length === 0) return [];
  return [`  ${paint('dim', name)}`, ...texts.map(text => `    - ${printable(text)}`)];
}
