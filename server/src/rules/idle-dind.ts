/** Flags dind services that a job starts and does not use. */

import type { FixPlan, FixView } from '../model/finding.js';
import type { Place } from '../model/known.js';
import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import { show } from '../model/text.js';
import { dindServices } from '../trace/docker-image.js';
import { daemonCommands, opaquePrograms, type ToolUse } from '../trace/tools.js';
import { defineRule, type Report, type Rule, type SiteContext } from './define.js';
import { onlyFix } from './images.js';

const COST =
  'A dind service needs a privileged runner and holds the job up for some seconds before its script starts.';
const SOURCES = ['https://docs.gitlab.com/ci/services/'];

const idleService = {
  severity: 'info',
  profile: 'default',
  dialects: ['gitlab-ci'],
  fixable: true,
  needs: 'tool',
} as const;

const mixed = defineRule({
  id: 'mixed-strategies',
  ...idleService,
  ...prose({
    title: 'dind beside a builder that needs no daemon',
    why: `kaniko, buildah and rootless BuildKit build without a daemon. ${COST}`,
    remedy: 'Keep one of both: take the dind service away (services: []), or build with docker.',
    sources: SOURCES,
  }),

  *site(context) {
    const [use] = context.tools.filter(({ tool }) => tool === 'kaniko' || tool === 'buildah');
    if (use) yield* idle(context, use, `builds with ${use.tool}, which needs no daemon`);
  },
});

const podman = defineRule({
  id: 'podman-dind-mixed',
  ...idleService,
  ...prose({
    title: 'dind beside podman',
    why: `podman builds and runs containers itself and does not read DOCKER_HOST. ${COST}`,
    remedy: 'Take the dind service away (services: []), and DOCKER_HOST with it.',
    sources: [...SOURCES, 'https://docs.gitlab.com/runner/executors/kubernetes/use_podman_with_kubernetes/'],
  }),

  *site(context) {
    const [use] = context.tools.filter(({ tool }) => tool === 'podman');
    if (use && !context.tools.some(({ tool }) => tool === 'kaniko' || tool === 'buildah')) {
      yield* idle(context, use, 'works with podman, which does not use it');
    }
  },
});

const withoutDocker = defineRule({
  id: 'dind-service-without-docker-command',
  ...idleService,
  profile: 'strict',
  needs: 'trace',
  ...prose({
    title: 'dind service that nothing uses',
    why: `No program of the script talks to docker. ${COST}`,
    remedy: 'Take the service away, or write services: [] in a job that only inherits it.',
    sources: SOURCES,
  }),

  *site(context) {
    const { site, tools } = context;
    // What `source`, `.` and `eval` read may call anything.
    const hints = site.commands.some(({ shell }) =>
      shell.words.some(({ text }) => /^(?:source|\.|eval)$|docker|237[56]/i.test(text)),
    );
    if (hints || tools.length > 0 || site.commands.length === 0) return;
    yield* idle(context, undefined, 'never calls docker');
  },
});

export default [mixed, podman, withoutDocker] satisfies readonly Rule[];

/** By the last part of their path; kaniko's is /kaniko/executor. */
const DAEMONLESS = /^(?:executor|buildah|podman|skopeo|buildctl|buildctl-daemonless\.sh)$/;

/** The dind services of a job, if none of its commands needs a daemon and all of them can be seen through. */
function* idle(context: SiteContext, use: ToolUse | undefined, why: string): Iterable<Report> {
  const { site, tools } = context;
  const [dind] = dindServices(site);
  if (!dind || site.services.state !== 'known' || daemonCommands(tools).length > 0) return;
  if (site.gaps.length > 0 || opaquePrograms(site).some(name => !DAEMONLESS.test(name))) return;
  const { origin } = site.services;
  const own = origin.way === 'own';
  const word = use?.command.shell.words[0];
  const call = use && word ? use.command.script.place(word.start, word.end) : site.place;
  // The service is at fault where the job asks for it itself, else that the job does not turn it down.
  yield {
    at: own ? dind.origin.place : call,
    message: `${show(dind.ref.text)} runs beside ${nameOf(site)} for nothing: the job ${why}.`,
    fixes: view => (own && isAlone(context) && !inheritsAnother(context, view) ? remove(origin.entry) : []),
  };
}

function isAlone({ site }: SiteContext): boolean {
  return site.services.state === 'known' && site.services.value.length === dindServices(site).length;
}

/** Without services of its own the job would get those that all jobs of the file get. */
function inheritsAnother({ site }: SiteContext, view: FixView): boolean {
  return view.all().some(one => {
    const { path, services } = one.site;
    const way = services.state === 'absent' ? undefined : services.origin?.way;
    return path === site.path && (way === 'default' || way === 'global');
  });
}

function remove(entry: Place | undefined): readonly FixPlan[] {
  return entry ? onlyFix('Take the dind service away', 'unsafe', [{ kind: 'remove-entry', entry }]) : [];
}
