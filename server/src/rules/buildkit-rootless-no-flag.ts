/** Flags rootless BuildKit in a job that lacks the flag without which it cannot mount /proc. */

import { findBuilderImage } from '../catalog/builder-images.js';
import type { BuildSite, PairedRunner } from '../model/build-site.js';
import type { Intent } from '../model/intent.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { isLiteral } from '../model/text.js';
import { programOf } from '../syntax/shell.js';
import { failsTheJob, scriptSets } from '../trace/script-way.js';
import { defineRule, type SiteContext } from './define.js';
import { plain } from './faults.js';
import { onlyFix } from './images.js';
import { whomInside } from './reach.js';
import { atMost, onRunners, severityOf } from './surety.js';

const FLAG = '--oci-worker-no-process-sandbox';

export default defineRule({
  id: 'buildkit-rootless-no-flag',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-ci', 'jenkinsfile', 'compose'],
  ...prose({
    title: 'Rootless BuildKit without --oci-worker-no-process-sandbox',
    why: 'Rootless BuildKit mounts a /proc of its own for each step. Containers of a runner mask parts of /proc; the Docker executor lifts that in privileged mode only, Kubernetes also with proc_mount. So the first RUN ends with: mount proc:/proc (via /proc/self/fd/6), flags: 0xe: operation not permitted.',
    remedy:
      'Set BUILDKITD_FLAGS: --oci-worker-no-process-sandbox in the job. Steps of a build can then see the processes of the daemon, which in a job of its own are theirs anyway.',
    sources: [
      'https://github.com/moby/buildkit/blob/master/docs/rootless.md',
      'https://docs.gitlab.com/ci/docker/using_buildkit/',
    ],
  }),
  fixable: true,
  needs: 'tool',

  *site(context) {
    const { site } = context;
    const image = settled(site.image);
    if (!image || findBuilderImage(image.ref.repository)?.tool !== 'buildkit') return;
    if (!/(?:^|-)rootless$/.test(image.ref.tag ?? '')) return;
    const flags = site.env.get('BUILDKITD_FLAGS');
    const set = settled(flags);
    if (flags.state === 'unknown' || (set && (!isLiteral(set) || set.text.includes(FLAG)))) return;
    if (scriptSets(site, 'BUILDKITD_FLAGS') || configures(site) || site.gaps.length > 0) return;
    const surety = suretyOf(context);
    const uses = site.commands.filter(({ shell }) => programOf(shell)?.name === 'buildctl-daemonless.sh');
    const [first] = [...uses.filter(failsTheJob), ...uses];
    const severity = first && severityOf(first);
    if (!surety || !first || !severity || first.shell.assignments.length > 0) return;
    const word = first.shell.words[programOf(first.shell)?.index ?? 0];
    const at = set && flags.state === 'known' ? flags.origin.place : undefined;
    yield {
      at: at ?? first.script.place(word?.start ?? first.shell.start, word?.end ?? first.shell.end),
      message: `${titleOf(site)} starts rootless BuildKit without ${FLAG}: its builds cannot mount /proc${surety.onRunner}.`,
      severity: atMost(severity, surety.severity),
      confidence: surety.confidence,
      fixes: view => {
        const reach = set ? '' : whomInside(site, view);
        const safety = surety.confidence === 'high' && reach === '' ? 'safe' : 'unsafe';
        return onlyFix(`Give buildkitd ${FLAG}${reach}`, safety, [addFlag(site, set?.text)]);
      },
    };
  },
});

/** Where a container says itself what it may, no runner has to be known. */
function suretyOf(context: SiteContext): ReturnType<typeof onRunners> {
  const own = context.site.self?.container;
  if (!own) return onRunners(context, isUnprivileged, ' unless the runner is privileged');
  const { privileged, securityOptions } = own;
  if (privileged.state === 'unknown' || securityOptions.state === 'unknown') return undefined;
  const bare = (settled(securityOptions) ?? []).some(({ value }) =>
    /^systempaths[=:]unconfined$/.test(value),
  );
  return bare || settled(privileged) ? undefined : plain(context);
}

function addFlag(site: BuildSite, old: string | undefined): Intent {
  const flags = site.env.get('BUILDKITD_FLAGS');
  return flags.state === 'known'
    ? { kind: 'replace-value', at: flags.origin.place, value: `${old ?? ''} ${FLAG}`.trim() }
    : {
        kind: 'set-variable',
        site: site.self?.container.place ?? site.place,
        near: undefined,
        name: 'BUILDKITD_FLAGS',
        value: FLAG,
      };
}

/** The daemon's configuration can turn the sandbox off too. */
function configures(site: BuildSite): boolean {
  return site.scripts.some(({ text }) => /buildkitd?\.toml|BUILDKITD_FLAGS|no-?process-?sandbox/i.test(text));
}

/** Only Kubernetes has another way to show all of /proc: `proc_mount` of the security context of the build container. */
function isUnprivileged({ runner }: PairedRunner): boolean {
  const executor = settled(runner.executor);
  if (executor !== 'docker' && executor !== 'kubernetes') return false;
  if (runner.privileged.state === 'unknown' || settled(runner.privileged)) return false;
  return executor === 'docker' || !CONTEXTS.some(key => runner.setting(`kubernetes.${key}`));
}

const CONTEXTS = ['build_container_security_context', 'container_security_context', 'pod_spec'];
