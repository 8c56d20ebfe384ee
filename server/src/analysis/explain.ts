/** Says in sentences what a trace found out, for hovers. */
import type { Trace } from '../trace/types.js';
import { ruleIds } from './rule-infos.js';
import type { CheckedSite } from './run-rules.js';

const VERDICTS: Readonly<Record<Trace['verdict'], string>> = {
  reaches: 'reaches its daemon',
  fails: 'fails',
  'no-daemon-needed': 'needs no daemon',
  'cannot-tell': 'cannot be told from the files alone',
};

const MARKS: Readonly<Record<Trace['verdict'], string>> = {
  reaches: '✓',
  fails: '✗',
  'no-daemon-needed': '✓',
  'cannot-tell': '?',
};

const MAX_JOBS = 8;

/**
 * Markdown: one job in full, several in a line each. `told` holds the ids of findings that stand on the same spot,
 * which the editor shows already.
 */
export function explainSites(sites: readonly CheckedSite[], told: ReadonlySet<string>): string {
  const traced = sites.filter(({ traces }) => traces.length > 0);
  const [only] = traced;
  if (only && traced.length === 1) return explainSite(only, told);
  const lines = traced.slice(0, MAX_JOBS).map(site => `- ${line(site)}`);
  const more = traced.length - MAX_JOBS;
  return [...lines, ...(more > 0 ? [`- and ${more} more`] : [])].join('\n');
}

function line({ site, traces }: CheckedSite): string {
  const [trace] = traces;
  if (!trace) return `\`${site.name}\``;
  const fault = trace.faults.find(({ certain, fatal }) => certain && fatal);
  const daemon = trace.client?.endpoint ?? '';
  const what =
    fault && trace.verdict === 'fails'
      ? `${fault.because.replace(/\.$/, '')} (\`${fault.id}\`)`
      : VERDICTS[trace.verdict];
  return `${MARKS[trace.verdict]} \`${site.name}\`${daemon ? ` dials ${daemon}` : ''}: ${what}`;
}

function explainSite({ site, traces }: CheckedSite, told: ReadonlySet<string>): string {
  const [trace] = traces;
  if (!trace) return '';
  const how = trace.runner?.how === 'only-one' ? ', the only one here' : '';
  const runner = trace.runner ? ` on runner \`${trace.runner.runner.name}\`${how}` : '';
  const subject = trace.verdict === 'no-daemon-needed' ? '' : 'docker ';
  const verdict = trace.verdict === 'reaches' ? `reaches ${daemonOf(trace)}` : VERDICTS[trace.verdict];
  return [
    `${MARKS[trace.verdict]} Job \`${site.name}\`: ${subject}**${verdict}**${runner}.`,
    '',
    ...facts(trace, told),
  ].join('\n');
}

/** The id of a fault that is a rule; others have no page. */
function named(id: string): string {
  return ruleIds().has(id) ? ` (\`${id}\`)` : '';
}

function daemonOf({ daemon, client }: Trace): string {
  const at = client?.endpoint ? ` at ${client.endpoint}` : '';
  return daemon.kind === 'host-socket'
    ? `the daemon of the host${at}`
    : `${daemon.image ?? 'its daemon'}${at}`;
}

function facts(trace: Trace, told: ReadonlySet<string>): readonly string[] {
  const certain = trace.faults.filter(({ certain, id }) => certain && !told.has(id));
  const rests = trace.verdict === 'reaches' || trace.verdict === 'cannot-tell';
  return [
    ...trace.because.map(({ message }) => `- ${message}`),
    ...certain.map(fault => `- ${fault.because}${named(fault.id)}`),
    ...(trace.missing.length > 0 ? [`- Not known: ${trace.missing.join('; ')}.`] : []),
    ...(rests && trace.assumptions.length > 0 ? ['', `*Assumed: ${trace.assumptions.join('; ')}.*`] : []),
  ];
}
