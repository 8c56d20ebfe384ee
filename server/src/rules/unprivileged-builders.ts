/** Which runners keep builders that need no daemon from doing what they need: mounts and user namespaces. */
import { findBuilderImage } from '../catalog/builder-images.js';
import type { BuildSite, ImageUse, Runner } from '../model/build-site.js';
import { settled } from '../model/known.js';
import { nameOf } from '../model/site-words.js';
import { failsTheJob } from '../trace/script-way.js';
import type { ToolUse } from '../trace/tools.js';
import type { Report, SiteContext } from './define.js';
import { onRunners } from './faults.js';
import { containersOf, ordinaryRuntime, podmanEngine, scalarOf, wordsOf } from './runner-facts.js';

/** The image of a job that starts BuildKit in its script, and whether it is the rootless one. */
export function buildkitIn(
  site: BuildSite,
  tools: readonly ToolUse[],
): { readonly image: ImageUse; readonly rootless: boolean } | undefined {
  const image = settled(site.image);
  if (!image?.ref.tag || findBuilderImage(image.ref.repository)?.tool !== 'buildkit') return undefined;
  const starts = tools.some(
    ({ tool, command }) =>
      tool === 'buildkit' &&
      failsTheJob(command) &&
      command.shell.words.some(({ text }) => /(?:^|\/)buildctl-daemonless\.sh$/.test(text)),
  );
  return starts ? { image, rootless: /(?:^|-)rootless$/.test(image.ref.tag) } : undefined;
}

/** Jobs run without privilege, on runc, as the user of their image, with the capabilities that every container has. */
export function isPlain(runner: Runner): boolean {
  const containers = containersOf(runner);
  if (!containers || runner.privileged.state === 'unknown' || settled(runner.privileged) === true)
    return false;
  const context = 'kubernetes.build_container_security_context';
  const keys = ['docker.user', 'docker.cap_add', 'docker.userns_mode', 'kubernetes.cap_add'];
  const own = [
    `${context}.run_as_user`,
    `${context}.capabilities.add`,
    'kubernetes.pod_security_context.run_as_user',
  ];
  // A patch of the pod may change anything.
  const patched = runner.setting('kubernetes.pod_spec') ?? runner.setting('kubernetes.pod_spec[].patch');
  return (
    ordinaryRuntime(runner) &&
    !podmanEngine(runner) &&
    !patched &&
    ![...keys, ...own].some(key => runner.setting(key))
  );
}

/** Keeps `unshare` and `mount` from jobs: docker's own profile does, that of Kubernetes only where it is asked for. */
export function confines(runner: Runner): boolean {
  if (!isPlain(runner)) return false;
  if (containersOf(runner) === 'docker') {
    const options = runner.setting('docker.security_opt');
    const seccomp = wordsOf(runner, 'docker.security_opt').some(({ text }) => /^seccomp[=:]/.test(text));
    return !seccomp && (options === undefined || options.value.kind === 'array');
  }
  const type =
    scalarOf(runner, 'kubernetes.build_container_security_context.seccomp_profile.type') ??
    scalarOf(runner, 'kubernetes.pod_security_context.seccomp_profile.type');
  return type?.text === 'RuntimeDefault';
}

/** Keeps setuid programs such as newuidmap from gaining anything. */
export function forbidsEscalation(runner: Runner): boolean {
  if (settled(runner.privileged) === true) return false;
  if (containersOf(runner) === 'docker')
    return wordsOf(runner, 'docker.security_opt').some(({ text }) =>
      /^no-new-privileges(?:[:=]true)?$/.test(text),
    );
  const own = scalarOf(runner, 'kubernetes.build_container_security_context.allow_privilege_escalation');
  const all = scalarOf(runner, 'kubernetes.allow_privilege_escalation');
  return containersOf(runner) === 'kubernetes' && (own ?? all)?.text === 'false';
}

/** Variables that say where and how Buildah and Podman keep layers. */
export const STORAGE = ['STORAGE_DRIVER', 'STORAGE_OPTS', 'CONTAINERS_STORAGE_CONF'];

/** Gives jobs no device and no other rules than docker's own. Which devices a Kubernetes node hands out is not in the file. */
export function withoutFuse(runner: Runner): boolean {
  const keys = ['docker.devices', 'docker.security_opt', 'docker.device_cgroup_rules'];
  const told = STORAGE.some(name => runner.env.get(name).state !== 'absent');
  return (
    containersOf(runner) === 'docker' && isPlain(runner) && !told && !keys.some(key => runner.setting(key))
  );
}

/** One report at the image, if what `holds` tells is so on the runners of the job. */
export function* failsOn(
  context: SiteContext,
  image: ImageUse,
  holds: (runner: Runner) => boolean,
  says: string,
): Iterable<Report> {
  const weight = onRunners(context, holds);
  const runner = context.runners.find(one => holds(one.runner))?.runner;
  if (!weight || !runner) return;
  yield {
    at: image.origin.place,
    message: `The build of ${nameOf(context.site)} fails${weight.onRunner}: ${says}.`,
    severity: weight.severity,
    confidence: weight.confidence,
    related: [{ place: runner.place, message: `The runner "${runner.name}".` }],
  };
}
