/** Says in sentences what a trace found out, for hovers. */
import type { Finding } from '../model/finding.js';
import type { Place } from '../model/known.js';
import { titleOf } from '../model/site-words.js';
import type { Trace } from '../trace/types.js';
import type { ErrorsBeside } from './errors-beside.js';
import { escaped } from './markdown.js';
import type { CheckedSite } from './run-rules.js';
import { MARKS } from './summary.js';

const VERDICTS: Readonly<Record<Trace['verdict'], string>> = {
  reaches: 'reaches its daemon',
  fails: 'fails',
  'no-daemon-needed': 'needs no daemon',
  'cannot-tell': 'cannot be told from the files alone',
};

const SENTENCES: Readonly<Record<Exclude<Trace['verdict'], 'reaches'>, string>> = {
  fails: 'docker **fails**',
  'no-daemon-needed': '**needs no daemon**',
  'cannot-tell': 'which daemon docker reaches **cannot be told** from the files alone',
};

/** A daemon that is reached, or not needed, is not all that a job needs. */
function markOf({ verdict }: Trace, beside: readonly Finding[]): string {
  return beside.length > 0 && verdict !== 'cannot-tell' ? MARKS.fails : MARKS[verdict];
}

function allTheSame({ verdict }: Trace, beside: readonly Finding[]): string {
  return beside.length > 0 && verdict !== 'cannot-tell' ? ', and goes wrong all the same' : '';
}

const MAX_JOBS = 8;

/** What words need of their surroundings. */
export interface Wording {
  /** Ids of findings that stand on the same spot, which the editor shows already. */
  readonly told: ReadonlySet<string>;
  readonly isRule: (id: string) => boolean;
  readonly errors: ErrorsBeside;
  /** A Markdown link to a place, such as `[ci/build.yml:3](…)`, where the editor can follow one. */
  readonly link: (place: Place, label?: string) => string | undefined;
  readonly strategyOf: (trace: Trace) => { readonly id: string; readonly title: string } | undefined;
  /** The address of the page of a strategy, where the editor can follow one. */
  readonly page: ((strategy: string) => string) | undefined;
}

/** Markdown: one job in full, several in a line each. */
export function explainSites(sites: readonly CheckedSite[], wording: Wording): string {
  const traced = sites.filter(({ traces }) => traces.length > 0);
  const [only] = traced;
  if (only && traced.length === 1) return explainSite(only, wording);
  const lines = traced.slice(0, MAX_JOBS).map(site => `- ${line(site, wording)}`);
  const more = traced.length - MAX_JOBS;
  return [...lines, ...(more > 0 ? [`- and ${more} more`] : [])].join('\n');
}

function line(checked: CheckedSite, { link, errors }: Wording): string {
  const { site, traces } = checked;
  const trace = worst(traces);
  const at = link(site.place);
  const name = `\`${site.name}\`${wayOf(site)}${at ? ` (${at})` : ''}`;
  if (!trace) return name;
  if (trace.serves) return `${name}: a daemon`;
  const fault = trace.faults.find(({ certain, fatal }) => certain && fatal);
  const daemon = trace.client?.endpoint ?? '';
  const what =
    fault && trace.verdict === 'fails'
      ? `${fault.because.replace(/\.$/, '')} (\`${fault.id}\`)`
      : VERDICTS[trace.verdict];
  const beside = trace.verdict === 'fails' ? [] : errors(checked);
  const but = allTheSame(trace, beside);
  const rules = [...new Set(beside.map(({ rule }) => `\`${rule}\``))].join(', ');
  return `${markOf(trace, beside)} ${name}${daemon ? ` dials ${daemon}` : ''}: ${what}${but}${rules && ` (${rules})`}`;
}

const WORST: readonly Trace['verdict'][] = ['fails', 'cannot-tell', 'reaches', 'no-daemon-needed'];

/** The one to speak of where only one can be. */
export function worst(traces: readonly Trace[]): Trace | undefined {
  return [...traces].sort((a, b) => WORST.indexOf(a.verdict) - WORST.indexOf(b.verdict))[0];
}

/** Which of several ways of a job this is. */
function wayOf({ way }: CheckedSite['site']): string {
  return way?.label ? ` (${way.label})` : '';
}

/** So many traces of one job are told in full. */
const MAX_TRACES = 4;

function explainSite(checked: CheckedSite, wording: Wording): string {
  const { traces } = checked;
  const shown = traces.slice(0, MAX_TRACES).map(trace => explainTrace(checked, trace, wording));
  const more = traces.length - shown.length;
  return [...shown, ...(more > 0 ? [`… and ${more} more.`] : [])].join('\n\n');
}

/** One way in which docker is used: what comes of it, then why. */
export function explainTrace(checked: CheckedSite, trace: Trace, wording: Wording): string {
  const beside = trace.verdict === 'fails' ? [] : wording.errors(checked);
  if (trace.serves) return explainDaemon(checked, trace, wording);
  const line = trace.command && wording.link(trace.command);
  const parts = [...strategy(trace, wording), ...facts(trace, beside, wording)];
  return [headline(checked, trace, beside, line), '', ...parts].join('\n');
}

function headline(
  { site }: CheckedSite,
  trace: Trace,
  beside: readonly Finding[],
  line: string | undefined,
): string {
  const verdict =
    trace.verdict === 'reaches' ? `docker **reaches ${daemonOf(trace)}**` : SENTENCES[trace.verdict];
  const where = trace.from === 'script' ? `, from ${line ?? 'some line of its script'} on` : '';
  return `${markOf(trace, beside)} ${titleOf(site).replaceAll('"', '`')}${wayOf(site)}${where}: ${verdict}${runnerOf(trace)}${allTheSame(trace, beside)}.`;
}

/** Longer texts are not listened to. */
const LONGEST_TEXT = 1_000;

/** The same in plain words, for those who cannot see a picture of it. */
export function plainSentences(
  checked: CheckedSite,
  trace: Trace,
  { errors }: Pick<Wording, 'errors'>,
): string {
  const { because, faults, missing } = trace;
  const beside = trace.verdict === 'fails' ? [] : errors(checked);
  const text = [
    headline(checked, trace, beside, undefined).replace(/\*\*|`/g, ''),
    ...because.map(({ message }) => message),
    ...faults.filter(({ certain }) => certain).map(fault => fault.because),
    ...beside.map(({ message }) => message),
    ...(missing.length > 0 ? [`Not known: ${missing.join('; ')}.`] : []),
  ].join(' ');
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}

function strategy(trace: Trace, { strategyOf, page }: Wording): readonly string[] {
  const found = strategyOf(trace);
  if (!found) return [];
  return [`- Strategy: ${page ? `[${found.title}](${page(found.id)})` : found.title}.`];
}

/** A daemon by itself: what it listens on, and what it dies of. */
function explainDaemon({ site }: CheckedSite, trace: Trace, wording: Wording): string {
  const name = titleOf(site).replaceAll('"', '`');
  const dies = trace.faults.some(({ certain, fatal }) => certain && fatal);
  const ports = trace.daemon.listens.map(
    ({ endpoint, tls }) => `${endpoint}${tls === 'none' ? '' : ' (TLS)'}`,
  );
  const says = dies
    ? '✗ %: its daemon **dies at start**.'
    : ports.length > 0
      ? `✓ %: its daemon **listens on** ${ports.join(' and ')}.`
      : '? %: what its daemon listens on **cannot be told** from the files alone.';
  return [says.replace('%', name), '', ...facts(trace, [], wording)].join('\n');
}

function runnerOf({ runner }: Trace): string {
  if (!runner || runner.how === 'unseen') return '';
  const how = { 'only-one': ', the only one here', candidate: ', one of several here' } as const;
  const suffix = runner.how in how ? how[runner.how as keyof typeof how] : '';
  return ` on runner \`${runner.runner.name}\`${suffix}`;
}

/** The id of a fault that is a rule; others have no page. */
function named(id: string, { isRule }: Wording): string {
  return isRule(id) ? ` (\`${id}\`)` : '';
}

function daemonOf({ daemon, client }: Trace): string {
  const at = client?.endpoint ? ` at ${client.endpoint}` : '';
  if (daemon.kind === 'hosted') return `the docker of the hosted machine${at}`;
  return daemon.kind === 'host-socket'
    ? `the daemon of the host${at}`
    : `${daemon.image ?? 'its daemon'}${at}`;
}

function facts(trace: Trace, beside: readonly Finding[], wording: Wording): readonly string[] {
  const { told, link } = wording;
  const certain = trace.faults.filter(({ certain, id }) => certain && !told.has(id));
  const rests = trace.verdict === 'reaches' || trace.verdict === 'cannot-tell' || trace.serves === true;
  const linked = (message: string, place: Place | undefined, id = ''): string => {
    const at = place && link(place);
    return at ? `- ${escaped(message)}${id} (${at})` : `- ${escaped(message)}${id}`;
  };
  return [
    ...trace.because.map(({ message, place }) => linked(message, place)),
    ...certain.flatMap(fault => [
      linked(fault.because, fault.place, named(fault.id, wording)),
      ...fault.related.map(({ message, place }) => linked(message, place)),
    ]),
    ...beside
      .filter(({ rule }) => !told.has(rule))
      .map(({ message, place, rule }) => linked(message, place, named(rule, wording))),
    ...(trace.missing.length > 0 ? [`- Not known: ${escaped(trace.missing.join('; '))}.`] : []),
    ...(rests && trace.assumptions.length > 0
      ? ['', `*Assumed: ${escaped(trace.assumptions.join('; '))}.*`]
      : []),
  ];
}
