/** Lowers a GitLab CI file into build sites, one for each job that can run. */
import type { BuildSite, ScriptText } from '../../model/build-site.js';
import { ABSENT, type Known, known, placeOf, unknown } from '../../model/known.js';
import type { Entry } from '../../syntax/tree.js';
import type { Lowered, OutsideVariables, SiteSource, Unit } from '../dialect.js';
import { effectiveJob, type GitlabConfig, readConfig, unseenParent } from './config.js';
import { readImage, readServices } from './containers.js';
import { defaultsOf, inherits, withDefaults } from './defaults.js';
import { conditionalNames, environmentOf, type GitlabEnvironment, matrixNames } from './environment.js';
import { followReference, isReference } from './references.js';
import { commandsOf, scriptTexts } from './script.js';
import { siteKey, usedTemplates } from './site-key.js';
import {
  doubtful,
  type Fields,
  isNull,
  mergeFields,
  originOf,
  readFields,
  readValue,
  type Value,
} from './values.js';

export function lowerGitlab(unit: Unit): Lowered {
  const config = readConfig(unit.path, unit.tree);
  const included = unit.includedBy === undefined ? [] : [`${unit.includedBy} includes it and may change it`];
  const used = usedTemplates(config);
  const sites: SiteSource[] = [];
  for (const [name, entry] of config.jobs) {
    if (name.startsWith('.') && used.has(name)) continue;
    const made = siteKey(config, entry);
    if (made === undefined) continue;
    const key = `${included.join()}|${made}`;
    sites.push({ name, key, lower: () => lowerJob(config, name, entry, included, unit.variables) });
  }
  return { sites, runners: [] };
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
  const gaps = [...config.gaps, ...included, ...job.missing.map(unseenParent)];
  // What is written in the job itself wins over all that it extends or that is included; the file that includes
  // this one wins over it.
  const doubt = gaps.length > 0 ? gaps.join('; ') : undefined;
  const own = included.length > 0 ? doubtful(job.fields, included.join('; ')) : job.fields;
  const fields = withDefaults(own, defaultsOf(config, own), doubt);
  const env = jobEnvironment(config, own, gaps, outside);
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
): GitlabEnvironment {
  const { fields: all, complete } = globalVariables(config);
  const inherit = inherits(job.get('inherit')?.fields?.get('variables'));
  const globals = new Map([...all].filter(([name]) => inherit(name)));
  const matrix = matrixNames(job.get('parallel'), config);
  const own = job.get('variables');
  const unseen = [
    ...gaps,
    ...(own && isReference(own.node) ? ['its variables are a !reference'] : []),
    ...(complete && matrix.complete ? [] : ['a !reference leads out of this file']),
  ];
  const doubt = unseen.length > 0 ? unseen.join('; ') : undefined;
  const workflow = config.globals.get('workflow');
  const rules = readValue(config, workflow?.value, { way: 'global' })?.fields?.get('rules');
  return environmentOf({
    reading: config,
    outside,
    fields: mergeFields(doubt === undefined ? globals : doubtful(globals, doubt), own?.fields ?? new Map()),
    conditional: new Map([
      ...conditionalNames(rules, config, 'workflow:rules:variables may set it'),
      ...conditionalNames(job.get('rules'), config, 'rules:variables may set it'),
      ...matrix.names,
    ]),
    gaps: unseen,
  });
}

/** Global `variables:`, also behind a `!reference`. */
function globalVariables(config: GitlabConfig): { fields: Fields; complete: boolean } {
  const written = config.globals.get('variables')?.value;
  const map = written && followReference(config, written);
  if (map?.kind === 'map') return { fields: readFields(config, map, { way: 'global' }), complete: true };
  return { fields: new Map(), complete: !written || (map !== undefined && isNull(map)) };
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
