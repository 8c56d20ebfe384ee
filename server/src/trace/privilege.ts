/** Whether a service may do what dockerd needs: its runner lets it, or its own file. */
import type { Container, Runner, Service } from '../model/build-site.js';
import { type Place, settled } from '../model/known.js';
import { isLiteral } from '../model/text.js';
import { allowList } from './globs.js';

/** Containers of such runtimes are machines or user namespaces of their own. */
const OTHER_RUNTIME = /sysbox|kata|gvisor|runsc/;

const LIST = 'docker.allowed_privileged_services';

/** Gives dockerd what it needs in containers that are not privileged, and starts none that are. */
const SYSBOX = /^sysbox(?:-runc)?$/;

/**
 * Whether dockerd can run in the service; `undefined` when that cannot be told. Source for Sysbox: nestybox/sysbox
 * docs/user-guide/dind.md and limitations.md.
 */
export function letsDockerdRun(runner: Runner | undefined, service: Service): boolean | undefined {
  const runtime = (service.container ?? runner)?.runtime;
  const privileged = service.container?.privileged ?? (runner && privilegeKey(runner));
  const onSysbox = runtime !== undefined && SYSBOX.test(settled(runtime) ?? '');
  if (onSysbox && privileged?.state !== 'unknown' && !(privileged && settled(privileged))) return true;
  return runsPrivileged(runner, service);
}

/**
 * Whether the service runs privileged; `undefined` when that cannot be told. Source: gitlab-runner
 * executors/docker/docker.go (createHostConfigForService): `services_privileged`, else `privileged`, and then only
 * for the images of `allowed_privileged_services`.
 */
function runsPrivileged(runner: Runner | undefined, service: Service): boolean | undefined {
  if (service.container) return isPrivileged(service.container);
  const executor = runner && settled(runner.executor);
  if (!runner || (executor !== 'docker' && executor !== 'kubernetes')) return undefined;
  const { runtime } = runner;
  const odd = executor === 'docker' ? OTHER_RUNTIME.test(settled(runtime) ?? '') : runtime.state !== 'absent';
  if (odd || runtime.state === 'unknown') return undefined;
  const own = privilegeKey(runner);
  if (own.state !== 'unknown') return settled(own) ?? false;
  if (!isSwitchedOn(runner) || !runner.setting(LIST)) return undefined;
  const list = allowList(runner, LIST);
  if (!list) return true;
  return isLiteral(service.ref.text) ? list.allows(service.ref.text.text) : undefined;
}

/** Capabilities that may do instead, if the security profiles let them. */
const STRONG = /^(?:CAP_)?(?:SYS_ADMIN|ALL)$/i;

function isPrivileged({ privileged, runtime, capabilities }: Container): boolean | undefined {
  if (privileged.state === 'unknown' || settled(privileged)) return settled(privileged);
  const strong =
    capabilities.state === 'unknown' || settled(capabilities)?.some(({ value }) => STRONG.test(value));
  return strong || runtime.state === 'unknown' || OTHER_RUNTIME.test(settled(runtime) ?? '')
    ? undefined
    : false;
}

/** The key that decides, for a place to point at. */
export function privilegePlace(runner: Runner): Place {
  const key = privilegeKey(runner);
  const list = runner.setting(LIST);
  return key.state === 'known' ? key.origin.place : (list?.place ?? runner.place);
}

function privilegeKey(runner: Runner): Runner['privileged'] {
  return runner.servicesPrivileged.state === 'absent' ? runner.privileged : runner.servicesPrivileged;
}

/** The switch itself, before a list narrows it down. */
function isSwitchedOn(runner: Runner): boolean {
  const switches = ['docker.services_privileged', 'docker.privileged'];
  const value = switches.map(path => runner.setting(path)?.value).find(one => one !== undefined);
  return value?.kind === 'boolean' && !value.templated && value.text === 'true';
}
