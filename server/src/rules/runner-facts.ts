/** What rules ask of a runner: which containers it starts, its keys, and its feature flags. */
import type { Runner, RunnerFile, Setting, SettingItem } from '../model/build-site.js';
import { type Place, settled } from '../model/known.js';
import { socketMount } from '../trace/completion.js';

/** Which containers the jobs of a runner run in; `undefined` when in none, or when that cannot be told. */
export function containersOf(runner: Runner): 'docker' | 'kubernetes' | undefined {
  const executor = settled(runner.executor);
  if (executor === 'docker' || executor === 'kubernetes') return executor;
  return executor === undefined && runner.docker ? 'docker' : undefined;
}

/** True for the executor `docker` itself, whose jobs all run beside each other on one engine. */
export function onOneEngine(runner: Runner): boolean {
  return scalarOf(runner, 'executor')?.text === 'docker';
}

/** A scalar as it is written, with its place; `undefined` when the key is not there or comes from a template. */
export interface Scalar {
  readonly text: string;
  readonly kind: 'string' | 'integer' | 'float' | 'boolean' | 'date';
  readonly setting: Setting;
}

export function scalarOf(runner: Runner, path: string): Scalar | undefined {
  const setting = runner.setting(path);
  if (!setting || setting.value.kind === 'array' || setting.value.kind === 'table') return undefined;
  const { kind, text, templated } = setting.value;
  return templated ? undefined : { text, kind, setting };
}

export function isTrue(runner: Runner, path: string): boolean {
  const value = scalarOf(runner, path);
  return value?.kind === 'boolean' && value.text === 'true';
}

/** The texts of a list, or the one text that stands in its stead. */
export function wordsOf(
  runner: Runner,
  path: string,
): readonly { readonly text: string; readonly place: Place }[] {
  const setting = runner.setting(path);
  if (!setting) return [];
  const items: readonly SettingItem[] = setting.value.kind === 'array' ? setting.value.items : [setting];
  return items.flatMap(({ value, place }) =>
    value.kind === 'string' && !value.templated ? [{ text: value.text, place }] : [],
  );
}

/** What a runner says of a feature flag. What is not set there, a job may set. */
export interface Flag {
  readonly state: 'on' | 'off' | 'unset' | 'unknown';
  readonly place?: Place;
}

/** Texts that Go's strconv.ParseBool takes for true. Source: gitlab-runner helpers/featureflags/flags.go. */
const TRUE = /^(?:1|t|T|true|TRUE|True)$/;

export function flagOf(runner: Runner, name: string): Flag {
  const setting = runner.setting(`feature_flags.${name}`);
  if (setting) {
    const value = scalarOf(runner, `feature_flags.${name}`);
    if (value?.kind !== 'boolean') return { state: 'unknown', place: setting.place };
    return { state: value.text === 'true' ? 'on' : 'off', place: setting.place };
  }
  const variable = runner.env.get(name);
  if (variable.state === 'absent') return { state: 'unset' };
  if (variable.state === 'unknown') return { state: 'unknown' };
  return {
    state: TRUE.test(variable.value.text) ? 'on' : 'unset',
    place: variable.origin.place,
  };
}

/** Containers of such runtimes are machines or user namespaces of their own. */
const OTHER_RUNTIME = /sysbox|kata|gvisor|runsc/i;

/** Runs on the host's own kernel, as its own users, as far as can be told. */
export function ordinaryRuntime(runner: Runner): boolean {
  return runner.runtime.state !== 'unknown' && !OTHER_RUNTIME.test(settled(runner.runtime) ?? '');
}

/** The engine is one that runs without root. */
export function rootlessEngine(runner: Runner): boolean {
  return /\/run\/user\/\d+\//.test(scalarOf(runner, 'docker.host')?.text ?? '');
}

/** The engine is Podman. */
export function podmanEngine(runner: Runner): boolean {
  return /\bpodman\.sock$/.test(scalarOf(runner, 'docker.host')?.text ?? '');
}

const SOCKET = /^(?:\/var)?\/run\/docker\.sock$/;

/** The host's docker socket stands where docker looks for it. */
export function bringsSocket(runner: Runner): boolean {
  const source = socketMount(runner.mounts)?.source;
  return source !== undefined && SOCKET.test(source);
}

/** Several jobs of the runner run at the same time. Without `concurrent` it is one. */
export function runsAtOnce(file: RunnerFile, runner: Runner): boolean {
  const concurrent = file.settings.find(({ section, key }) => section === '' && key === 'concurrent')?.value;
  if (concurrent?.kind !== 'integer' || concurrent.templated || Number(concurrent.text) < 2) return false;
  return scalarOf(runner, 'limit')?.text !== '1';
}
