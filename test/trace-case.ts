/** Traces the job `job` of a pipeline on a runner, and puts each row into one line, for tables of cases. */
import { gitlabCi } from '../server/src/dialects/gitlab-ci/index.js';
import { gitlabRunner } from '../server/src/dialects/gitlab-runner/index.js';
import type { PairedRunner } from '../server/src/model/build-site.js';
import { trace } from '../server/src/trace/trace.js';
import type { Fault, Trace } from '../server/src/trace/types.js';

const variables = { key: '', values: new Map<string, never>() };

/** The rows of the job, on the first runner of `config`, or on one that nobody sees. */
export function traceJob(pipeline: string, config?: string): readonly Trace[] {
  const lowered = gitlabCi.lower({ path: '.gitlab-ci.yml', tree: gitlabCi.read(pipeline), variables });
  const [site] = lowered.sites.find(({ name }) => name === 'job')?.lower() ?? [];
  if (!site) throw new Error('the pipeline has no job');
  return trace(site, config === undefined ? undefined : runnerOf(config));
}

function runnerOf(config: string): PairedRunner {
  const [runner] = gitlabRunner.lower({
    path: 'config.toml',
    tree: gitlabRunner.read(config),
    variables,
  }).runners;
  if (!runner) throw new Error('the configuration has no runner');
  return { runner, how: 'declared', exposure: undefined };
}

/** The fault that a row fails of. */
export function failureOf(row: Trace): Fault | undefined {
  return row.verdict === 'fails' ? row.faults.find(({ certain, fatal }) => certain && fatal) : undefined;
}

/** `from endpoint tls kind verdict failure`, with `-` for what is not known. */
export function lineOf(row: Trace): string {
  const { client, daemon, verdict, from } = row;
  if (!client) return verdict;
  const parts = [from, client.endpoint ?? '-', client.tls, daemon.kind, verdict, failureOf(row)?.id];
  return parts.filter(part => part !== undefined).join(' ');
}

/** All rows of a case, one to a line. */
export function lines(pipeline: string, config?: string): string {
  return traceJob(pipeline, config).map(lineOf).join('\n');
}

/** What is written at the place of a fault. */
export function writtenAt({ place }: Fault): string {
  return place.block.text.slice(place.start, place.end);
}

/** The ids of all certain faults of the first row, also of those that do not stop the client. */
export function certainFaults(pipeline: string, config?: string): readonly string[] {
  const [row] = traceJob(pipeline, config);
  return (row?.faults ?? []).filter(({ certain }) => certain).map(({ id }) => id);
}

/** A runner whose `[runners.docker]`, or section of another executor, holds `keys`. */
export function runner(keys: string, executor = 'docker', top = ''): string {
  const section = executor === 'kubernetes' ? 'kubernetes' : 'docker';
  return `[[runners]]\n  name = "r"\n  executor = "${executor}"\n${top}\n  [runners.${section}]\n    image = "alpine:3.22"\n    ${keys}\n`;
}

/** Everything that TLS and dind need. */
export const GOOD = runner('privileged = true\n    volumes = ["/certs/client", "/cache"]');

/** The same in a pod. */
export const GOOD_POD = runner(
  'privileged = true\n    [[runners.kubernetes.volumes.empty_dir]]\n      name = "c"\n      mount_path = "/certs/client"\n      medium = "Memory"',
  'kubernetes',
);
