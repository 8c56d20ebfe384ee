/** Lowers a GitLab CI pipeline into build sites, one for each job that can run. */
import type { BuildSite, ScriptText, SiteWay } from '../../model/build-site.js';
import { ABSENT, known, unknown } from '../../model/known.js';
import { commandsOf } from '../../model/script.js';
import type { ScalarNode } from '../../syntax/tree.js';
import type { Lowered, Problem, SiteSource, Unit } from '../dialect.js';
import { conditionsOf, decisiveNames, type Way, type Ways, waysOf } from './conditions.js';
import { type GitlabConfig, readConfig } from './config.js';
import { readImage, readServices } from './containers.js';
import { environmentOf } from './environment.js';
import { extendsCycles } from './extends.js';
import { givenAt } from './given.js';
import { type JobParts, jobParts } from './job-parts.js';
import { looksOdd } from './odd.js';
import { pipelineProblems } from './problems.js';
import { scriptTexts } from './script.js';
import { sharedKey, siteKey, usedTemplates } from './site-key.js';
import { type Fields, isNull, originOf, type Value } from './values.js';

export function lowerGitlab(unit: Unit): Lowered {
  const config = readConfig(unit);
  const used = usedTemplates(config);
  const shared = sharedKey(config);
  const sites: SiteSource[] = [];
  for (const name of config.jobs.keys()) {
    if (name.startsWith('.') && used.has(name)) continue;
    const key = siteKey(config, name);
    if (key !== undefined) sites.push({ name, key, shared, lower: () => lowerJob(config, name, unit) });
  }
  return { sites, runners: [], problems: problemsOf(config) };
}

function problemsOf(config: GitlabConfig): readonly Problem[] {
  const known = [...config.problems, ...extendsCycles(config)];
  return looksOdd(config) ? [...known, ...pipelineProblems(config)] : known;
}

function lowerJob(config: GitlabConfig, name: string, unit: Unit): readonly BuildSite[] {
  const parts = jobParts(config, name);
  if (!parts || parts.fields.has('trigger')) return [];
  const conditions = conditionsOf(config, parts.fields, parts.workflow);
  const ways = waysOf(conditions, decisiveNames(parts.fields, parts.variables, conditions.names.keys()));
  const lower = (way: Way | undefined): BuildSite =>
    lowerWay(
      { config, name, unit, parts, conditional: conditions.names, complete: conditions.complete, ways },
      way,
    );
  return ways ? ways.ways.map(lower) : [lower(undefined)];
}

interface JobContext {
  readonly config: GitlabConfig;
  readonly name: string;
  readonly unit: Unit;
  readonly parts: JobParts;
  readonly conditional: ReadonlyMap<string, string>;
  readonly complete: boolean;
  readonly ways: Ways | undefined;
}

function lowerWay(job: JobContext, way: Way | undefined): BuildSite {
  const { config, name, unit, parts, ways } = job;
  const { fields, place } = parts;
  const unseen = [...parts.unseenVariables, ...(job.complete ? [] : ['a !reference leads out of view'])];
  const env = environmentOf({
    config,
    outside: unit.variables,
    fields: parts.variables,
    conditional: job.conditional,
    ...(way && ways ? { way: { chosen: way.chosen, decides: ways.decides } } : {}),
    gaps: variable => [...unseen, ...parts.variableGaps(variable)],
  });
  const context = { config, env, gaps: parts.keyGaps };
  const scripts = scriptsOf(config, fields);
  return {
    dialect: 'gitlab-ci',
    path: place.path,
    root: unit.path,
    name,
    place,
    ...(parts.includedAt ? { includedAt: parts.includedAt } : {}),
    hidden: name.startsWith('.'),
    everyRef:
      !parts.workflow && parts.keyGaps('workflow').length === 0 && !LIMITS.some(key => fields.has(key)),
    ...(way && ways ? { way: siteWay(ways, way) } : {}),
    image: readImage(context, fields.get('image')),
    services: readServices(context, fields.get('services')),
    env,
    scripts: scripts.texts,
    commands: commandsOf(scripts.texts),
    tags: tagsOf(config, fields.get('tags'), parts.keyGaps('tags')),
    gaps: [...parts.gaps, ...scripts.doubts],
    givenAt: at => givenAt(config, name, at),
  };
}

/** Keys that say for which branches, tags and kinds of pipelines a job runs. */
const LIMITS = ['rules', 'only', 'except'];

function siteWay({ by, ways }: Ways, { label }: Way): SiteWay {
  return { by, label, others: ways.length - 1 };
}

const SCRIPTS = ['before_script', 'script', 'after_script'];

function scriptsOf(
  config: GitlabConfig,
  fields: Fields,
): { texts: readonly ScriptText[]; doubts: readonly string[] } {
  const before = scriptTexts(config, fields.get('before_script'), 'before');
  const main = scriptTexts(config, fields.get('script'), 'main');
  const after = scriptTexts(config, fields.get('after_script'), 'after');
  const complete = before.complete && main.complete && after.complete && !fields.has('run');
  const doubts = SCRIPTS.flatMap(key => fields.get(key)?.doubt ?? []);
  return {
    texts: [...before.texts, ...main.texts, ...after.texts],
    doubts: [...new Set([...doubts, ...(complete ? [] : ['a !reference leads out of view'])])],
  };
}

function tagsOf(config: GitlabConfig, value: Value | undefined, gaps: readonly string[]): BuildSite['tags'] {
  if (!value || isNull(value.node)) return gaps.length > 0 ? unknown(gaps.join('; ')) : ABSENT;
  const { node } = value;
  const origin = originOf(config, value);
  if (value.doubt !== undefined) return unknown(value.doubt, origin);
  if (node.kind === 'alias' || node.kind === 'map' || node.tag !== undefined)
    return unknown('its tags are not a list', origin);
  const tags = (node.kind === 'seq' ? node.items : [node]).map(item => config.resolve(item));
  if (!tags.every(tag => tag?.kind === 'scalar' && !tag.text.includes('$')))
    return unknown('its tags hold variables', origin);
  return known(
    (tags as readonly ScalarNode[]).map(tag => ({
      value: tag.text,
      origin: { ...origin, place: config.place(tag) },
    })),
    origin,
  );
}
