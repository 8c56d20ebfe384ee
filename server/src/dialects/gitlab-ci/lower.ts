/** Lowers a GitLab CI file into build sites, one for each job that can run. */
import type { BuildSite, ScriptText } from '../../model/build-site.js';
import { ABSENT, type Known, known, placeOf, unknown } from '../../model/known.js';
import type { Entry } from '../../syntax/tree.js';
import type { Lowered, OutsideVariables, SiteSource, Unit } from '../dialect.js';
import { effectiveJob, extendsOf, type GitlabConfig, readConfig } from './config.js';
import { readImage, readServices } from './containers.js';
import { defaultsOf, inherits, withDefaults } from './defaults.js';
import { conditionalNames, environmentOf, matrixNames } from './environment.js';
import { isReference } from './references.js';
import { commandsOf, scriptTexts } from './script.js';
import { siteKey } from './site-key.js';
import { type Fields, isNull, mergeFields, originOf, readFields, readValue, type Value } from './values.js';

export function lowerGitlab(unit: Unit): Lowered {
  const config = readConfig(unit.path, unit.tree);
  const included = unit.includedBy === undefined ? [] : [`${unit.includedBy} includes it and may change it`];
  const extended = new Set<string>();
  for (const entry of config.jobs.values()) for (const name of parentsOf(config, entry)) extended.add(name);
  const sites: SiteSource[] = [];
  for (const [name, entry] of config.jobs) {
    if (name.startsWith('.') && extended.has(name)) continue;
    if (config.tree.isTainted(entry.key.block)) continue;
    const key = `${included.join()}|${siteKey(config, entry)}`;
    sites.push({ name, key, lower: () => lowerJob(config, name, entry, included, unit.variables) });
  }
  return { sites, runners: [] };
}

function parentsOf(config: GitlabConfig, entry: Entry): readonly string[] {
  const node = entry.value && config.tree.resolve(entry.value);
  if (node?.kind !== 'map') return [];
  const field = node.entries.find(field => field.key.text === 'extends');
  return extendsOf(config, readValue(config, field?.value, { way: 'own' }));
}

function lowerJob(
  config: GitlabConfig,
  name: string,
  entry: Entry,
  included: readonly string[],
  outside: OutsideVariables,
): BuildSite | undefined {
  const job = effectiveJob(config, name);
  if (!job || job.fields.has('trigger')) return undefined;
  const gaps = [
    ...config.gaps,
    ...included,
    ...job.missing.map(parent => `it extends ${parent}, which is not in this file`),
  ];
  const fields = withDefaults(job.fields, defaultsOf(config, job.fields));
  const env = jobEnvironment(config, job.fields, gaps, outside);
  const context = { config, env, gaps };
  const scripts = scriptsOf(config, fields);
  return {
    dialect: 'gitlab-ci',
    path: config.path,
    name,
    place: placeOf(config.path, entry.key),
    hidden: name.startsWith('.'),
    image: readImage(context, fields.get('image')),
    services: readServices(context, fields.get('services')),
    env,
    scripts: scripts.texts,
    commands: commandsOf(scripts.texts),
    tags: tagsOf(config, fields.get('tags'), gaps),
    gaps: scripts.complete ? gaps : [...gaps, 'a !reference leads out of this file'],
  };
}

function jobEnvironment(
  config: GitlabConfig,
  job: Fields,
  gaps: readonly string[],
  outside: OutsideVariables,
): BuildSite['env'] {
  const node = config.globals.get('variables')?.value;
  const map = node && config.tree.resolve(node);
  const inherit = inherits(job.get('inherit')?.fields?.get('variables'));
  const globals = new Map(
    map?.kind === 'map'
      ? [...readFields(config, map, { way: 'global' })].filter(([name]) => inherit(name))
      : [],
  );
  const own = job.get('variables');
  const workflow = config.globals.get('workflow');
  const rules = readValue(config, workflow?.value, { way: 'global' })?.fields?.get('rules');
  return environmentOf({
    reading: config,
    outside,
    fields: mergeFields(globals, own?.fields ?? new Map()),
    conditional: new Map([
      ...conditionalNames(rules, config, 'workflow:rules:variables may set it'),
      ...conditionalNames(job.get('rules'), config, 'rules:variables may set it'),
      ...matrixNames(job.get('parallel'), config),
    ]),
    gaps: own && isReference(own.node) ? [...gaps, 'its variables are a !reference'] : gaps,
  });
}

function scriptsOf(
  config: GitlabConfig,
  fields: Fields,
): { texts: readonly ScriptText[]; complete: boolean } {
  const before = scriptTexts(config, fields.get('before_script'), 'before');
  const main = scriptTexts(config, fields.get('script'), 'main');
  const after = scriptTexts(config, fields.get('after_script'), 'after');
  return {
    texts: [...before.texts, ...main.texts, ...after.texts],
    complete: before.complete && main.complete && after.complete && !fields.has('run'),
  };
}

function tagsOf(
  config: GitlabConfig,
  value: Value | undefined,
  gaps: readonly string[],
): Known<readonly string[]> {
  if (!value || isNull(value.node)) return gaps.length > 0 ? unknown(gaps.join('; ')) : ABSENT;
  const { node } = value;
  const origin = originOf(config, value);
  if (node.kind === 'scalar') return known([node.text], origin);
  if (node.kind !== 'seq' || node.tag !== undefined) return unknown('its tags are not a list', origin);
  const tags = node.items.map(item => config.tree.resolve(item));
  if (tags.some(tag => tag?.kind !== 'scalar' || tag.text.includes('$')))
    return unknown('its tags hold variables', origin);
  return known(
    tags.map(tag => (tag?.kind === 'scalar' ? tag.text : '')),
    origin,
  );
}
