/** Shows jobs as GitLab would hand them to a runner. */
import type {
  EffectiveJob,
  EffectiveService,
  EffectiveVariable,
  Hole,
  WrittenText,
} from '../../model/effective.js';
import type { Unit } from '../dialect.js';
import { type Conditions, conditionsOf, matrixRows } from './conditions.js';
import { type GitlabConfig, readConfig } from './config.js';
import { type JobParts, jobParts } from './job-parts.js';
import { psychText } from './psych.js';
import { dereference, flatItems } from './references.js';
import { type Fields, isNull, originOf, readValue, scalarOf, type Value } from './values.js';

/** Every job of a pipeline that goes to a runner, hidden ones left out, in the order of merging. */
export function effectiveJobs(unit: Unit): readonly EffectiveJob[] {
  const config = readConfig(unit);
  return [...config.jobs.keys()]
    .filter(name => !name.startsWith('.'))
    .flatMap(name => effective(config, name) ?? [])
    .map(withOpenInputs);
}

/** Inputs that nobody gives here stand in the texts as they are written. */
function withOpenInputs(job: EffectiveJob): EffectiveJob {
  const texts: readonly (readonly [string, readonly (WrittenText | undefined)[]])[] = [
    ['image', [job.image?.name, ...(job.image?.entrypoint ?? [])]],
    ['services', job.services.flatMap(one => [one.name, one.alias, ...(one.command ?? [])])],
    ...[...job.variables].map(([name, value]) => [`variables.${name}`, [value]] as const),
    ['before_script', job.script.before],
    ['script', job.script.main],
    ['after_script', job.script.after],
    ['tags', job.tags],
  ];
  const holes = texts.flatMap(([what, written]) => {
    const input = written.map(one => /\$\[\[[^\]]*\]\]/.exec(one?.text ?? '')?.[0]).find(Boolean);
    return input === undefined ? [] : [{ what, why: `it holds ${input}` }];
  });
  return holes.length === 0 ? job : { ...job, holes: [...job.holes, ...holes] };
}

function effective(config: GitlabConfig, name: string): EffectiveJob | undefined {
  const parts = jobParts(config, name);
  if (!parts || parts.fields.has('trigger')) return undefined;
  const { fields } = parts;
  if (!fields.has('script') && !fields.has('run') && parts.gaps.length === 0) return undefined;
  const holes: Hole[] = conditionalOnly(config, name).map(why => ({ what: 'job', why }));
  const conditions = conditionsOf(config, fields, parts.workflow);
  const image = imageOf(config, parts, holes);
  const services = servicesOf(config, parts, holes);
  const variables = variablesOf(config, parts, conditions, holes);
  const script = {
    before: textsOf(config, parts, 'before_script', holes),
    main: textsOf(config, parts, 'script', holes),
    after: textsOf(config, parts, 'after_script', holes),
  };
  const matrix = matrixRows(config, fields.get('parallel'));
  return {
    name,
    place: parts.place,
    ...(image ? { image } : {}),
    services,
    variables,
    ...(matrix ? { matrix } : {}),
    script,
    tags: textsOf(config, parts, 'tags', holes),
    holes,
  };
}

/** Why the job may not be there at all: every file that writes it is included under rules. */
function conditionalOnly(config: GitlabConfig, name: string): readonly string[] {
  const conditions = (config.jobs.get(name) ?? []).map(({ condition }) => condition);
  return conditions.every(condition => condition !== undefined) ? [...new Set(conditions)] : [];
}

/** The value of a key; what may still replace it, or bring it, is a hole. */
function valueAt(config: GitlabConfig, parts: JobParts, key: string, holes: Hole[]): Value | undefined {
  const value = parts.fields.get(key);
  if (!value || isNull(value.node)) {
    const why = parts.keyGaps(key).join('; ');
    if (why !== '') holes.push({ what: key, why });
    return undefined;
  }
  if (value.doubt !== undefined) holes.push({ what: key, why: value.doubt });
  const target = dereference(config, value);
  if (!target) holes.push({ what: key, why: 'a !reference leads out of view' });
  return target;
}

function imageOf(config: GitlabConfig, parts: JobParts, holes: Hole[]): EffectiveJob['image'] {
  const value = valueAt(config, parts, 'image', holes);
  const name = textOf(config, value?.fields ? value.fields.get('name') : value);
  if (!name) return undefined;
  const entrypoint = wordsOf(config, value?.fields?.get('entrypoint'));
  return { name, ...(entrypoint ? { entrypoint } : {}) };
}

function servicesOf(config: GitlabConfig, parts: JobParts, holes: Hole[]): readonly EffectiveService[] {
  const value = valueAt(config, parts, 'services', holes);
  if (!value) return [];
  const { items, complete } = flatItems(config, value.node);
  if (!complete) holes.push({ what: 'services', why: 'a !reference leads out of view' });
  const way = { way: value.way, ...(value.from === undefined ? {} : { from: value.from }) };
  return items.flatMap(item => {
    const service = readValue(config, item, way);
    return (service && serviceOf(config, service)) ?? [];
  });
}

function serviceOf(config: GitlabConfig, service: Value): EffectiveService | undefined {
  const { fields } = service;
  const name = textOf(config, fields ? fields.get('name') : service);
  if (!name) return undefined;
  const alias = textOf(config, fields?.get('alias'));
  const command = wordsOf(config, fields?.get('command'));
  const entrypoint = wordsOf(config, fields?.get('entrypoint'));
  return {
    name,
    ...(alias ? { alias } : {}),
    ...(command ? { command } : {}),
    ...(entrypoint ? { entrypoint } : {}),
    variables: variablesIn(config, dereference(config, fields?.get('variables'))?.fields),
  };
}

function variablesOf(
  config: GitlabConfig,
  parts: JobParts,
  conditions: Conditions,
  holes: Hole[],
): ReadonlyMap<string, EffectiveVariable> {
  const written = variablesIn(config, parts.variables);
  for (const [name, why] of conditions.names) {
    holes.push({ what: `variables.${name}`, why, alternatives: alternativesOf(conditions, written, name) });
  }
  for (const [name, { doubt }] of parts.variables) {
    if (doubt !== undefined && !conditions.names.has(name))
      holes.push({ what: `variables.${name}`, why: doubt });
  }
  const open = [...new Set([...parts.unseenVariables, ...parts.keyGaps('variables')])];
  if (open.length > 0) holes.push({ what: 'variables', why: open.join('; ') });
  return new Map([...written].filter(([name]) => !conditions.names.has(name)));
}

/** The values that a conditional variable may have, the one without any condition among them. */
function alternativesOf(
  conditions: Conditions,
  written: ReadonlyMap<string, EffectiveVariable>,
  name: string,
): readonly string[] {
  const rows = [...new Set([...(conditions.matrix ?? []), ...(conditions.rules ?? [])])];
  const texts = rows.map(row => {
    const value = row.get(name);
    return value ? plain(value) : written.get(name)?.text;
  });
  return [...new Set(texts.filter(text => text !== undefined))];
}

function plain(value: Value): string | undefined {
  const scalar = scalarOf(value.fields ? value.fields.get('value') : value);
  return scalar && psychText(scalar);
}

function variablesIn(
  config: GitlabConfig,
  fields: Fields | undefined,
): ReadonlyMap<string, EffectiveVariable> {
  const made = new Map<string, EffectiveVariable>();
  for (const [name, written] of fields ?? []) {
    const value = dereference(config, written);
    if (!value) continue;
    const inner = value.fields ? (dereference(config, value.fields.get('value')) ?? value) : value;
    const scalar = scalarOf(inner);
    // A variable that is only described is empty; a list is none.
    if (!scalar && !inner.fields) continue;
    const raw = scalarOf(value.fields?.get('expand'))?.text === 'false';
    const text = !scalar || isNull(scalar) ? '' : psychText(scalar);
    made.set(name, { text, raw, origin: originOf(config, { ...inner, ...way(written) }) });
  }
  return made;
}

function way({ way, from }: Value): Pick<Value, 'way' | 'from'> {
  return { way, ...(from === undefined ? {} : { from }) };
}

/** A key that holds texts, nested lists made flat. */
function textsOf(config: GitlabConfig, parts: JobParts, key: string, holes: Hole[]): readonly WrittenText[] {
  const value = valueAt(config, parts, key, holes);
  if (!value) return [];
  const { items, complete } = flatItems(config, value.node);
  if (!complete) holes.push({ what: key, why: 'a !reference leads out of view' });
  return items.flatMap(node => textOf(config, { ...value, node }) ?? []);
}

function wordsOf(config: GitlabConfig, written: Value | undefined): readonly WrittenText[] | undefined {
  const value = dereference(config, written);
  if (!value || isNull(value.node)) return undefined;
  return flatItems(config, value.node).items.flatMap(node => textOf(config, { ...value, node }) ?? []);
}

function textOf(config: GitlabConfig, written: Value | undefined): WrittenText | undefined {
  const value = dereference(config, written);
  const scalar = scalarOf(value);
  if (!value || !scalar || isNull(scalar)) return undefined;
  return { text: scalar.text, origin: originOf(config, value) };
}
