/** Answers for a site: which daemon does the docker in it reach, over what, and why; or what will it die of. */
import { findBuilderImage } from '../catalog/builder-images.js';
import type { BuildSite, Command, PairedRunner } from '../model/build-site.js';
import { settled } from '../model/known.js';
import { show } from '../model/text.js';
import { completionsOf } from './completion.js';
import { dindServices } from './docker-image.js';
import { type Scene, sceneOf } from './scene.js';
import { daemonCertDir, type Outcome, simulate } from './simulate.js';
import { daemonCommands, opaquePrograms, type ToolUse, toolsOf } from './tools.js';
import type { Fault, Step, Trace } from './types.js';

/**
 * Traces a site on one runner, or on an unseen one. Empty for a site that neither builds nor talks to a daemon.
 * What is unknown is played through in every way it could be: `fails` and `reaches` hold in all of them.
 */
export function trace(site: BuildSite, runner: PairedRunner | undefined): readonly Trace[] {
  const tools = toolsOf(site);
  const commands = daemonCommands(tools);
  if (commands.length === 0 && dindServices(site).length === 0) {
    if (tools.some(use => use.tool !== 'docker') || buildsAlone(site)) return [alone(site, runner)];
    if (!setsHost(site)) return tools.length > 0 ? [withoutDaemon(site, runner)] : [];
  }
  const scene = sceneOf(site, runner, commands);
  return [combine(site, scene, commands.some(failsTheJob))];
}

/** A global DOCKER_HOST reaches every job, also those that have nothing to do with docker. */
function setsHost(site: BuildSite): boolean {
  const host = site.env.get('DOCKER_HOST');
  return host.state === 'known' && host.origin.way !== 'global';
}

function buildsAlone(site: BuildSite): boolean {
  const image = settled(site.image);
  return image !== undefined && findBuilderImage(image.ref.repository)?.role === 'builder';
}

/** Its docker commands need no daemon; what other programs do cannot be seen. */
function withoutDaemon(site: BuildSite, runner: PairedRunner | undefined): Trace {
  const trace = alone(site, runner);
  const [opaque] = opaquePrograms(site);
  if (opaque === undefined) return trace;
  return { ...trace, verdict: 'cannot-tell', because: [], missing: [`whether ${opaque} calls docker`] };
}

function alone(site: BuildSite, runner: PairedRunner | undefined): Trace {
  return {
    site,
    runner,
    from: 'job',
    daemon: { kind: 'none', listens: [] },
    beside: [],
    decided: true,
    verdict: 'no-daemon-needed',
    faults: [],
    assumptions: [],
    because: [{ message: 'What it builds with needs no daemon.', place: site.place }],
    missing: [],
  };
}

function combine(site: BuildSite, scene: Scene, runsForSure: boolean): Trace {
  const { ways, open } = completionsOf(scene, daemonCertDir(scene) || '/certs');
  const outcomes = ways.map(way => simulate(scene, way));
  const first = outcomes[0] as Outcome;
  const faults = mergeFaults(outcomes, scene);
  const unsure = [...new Set(outcomes.flatMap(outcome => outcome.unsure))];
  // An unseen runner may run services unprivileged: then a dind service dies, so nothing is sure to be reached.
  const mayDie = open.privileged && first.daemon.kind === 'dind';
  const dies = (outcome: Outcome): boolean => outcome.faults.some(fault => fault.fatal);
  const settledEnough = scene.missing.length === 0;
  const verdict =
    settledEnough && runsForSure && faults.some(({ certain, fatal }) => certain && fatal)
      ? 'fails'
      : settledEnough && unsure.length === 0 && !mayDie && scene.open.length === 0 && !outcomes.some(dies)
        ? 'reaches'
        : 'cannot-tell';
  const same = outcomes.every(outcome => outcome.client.endpoint === first.client.endpoint);
  const { endpoint: _, ...client } = first.client;
  return {
    site,
    runner: scene.runner,
    from: 'job',
    client: scene.missing.length > 0 ? { tls: 'unknown' } : same ? first.client : client,
    daemon:
      scene.missing.length > 0 && scene.dinds.length === 0 ? { kind: 'unknown', listens: [] } : first.daemon,
    beside: (scene.daemonsKnown ? first.daemons : []).flatMap(({ dind, outcome }) =>
      outcome.runs === 'dockerd'
        ? [{ service: dind.service, listens: outcome.listens, certDir: outcome.certDir }]
        : [],
    ),
    decided: settledEnough,
    ...(copyIn(scene) ? { ifCopy: copyIn(scene) } : {}),
    verdict,
    faults,
    assumptions: assumptionsOf(scene),
    because: scene.missing.length > 0 ? [] : shared(outcomes),
    missing:
      verdict === 'cannot-tell'
        ? [
            ...new Set([
              ...scene.missing,
              ...scene.open,
              ...unsure,
              ...openQuestions(open, scene.dinds.length > 0 ? daemonCertDir(scene) : undefined),
            ]),
          ]
        : [],
  };
}

/** A command on the straight way of the script, whose failure is the failure of the job. */
function failsTheJob({ shell, script, nested }: Command): boolean {
  const straight = shell.context.every(
    one => one === 'group' || one === 'subshell' || one === 'substitution',
  );
  return script.part !== 'after' && !shell.tested && !nested && straight;
}

/** The facts that hold whatever the unknown parts turn out to be. */
function shared(outcomes: readonly Outcome[]): readonly Step[] {
  const [first, ...others] = outcomes;
  return (first?.because ?? []).filter(step =>
    others.every(({ because }) => because.some(({ message }) => message === step.message)),
  );
}

/** A fault is certain when every way has it; its words are those of the first way that does. */
function mergeFaults(outcomes: readonly Outcome[], scene: Scene): readonly Fault[] {
  const merged = new Map<string, Fault>();
  for (const outcome of outcomes) {
    for (const fault of outcome.faults) {
      if (merged.has(fault.id)) continue;
      const everywhere = outcomes.every(other => other.faults.some(one => one.id === fault.id));
      const decided = scene.missing.length === 0 || (fault.plainly === true && scene.servicesKnown);
      merged.set(fault.id, { ...fault, certain: decided && everywhere });
    }
  }
  return [...merged.values()];
}

/** An image from another registry that is taken for a copy of the official one. */
function copyIn(scene: Scene): string | undefined {
  const daemon = scene.dinds.find(({ image }) => image.mirrored)?.service.ref;
  return daemon && show(daemon.text);
}

function assumptionsOf(scene: Scene): readonly string[] {
  const unseen = scene.runner
    ? []
    : ['the runner adds no services and no DOCKER_* variables of its own, and is a current version'];
  return [
    ...new Set([...scene.assumptions, ...unseen, 'variables set outside the files do not touch DOCKER_*']),
  ];
}

function openQuestions(
  open: ReturnType<typeof completionsOf>['open'],
  certDir: string | undefined,
): readonly string[] {
  return [
    ...(open.executor ? ['the executor of the runner'] : []),
    ...(open.privileged ? ['whether the runner runs services privileged'] : []),
    ...(open.certificates && certDir ? [`whether the runner shares ${certDir}/client`] : []),
  ];
}

export type { ToolUse };
export { toolsOf };
