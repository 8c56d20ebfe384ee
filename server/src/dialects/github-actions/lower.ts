/** Lowers a workflow into build sites, one for each job, and an action file into one for its steps. */
import type { BuildSite, Environment } from '../../model/build-site.js';
import { ABSENT, type Known, type Origin, type Place, unknown } from '../../model/known.js';
import { commandsOf } from '../../model/script.js';
import type { Permissions, WorkflowJob } from '../../model/workflow.js';
import type { MapNode, Node } from '../../syntax/tree.js';
import type { Lowered, SiteSource, Unit } from '../dialect.js';
import { compositeRuns } from './composite.js';
import { type JobContainer, readContainer, readServices } from './containers.js';
import { environmentOf, layered, NO_ENVIRONMENT, resolveWith, withContexts } from './environment.js';
import type { Resolve } from './expressions.js';
import { defaultShell, permissionsOf, startsForAnyBranch } from './facts.js';
import { type JobFrame, jobFrames } from './jobs.js';
import { decisiveNames, type MatrixWay, matrixValues, waysOf } from './matrix.js';
import { labelsOf, runsOn } from './runs-on.js';
import { actionKey, keysOf, sharedKey } from './site-key.js';
import { type LoweredSteps, lowerSteps, type StepContext } from './steps.js';
import { nodeAt, place, rootEntries, rootNode, type Source, textAt } from './values.js';

export function lowerActions(unit: Unit): Lowered {
  const source: Source = { path: unit.path, tree: unit.tree };
  if (isBroken(source)) return { sites: [], runners: [] };
  const runs = compositeRuns(source);
  const frames = runs ? [] : jobFrames(unit).filter(frame => !isBroken(frame.source));
  const keys = keysOf(unit, source, frames);
  const shared = sharedKey(source);
  const sites: SiteSource[] = frames.map((frame, i) => ({
    name: `${frame.name} ${i}`,
    key: keys[i] ?? '',
    shared,
    lower: () => lowerJob(unit, frame),
  }));
  if (runs) {
    const key = actionKey(unit, source);
    sites.push({ name: '', key, shared: key, lower: () => [lowerAction(unit, source, runs)] });
  }
  return { sites, runners: [] };
}

/** GitHub refuses a file as a whole; of one that is being typed nothing is said until it is sound again. */
function isBroken({ tree }: Source): boolean {
  return tree.documents[0]?.blocks.some(({ block }) => tree.isTainted(block)) ?? false;
}

function lowerJob(unit: Unit, frame: JobFrame): readonly BuildSite[] {
  const ways = waysOf(frame.source, frame.job, decisiveNames(frame.source, frame.job));
  if (!ways) return [lowerWay(unit, frame, undefined)];
  return ways.map(way => ({
    ...lowerWay(unit, frame, way),
    way: { by: 'matrix', label: way.label, others: ways.length - 1 },
  }));
}

function lowerWay(unit: Unit, frame: JobFrame, way: MatrixWay | undefined): BuildSite {
  const { source, job } = frame;
  const fromMatrix = matrixValues(source, way);
  const contexts: Resolve = name => fromMatrix(name) ?? frame.inputs(name);
  const outer = environmentOf([{ source, node: rootNode(source, 'env'), way: 'global' }], contexts);
  const own = environmentOf([{ source, node: nodeAt(source, job, 'env'), way: 'own' }], contexts);
  const env = layered(outer, own);
  const resolve = resolveWith(env, contexts);
  const container = readContainer(source, job, contexts);
  const services = readServices(source, job, contexts, container === undefined);
  const labels = labelsOf(source, job, contexts);
  const at = labels.state === 'absent' ? frame.place : (labels.origin?.place ?? frame.place);
  const where = runsOn({ labels, place: at, container, services });
  const inside = layered(container?.env, env);
  const steps = lowerSteps(
    stepContext(unit, source, contexts, inside, shellOf(frame, container, labels)),
    nodeAt(source, job, 'steps'),
  );
  const jobPlace: Origin = { place: frame.place, way: 'own' };
  return {
    ...siteOf(unit, frame.source, frame.name, frame.place, steps),
    hidden: false,
    everyRef: startsForAnyBranch(rootOf(frame)) && textAt(source, job, 'if') === undefined,
    image: container?.image ?? ABSENT,
    services,
    env: withContexts(inside, resolve, jobPlace),
    tags: labels,
    runsOn: where,
    workflow: factsOf(frame, steps),
  };
}

function rootOf(frame: JobFrame): Source {
  return frame.caller ? rootOf(frame.caller) : frame.source;
}

function stepContext(
  unit: Unit,
  source: Source,
  resolve: Resolve,
  env: Environment,
  shell: string,
): StepContext {
  return { unit, source, resolve, env, outer: undefined, shell, runs: undefined, way: 'own', depth: 0 };
}

/** What runs steps that name no shell: `sh` in containers, PowerShell on Windows. */
function shellOf(
  { source, job }: JobFrame,
  container: JobContainer | undefined,
  labels: BuildSite['tags'],
): string {
  const said =
    defaultShell(source, nodeAt(source, job, 'defaults')) ??
    defaultShell(source, rootNode(source, 'defaults'));
  const windows = labels.state === 'known' && labels.value.some(({ value }) => /windows/i.test(value));
  return said ?? (container ? 'sh' : windows ? 'pwsh' : 'bash');
}

/** What jobs and actions have in common. */
function siteOf(
  unit: Unit,
  source: Source,
  name: string,
  at: Place,
  { scripts, doubts }: LoweredSteps,
): Pick<BuildSite, 'dialect' | 'path' | 'root' | 'name' | 'place' | 'scripts' | 'commands' | 'gaps'> {
  return {
    dialect: 'github-actions',
    path: source.path,
    root: unit.path,
    name,
    place: at,
    scripts,
    commands: commandsOf(scripts),
    gaps: doubts,
  };
}

function factsOf(frame: JobFrame, { steps }: LoweredSteps): WorkflowJob {
  const events = frame.events;
  const around: JobFrame[] = [];
  for (let one: JobFrame | undefined = frame; one; one = one.caller) around.push(one);
  return {
    events: events
      ? { state: 'known', value: events, origin: { place: frame.place, way: 'own' } }
      : unknown('other workflows call it'),
    permissions: permissionsIn(around),
    steps,
    conditions: around.flatMap(({ source, job }) => textAt(source, job, 'if') ?? []),
    guarded: around.some(({ source, job }) => nodeAt(source, job, 'environment') !== undefined),
  };
}

/** Those of the job, else of its workflow, else of the job that calls it. */
function permissionsIn(around: readonly JobFrame[]): Known<Permissions> {
  for (const { source, job } of around) {
    const node = nodeAt(source, job, 'permissions') ?? rootNode(source, 'permissions');
    if (node) return permissionsOf(source, node);
  }
  return ABSENT;
}

/** An action that nobody in view uses: what is around its steps is not known. */
function lowerAction(unit: Unit, source: Source, runs: MapNode): BuildSite {
  const key = rootEntries(source).find(entry => entry.key.text === 'runs')?.key;
  const at = place(source, (key ?? runs) as Node);
  const context = stepContext(unit, source, () => undefined, NO_ENVIRONMENT, 'bash');
  const steps = lowerSteps(context, nodeAt(source, runs, 'steps'));
  const labels = unknown('whoever uses the action says where it runs');
  return {
    ...siteOf(unit, source, nameOfAction(source), at, steps),
    hidden: true,
    everyRef: false,
    image: unknown('whoever uses the action says where it runs'),
    services: unknown('whoever uses the action says which services run'),
    env: withContexts(NO_ENVIRONMENT, () => undefined, { place: at, way: 'own' }),
    tags: labels,
    runsOn: runsOn({ labels, place: at, container: undefined, services: ABSENT }),
  };
}

function nameOfAction(source: Source): string {
  const node = rootNode(source, 'name');
  return node?.kind === 'scalar' ? node.text : source.path.replace(/\/?action\.ya?ml$/i, '') || 'action';
}
