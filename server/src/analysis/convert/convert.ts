/** Converts a job from one build strategy to another, or says why that cannot be done. */
import type { BuildSite, Runner, ScriptText } from '../../model/build-site.js';
import type { FixPlan } from '../../model/finding.js';
import type { FileEdit, Intent } from '../../model/intent.js';
import type { Place } from '../../model/known.js';
import { settled } from '../../model/known.js';
import { show } from '../../model/text.js';
import { applyEdits } from '../../syntax/patch.js';
import { dindServices, dockerImage } from '../../trace/docker-image.js';
import { toolsOf } from '../../trace/tools.js';
import type { Conversion, ConversionRequest, Range } from '../api.js';
import { behaviourNotes } from './behaviour.js';
import {
  imageIntent,
  isAddress,
  isDockers,
  isOwnVariable,
  scriptIntents,
  serviceIntents,
  takenOver,
  variableIntents,
} from './job-intents.js';
import { checkPrograms } from './programs.js';
import { listed, Refusal, refuse } from './refusal.js';
import { type TargetFacts, type TargetRecipe, targetFacts } from './targets.js';
import { translate } from './translate.js';
import { translateForBuildah } from './translate-buildah.js';
import type { Translation } from './translation.js';
import { type Looked, verify } from './verify.js';
import { type ConversionTarget, isWay, strategyNow, TARGETS } from './ways.js';

/** Executors that start images, which recipes are for. */
export type RecipeExecutor = 'docker' | 'kubernetes';

/** What a conversion needs of the project that the job is part of. */
export interface ConversionHost extends Looked {
  /** Edits of files, or why they cannot be written. */
  write(intents: readonly Intent[]): readonly FileEdit[] | string;
  /** A project of its own with the same files, some of them with other texts. */
  copy(texts: ReadonlyMap<string, string>): Looked;
  range(place: Place): Range | undefined;
  /** Why there is no such job to convert; `unknown` where no file has one of that name. */
  missing(path: string, job: string): { readonly why: string; readonly unknown?: true };
  /** All jobs of the project. */
  jobs(): readonly BuildSite[];
  /** The recipe of a strategy for an executor, or why there is none. */
  recipe(to: ConversionTarget, executor: RecipeExecutor): TargetRecipe | string;
  /** The runners that the job may run on; empty where none is known. */
  runners(site: BuildSite): readonly Runner[];
  /** How a job with a plain dind gets to use TLS. */
  tlsPlan(site: BuildSite): FixPlan | undefined;
}

/** Never throws on user text. */
export function convertJob({ path, job, to }: ConversionRequest, host: ConversionHost): Conversion {
  try {
    return convert({ path, job, to: targetOf(to) }, host);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const at = error.at && host.range(error.at);
    return { refused: error.message, ...(at ? { at } : {}) };
  }
}

function targetOf(to: string): ConversionTarget {
  return TARGETS.find(target => target === to) ?? refuse(`No job can be converted to ${to}.`);
}

interface Found {
  readonly site: BuildSite;
  readonly path: string;
  readonly to: ConversionTarget;
  readonly from: string | null;
  readonly facts: TargetFacts;
}

function convert(
  request: { path: string; job: string; to: ConversionTarget },
  host: ConversionHost,
): Conversion {
  const { path, job, to } = request;
  const file = host.project.check().find(one => one.path === path);
  if (file?.broken)
    return {
      refused: `The file cannot be read from here on: ${file.broken.message.replace(/\.$/, '')}.`,
      at: { path, start: file.broken.at, end: file.broken.at },
    };
  const sites = host.sites(path, job);
  const [site] = sites;
  if (!site) {
    const { why, unknown } = host.missing(path, job);
    return { refused: why, ...(unknown ? { unknown } : {}) };
  }
  if (toolsOf(site).length === 0) refuse('The job builds no image.', site.place);
  checkView(site, host);
  const rows = host.project.trace().filter(row => row.path === path && row.site === job);
  const strategies = [...new Set(rows.map(strategyNow))];
  const [from] = strategies;
  if (strategies.length !== 1 || from === undefined || !isWay(from, to)) {
    const now = strategies.map(strategy => strategy ?? 'an unknown strategy').join(' and ') || 'no strategy';
    refuse(`The job follows ${now}, from which there is no way to ${to}.`, site.place);
  }
  const found: Found = { site, path, to, from, facts: factsFor(site, to, host) };
  return finish(found, host, translated(found));
}

function checkView(site: BuildSite, host: ConversionHost): void {
  if (site.gaps.length > 0)
    refuse(`Not all of the job is in view: ${listed([...new Set(site.gaps)], '; ')}.`, site.place);
  const shell = host.runners(site).find(({ executor }) => settled(executor) === 'shell');
  if (shell) refuse(`The job runs on ${shell.name}, whose shell executor starts no images.`, site.place);
}

/** What the recipe for the job's runner says; a docker client that finds its daemon by itself needs less. */
function factsFor(site: BuildSite, to: ConversionTarget, host: ConversionHost): TargetFacts {
  const inPods = host.runners(site).some(({ executor }) => settled(executor) === 'kubernetes');
  const facts = factsOf(site, host.recipe(to, inPods ? 'kubernetes' : 'docker'));
  if (to !== 'dind-tls' || inPods || findsItself(site)) return facts;
  return { ...facts, variables: factsOf(site, host.recipe(to, 'kubernetes')).variables };
}

function factsOf(site: BuildSite, recipe: TargetRecipe | string): TargetFacts {
  if (typeof recipe === 'string') return refuse(recipe, site.place);
  return targetFacts(recipe) ?? refuse('The recipe of the strategy cannot be had.');
}

/** The entrypoint of the official image does, where no variable from elsewhere stands against it. */
function findsItself(site: BuildSite): boolean {
  const image = settled(site.image);
  const inherited = site.env
    .names()
    .some(name => isAddress(name) && name !== 'DOCKER_TLS_CERTDIR' && !isOwnVariable(site, name));
  return (
    image !== undefined &&
    dockerImage(image.ref) !== undefined &&
    image.entrypoint.state === 'absent' &&
    !inherited
  );
}

const UNCHANGED: Translation = { texts: new Map(), notes: [], translated: new Set() };

function translated({ site, to, from, facts }: Found): Translation {
  if (to !== 'buildkit-rootless' && to !== 'buildah' && to !== 'kaniko') return UNCHANGED;
  if (from === 'kaniko' && to === 'kaniko') return UNCHANGED;
  const byWords = to === 'buildah' && from !== 'kaniko';
  const translation = byWords ? translateForBuildah(site) : translate(site, to);
  checkPrograms(site, to, translation.translated, facts.image);
  return translation;
}

/** Tries the shorter ways to write it first. */
function finish(found: Found, host: ConversionHost, translation: Translation): Conversion {
  let wrong = '';
  for (const intents of attempts(found, host, translation)) {
    const edits = host.write(intents);
    if (typeof edits === 'string') refuse(`It cannot be written: ${edits}.`, found.site.place);
    const result = outcome(found, host, translation, edits);
    if (typeof result !== 'string') return result;
    wrong ||= result;
  }
  return refuse(`The result would not hold: ${wrong.replace(/\.$/, '')}.`, found.site.place);
}

function* attempts(
  { site, from, to, facts }: Found,
  host: ConversionHost,
  { texts }: Translation,
): Generator<readonly Intent[]> {
  const plan = from === 'dind-plain' && to === 'dind-tls' ? host.tlsPlan(site) : undefined;
  if (plan) yield plan.intents;
  const after = site.scripts.map(script => texts.get(script) ?? script.text);
  for (const empty of ['removed', 'empty'] as const)
    yield [
      ...(keepsClient(to) ? [] : [imageIntent(site, facts)]),
      ...serviceIntents(site, facts, empty),
      ...variableIntents(site, facts.variables, after, keepsClient(to)),
      ...scriptIntents(site, texts, empty),
    ];
}

/** Between daemons the client stays what it is. */
function keepsClient(to: ConversionTarget): boolean {
  return to === 'dind-tls' || to === 'dood';
}

function outcome(
  found: Found,
  host: ConversionHost,
  translation: Translation,
  edits: readonly FileEdit[],
): Conversion | string {
  const { site, path, to, facts } = found;
  const texts = new Map(
    edits.map(file => [file.path, applyEdits(host.project.text(file.path) ?? '', file.edits)]),
  );
  const part = (name: ScriptText['part']): string[] =>
    site.scripts.filter(one => one.part === name).map(one => translation.texts.get(one) ?? one.text);
  const wrong = verify(host, host.copy(texts), {
    path,
    job: site.name,
    to,
    image: keepsClient(to) ? undefined : facts.image,
    scripts: { before: part('before'), main: part('main'), after: part('after') },
    services: servicesAfter(found),
    mayChange: name => isDockers(name, keepsClient(to)) || Object.hasOwn(facts.variables, name),
    accepts: facts.accepts,
  });
  if (wrong !== undefined) return wrong;
  if ([...texts].every(([name, text]) => host.project.text(name) === text))
    refuse('The job is written like that already.', site.place);
  return { edits, texts, notes: notesOf(found, host, translation) };
}

/** Names of the services that the job is to have. */
function servicesAfter({ site, facts }: Found): readonly string[] {
  const services = settled(site.services) ?? [];
  const daemons = new Set(dindServices(site));
  if (facts.services.length > 0 && daemons.size > 0) return services.map(({ ref }) => show(ref.text));
  const kept = services.filter(service => !daemons.has(service));
  return [...kept.map(({ ref }) => show(ref.text)), ...facts.services.map(({ name }) => name)];
}

function notesOf(
  { site, facts, from, to }: Found,
  host: ConversionHost,
  { notes, texts }: Translation,
): readonly string[] {
  const image =
    keepsClient(to) || from === to
      ? []
      : [`The job runs in ${facts.image}; other programs of its image before are not there.`];
  const own = takenOver(site, texts).map(key => `Its ${key} no longer follows the one that it took over.`);
  const hasRunner = host.runners(site).length > 0;
  const behaviour = behaviourNotes({ site, from, to, jobs: host.jobs(), hasRunner });
  return [...image, ...facts.needs.map(need => `It needs ${need}.`), ...notes, ...behaviour, ...own];
}
