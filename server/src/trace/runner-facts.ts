/** Plain questions that the trace asks of a runner's configuration. */
import type { BuildSite, Runner } from '../model/build-site.js';
import { settled } from '../model/known.js';
import { runnerFlag } from '../model/runner-flags.js';
import { isLiteral } from '../model/text.js';

/** A scalar of the configuration; `undefined` where it is not set, or comes from a template. */
export function textOf(runner: Runner | undefined, path: string): string | undefined {
  const value = runner?.setting(path)?.value;
  if (!value || value.kind === 'array' || value.kind === 'table' || value.templated) return undefined;
  return value.text;
}

/** A feature flag that is off by default: the runner's word, else the job's; `undefined` when it cannot be told. */
export function flagOf(site: BuildSite, runner: Runner | undefined, name: string): boolean | undefined {
  const own = runner && runnerFlag(runner, name);
  if (own?.state === 'known') return own.value;
  if (own?.state === 'unknown') return undefined;
  const variable = site.env.get(name);
  if (variable.state === 'absent') return false;
  if (variable.state === 'unknown' || !isLiteral(variable.value)) return undefined;
  return /^(?:1|t|T|true|TRUE|True)$/.test(variable.value.text);
}

/** The containers stand in a network that the runner does not make, where the job may be anywhere. */
export function ownNetwork(runner: Runner | undefined): string | undefined {
  const mode = runner?.setting('docker.network_mode');
  if (!mode) return undefined;
  const text = textOf(runner, 'docker.network_mode') ?? 'unknown';
  return text === '' || text === 'bridge' || text === 'default' ? undefined : text;
}

const NAMING = ['docker.extra_hosts', 'docker.dns', 'docker.dns_search'];
const NAMING_IN_PODS = [
  'kubernetes.host_aliases[].ip',
  'kubernetes.host_aliases[].hostnames',
  'kubernetes.dns_policy',
  'kubernetes.dns_config.nameservers',
  'kubernetes.dns_config.searches',
];

/** The runner's configuration may give further names to hosts. */
export function namesHosts(runner: Runner): boolean {
  if (runner.job?.openNames !== undefined) return true;
  if (settled(runner.executor) === 'kubernetes')
    return NAMING_IN_PODS.some(path => runner.setting(path) !== undefined);
  return ownNetwork(runner) !== undefined || NAMING.some(path => runner.setting(path) !== undefined);
}

/** The engine is Podman, which gives services no names unless each job has a network of its own. */
export function runsOnPodman(runner: Runner | undefined): boolean {
  return /\bpodman\.sock$/.test(textOf(runner, 'docker.host') ?? '');
}
