/** Puts what comes of a site in all of its possible ways into one row. */
import type { BuildSite } from '../model/build-site.js';
import { HOLE, show } from '../model/text.js';
import { type Completion, type Completions, completionsOf } from './completion.js';
import { mergeFaults, withThoseOfExecutors } from './merge-faults.js';
import { playAll } from './play-all.js';
import { SOCKET_UNSEEN } from './run.js';
import type { Scene } from './scene.js';
import type { Use } from './script-environment.js';
import { failsTheJob } from './script-way.js';
import { pathTo } from './sharing.js';
import { daemonCertDir, type Outcome, simulate, startAlone } from './simulate.js';
import type { ClientView, Fault, Step, Trace } from './types.js';

/** The row of one use of docker's client. What holds in every way is certain, all else is open. */
export function rowOf(site: BuildSite, scene: Scene, use: Use): Trace {
  const { ways, open } = completionsOf(scene, daemonCertDir(scene) || '/certs');
  const played = playAll(ways, way => simulate(scene, way, use));
  const outcomes = played.map(({ result }) => result);
  const first = outcomes[0] as Outcome;
  const lost = [...new Set([...scene.missing, ...outcomes.flatMap(({ missing }) => missing)])];
  const merged = mergeFaults(outcomes, scene, lost.length === 0);
  const faults = lost.length === 0 ? withThoseOfExecutors(merged, played) : merged;
  const verdict = verdictOf(scene, use, outcomes, faults, { lost, open });
  const unsure = outcomes.flatMap(outcome => outcome.unsure);
  const certDir = scene.dinds.length > 0 ? daemonCertDir(scene) : undefined;
  const copy = copyIn(scene);
  // Where the site says itself where it runs, what is lost says it all.
  const isSaid = site.runsOn !== undefined && lost.length > 0;
  // A machine that nobody sees may have any docker: no way in which it turns out is the likely one.
  const anywhere = site.self !== undefined && scene.dinds.length === 0 && !sameDaemon(outcomes);
  const known =
    lost.length === 0 && scene.open.length === 0 && unsure.every(question => question === SOCKET_UNSEEN);
  return {
    site,
    runner: scene.runner,
    from: use.scripted ? 'script' : 'job',
    ...commandOf(use),
    client: lost.length > 0 ? { tls: 'unknown' } : commonClient(outcomes),
    ...(lost.length > 0 || anywhere ? {} : { likely: first.client }),
    daemon:
      anywhere || (lost.length > 0 && scene.dinds.length === 0)
        ? { kind: 'unknown', listens: [] }
        : first.daemon,
    beside: scene.site.self ? [] : besideOf(scene, first),
    ...reachedIn(site, outcomes),
    decided: lost.length === 0,
    ...(copy ? { ifCopy: copy } : {}),
    verdict,
    faults,
    assumptions: assumptionsOf(scene),
    because: lost.length > 0 ? [] : shared(outcomes),
    missing:
      verdict === 'cannot-tell'
        ? [
            ...new Set([
              ...lost,
              ...(isSaid ? [] : [...scene.open, ...unsure, ...openQuestions(open, certDir)]),
            ]),
          ]
        : [],
    ...(verdict === 'cannot-tell' && known && !scene.runner && !site.self ? { wantsRunner: true } : {}),
  };
}

/** The row of a container that is a daemon itself. */
export function rowOfDaemon(site: BuildSite, scene: Scene, use: Use): Trace {
  const { ways } = completionsOf(scene, daemonCertDir(scene) || '/certs');
  const outcome = startAlone(scene, ways[0] as Completion, use);
  const decided = scene.missing.length === 0;
  const copy = copyIn(scene);
  return {
    site,
    runner: undefined,
    from: 'job',
    daemon: outcome.daemon,
    beside: besideOf(scene, outcome),
    decided,
    ...(copy ? { ifCopy: copy } : {}),
    verdict: 'no-daemon-needed',
    serves: true,
    faults: mergeFaults([outcome], scene, decided),
    assumptions: assumptionsOf(scene),
    because: [],
    missing: [...scene.missing, ...outcome.unsure],
  };
}

function verdictOf(
  scene: Scene,
  use: Use,
  outcomes: readonly Outcome[],
  faults: readonly Fault[],
  { lost, open }: { readonly lost: readonly string[] } & Pick<Completions, 'open'>,
): Trace['verdict'] {
  // What a container is given a daemon for, it needs.
  const runsForSure = scene.site.self !== undefined || use.commands.some(failsTheJob);
  const fatal = faults.filter(one => one.certain && one.fatal);
  if (fatal.some(one => one.beforeScript) || (runsForSure && lost.length === 0 && fatal.length > 0))
    return 'fails';
  const kinds = outcomes.map(({ daemon }) => daemon.kind);
  // A runner that may run services unprivileged: then a dind service dies, so nothing is sure to be reached.
  const mayDie = open.privileged && kinds.some(kind => kind === 'dind' || kind === 'dind-rootless');
  const isOpen = lost.length > 0 || scene.open.length > 0 || mayDie;
  const dies = outcomes.some(one => one.unsure.length > 0 || one.faults.some(fault => fault.fatal));
  return isOpen || dies ? 'cannot-tell' : 'reaches';
}

function sameDaemon([first, ...others]: readonly Outcome[]): boolean {
  return others.every(({ daemon }) => daemon.kind === first?.daemon.kind);
}

/** What the client goes by in every way. */
function commonClient(outcomes: readonly Outcome[]): ClientView {
  const [first, ...others] = outcomes.map(({ client }) => client);
  if (!first) return { tls: 'unknown' };
  const same = (key: keyof ClientView): boolean => others.every(other => other[key] === first[key]);
  return {
    ...(first.endpoint !== undefined && same('endpoint') ? { endpoint: first.endpoint } : {}),
    tls: same('tls') ? first.tls : 'unknown',
    ...(first.certPath !== undefined && same('certPath') ? { certPath: first.certPath } : {}),
    ...(first.hostGone && same('hostGone') ? { hostGone: true } : {}),
  };
}

function commandOf({ commands: [first] }: Use): Pick<Trace, 'command'> {
  return first ? { command: first.script.place(first.shell.start, first.shell.end) } : {};
}

function besideOf(scene: Scene, { daemons }: Outcome): Trace['beside'] {
  return (scene.daemonsKnown ? daemons : []).flatMap(({ dind, outcome }) =>
    outcome.runs === 'dockerd'
      ? [{ service: dind.service, listens: outcome.listens, certDir: outcome.certDir }]
      : [],
  );
}

/** The daemon that the client comes to in every way. */
function reachedIn({ self }: BuildSite, outcomes: readonly Outcome[]): Pick<Trace, 'reached'> {
  const [first, ...others] = outcomes.map(({ reached }) => reached);
  const service = first?.dind.service;
  if (!self || !first || !service?.container || first.outcome.runs !== 'dockerd') return {};
  if (!others.every(other => other?.dind.service === service)) return {};
  const { listens, certDir } = first.outcome;
  const clientFolder =
    certDir === undefined ? undefined : pathTo(self.container, service.container, `${certDir}/client`);
  return { reached: { service, listens, certDir, clientFolder } };
}

/** The facts that hold whatever the unknown parts turn out to be. */
function shared(outcomes: readonly Outcome[]): readonly Step[] {
  const [first, ...others] = outcomes;
  return (first?.because ?? []).filter(step =>
    others.every(({ because }) => because.some(({ message }) => message === step.message)),
  );
}

/** An image from another registry that is taken for a copy of the official one. */
function copyIn(scene: Scene): string | undefined {
  const daemon = scene.dinds.find(({ image }) => image.mirrored)?.service.ref;
  return daemon && show(daemon.text);
}

function assumptionsOf(scene: Scene): readonly string[] {
  const unseen = scene.site.runsOn
    ? ['actions do not touch DOCKER_* variables']
    : scene.runner || scene.site.self
      ? []
      : [
          'the runner runs jobs in containers, adds no services and no DOCKER_* variables of its own, and is a current version',
        ];
  return [
    ...new Set([...scene.assumptions, ...unseen, 'variables set outside the files do not touch DOCKER_*']),
  ];
}

function openQuestions(open: Completions['open'], certDir: string | undefined): readonly string[] {
  return [
    ...(open.executor ? ['the executor of the runner'] : []),
    ...(open.privileged ? ['whether the dind service runs privileged'] : []),
    ...(open.certificates && certDir
      ? [`whether ${certDir.replaceAll(HOLE, '…')}/client is shared with the job`]
      : []),
  ];
}
