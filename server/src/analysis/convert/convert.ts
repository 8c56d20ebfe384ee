/** Converts a job, or a template with all jobs that follow it, to another build strategy, or says why that cannot be done. */
import type { BuildSite, Runner } from '../../model/build-site.js';
import type { FixPlan } from '../../model/finding.js';
import type { FileEdit, Intent } from '../../model/intent.js';
import type { Place } from '../../model/known.js';
import { settled } from '../../model/known.js';
import { dockerImage } from '../../trace/docker-image.js';
import { toolsOf } from '../../trace/tools.js';
import type { Conversion, ConversionRequest, Range } from '../api.js';
import { convertService } from './compose-service.js';
import { isAddress, isOwnVariable } from './job-intents.js';
import { finish, type Member } from './outcome.js';
import { checkPrograms } from './programs.js';
import { listed, Refusal, refuse } from './refusal.js';
import { type TargetFacts, type TargetRecipe, targetFacts } from './targets.js';
import { translate } from './translate.js';
import { translateForBuildah } from './translate-buildah.js';
import type { Translation } from './translation.js';
import type { Looked } from './verify.js';
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
  /** The key of a template, with the jobs that take parts from it, where a job is none that runs by itself. */
  template(
    path: string,
    job: string,
  ): { readonly place: Place; readonly users: readonly BuildSite[] } | undefined;
  /** How a job with a plain dind gets to use TLS. */
  tlsPlan(site: BuildSite): FixPlan | undefined;
}

/** Never throws on user text. */
export function convertJob({ path, job, to }: ConversionRequest, host: ConversionHost): Conversion {
  try {
    const target = targetOf(to);
    const unreadable = brokenAt(path, host);
    if (unreadable) return unreadable;
    if (host.project.dialectOf(path) === 'compose') return inCompose({ path, job, to: target }, host);
    return convert({ path, job, to: target }, host);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const at = error.at && host.range(error.at);
    return { refused: error.message, ...(at ? { at } : {}) };
  }
}

function targetOf(to: string): ConversionTarget {
  return TARGETS.find(target => target === to) ?? refuse(`No job can be converted to ${to}.`);
}

function brokenAt(path: string, host: ConversionHost): Conversion | undefined {
  const broken = host.project.check().find(one => one.path === path)?.broken;
  return (
    broken && {
      refused: `The file cannot be read from here on: ${broken.message.replace(/\.$/, '')}.`,
      at: { path, start: broken.at, end: broken.at },
    }
  );
}

function inCompose({ path, job, to }: Request, host: ConversionHost): Conversion {
  if (to !== 'socket-proxy')
    refuse(`A service of Compose can be converted to socket-proxy alone, not to ${to}.`);
  return convertService(path, job, host);
}

interface Request {
  readonly path: string;
  readonly job: string;
  readonly to: ConversionTarget;
}

function convert({ path, job, to }: Request, host: ConversionHost): Conversion {
  const [site] = host.sites(path, job);
  if (site?.hidden)
    refuse(
      `No job in view takes parts from ${job}, so what would become of it cannot be checked.`,
      site.place,
    );
  if (site) return finish([memberOf(site, site.place, to, host)], site.place, host);
  const template = host.template(path, job);
  if (template && template.users.length > 0)
    return convertTemplate(job, template.place, template.users, to, host);
  const { why, unknown } = host.missing(path, job);
  return { refused: why, ...(unknown ? { unknown } : {}) };
}

/** All jobs that take parts from it are converted where these are written, so each of them has to agree. */
function convertTemplate(
  name: string,
  place: Place,
  users: readonly BuildSite[],
  to: ConversionTarget,
  host: ConversionHost,
): Conversion {
  const members = users.map(user => {
    try {
      return memberOf(user, place, to, host);
    } catch (error) {
      if (!(error instanceof Refusal) || error.at?.block === place.block) throw error;
      throw new Refusal(
        `Job "${user.name}" takes parts from ${name}, and stops it: ${error.message}`,
        error.at,
      );
    }
  });
  const result = finish(members, place, host);
  if ('refused' in result) return result;
  const names = users.map(user => user.name);
  const whom = names.length === 1 ? `job ${names[0]}` : `${names.length} jobs (${listed(names)})`;
  return {
    ...result,
    notes: [
      `${name} is what ${whom} ${names.length === 1 ? 'takes' : 'take'} parts from; all of it changes together.`,
      ...result.notes,
    ],
  };
}

function memberOf(site: BuildSite, home: Place, to: ConversionTarget, host: ConversionHost): Member {
  if (toolsOf(site).length === 0) refuse('The job builds no image.', site.place);
  checkView(site, host);
  const rows = host.project.trace().filter(row => row.path === site.path && row.site === site.name);
  const strategies = [...new Set(rows.map(strategyNow))];
  const [from] = strategies;
  if (strategies.length !== 1 || from === undefined || !isWay(from, to)) {
    const now = strategies.map(strategy => strategy ?? 'an unknown strategy').join(' and ') || 'no strategy';
    refuse(`The job follows ${now}, from which there is no way to ${to}.`, site.place);
  }
  const at = { ...site, place: home };
  const facts = factsFor(at, to, host.runners(site), host);
  return { site, at, to, from, facts, translation: translated(site, to, from, facts) };
}

function checkView(site: BuildSite, host: ConversionHost): void {
  if (site.gaps.length > 0)
    refuse(`Not all of the job is in view: ${listed([...new Set(site.gaps)], '; ')}.`, site.place);
  const shell = host.runners(site).find(({ executor }) => settled(executor) === 'shell');
  if (shell) refuse(`The job runs on ${shell.name}, whose shell executor starts no images.`, site.place);
}

/** What the recipe for the job's runner says; a docker client that finds its daemon by itself needs less. */
function factsFor(
  site: BuildSite,
  to: ConversionTarget,
  runners: readonly Runner[],
  host: ConversionHost,
): TargetFacts {
  const inPods = runners.some(({ executor }) => settled(executor) === 'kubernetes');
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

function translated(
  site: BuildSite,
  to: ConversionTarget,
  from: string | null,
  facts: TargetFacts,
): Translation {
  if (to !== 'buildkit-rootless' && to !== 'buildah' && to !== 'kaniko') return UNCHANGED;
  if (from === 'kaniko' && to === 'kaniko') return UNCHANGED;
  const byWords = to === 'buildah' && from !== 'kaniko';
  const translation = byWords ? translateForBuildah(site) : translate(site, to);
  checkPrograms(site, to, translation.translated, facts.image);
  return translation;
}
