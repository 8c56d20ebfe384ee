/** Keys of jobs with a value of another kind than GitLab wants, for which it makes no pipeline. */
import type { FixPlan } from '../../model/finding.js';
import { type Node, sourceOf } from '../../syntax/tree.js';
import type { Problem } from '../dialect.js';
import { type GitlabConfig, globalValue } from './config.js';
import { isText } from './psych.js';
import { dereference } from './references.js';
import { jobFields, servicesOf, sureJobs } from './refused.js';
import { isNull, readValue, type Value } from './values.js';
import { isTainted, mayBeInput } from './words.js';
import { CONTAINER_KEYS, isOtherScalar, JOB_DATA, ROOT_DATA, writtenIn } from './written.js';

/**
 * What is wrong with the image, services, tags and variables that jobs are sure to have.
 * Source: gitlabhq lib/gitlab/ci/config/entry: image.rb, service.rb, services.rb, imageable.rb, tags.rb, variables.rb,
 * variable.rb.
 */
export function shapeProblems(config: GitlabConfig): readonly Problem[] {
  if (![...config.roots.values()].flat().some(root => writtenIn(root).oddShape)) return [];
  const found = [
    ...sureJobs(config).flatMap(name => ofJob(config, name)),
    ...variableFaults(config, globalValue(config, 'variables', 'global'), 'at the top', ROOT_DATA),
  ];
  return found.flatMap(({ id, node, says, fixes }): readonly Problem[] => {
    if (mayBeInput(node) || isTainted(config, node)) return [];
    return [{ id, place: config.place(node), message: `${says}, so GitLab makes no pipeline.`, fixes }];
  });
}

interface Fault {
  readonly id: Problem['id'];
  readonly node: Node;
  readonly says: string;
  readonly fixes: readonly FixPlan[];
}

function ofJob(config: GitlabConfig, job: string): readonly Fault[] {
  const fields = jobFields(config, job);
  const image = sure(config, fields?.get('image'));
  const whose = `of job "${job}"`;
  return [
    ...(image ? containerFaults(config, image, 'image', `The image ${whose}`) : []),
    ...listFaults(config, sure(config, fields?.get('services')), 'services', whose),
    ...servicesOf(config, fields).flatMap(node => {
      const service = sure(config, readValue(config, node, { way: 'own' }));
      return service ? containerFaults(config, service, 'service', `A service ${whose}`) : [];
    }),
    ...listFaults(config, sure(config, fields?.get('tags')), 'tags', whose),
    ...tagFaults(config, sure(config, fields?.get('tags')), whose),
    ...variableFaults(config, fields?.get('variables'), whose, JOB_DATA),
  ];
}

/** What a value comes to; `undefined` where nothing is written, or it may be replaced. */
function sure(config: GitlabConfig, value: Value | undefined): Value | undefined {
  const target = value?.doubt === undefined ? dereference(config, value) : undefined;
  return target?.doubt === undefined && target && !isNull(target.node) ? target : undefined;
}

/** Services and tags that are one value. */
function listFaults(
  config: GitlabConfig,
  value: Value | undefined,
  key: 'services' | 'tags',
  whose: string,
): readonly Fault[] {
  if (!value || value.node.kind === 'seq' || value.node.kind === 'alias') return [];
  const { node } = value;
  const what = node.kind === 'map' ? 'a map' : isOtherScalar(node) ? sourceOf(node) : 'one text';
  const canBeItem = key === 'services' ? !isOtherScalar(node) : node.kind === 'scalar' && isText(node);
  const fix: FixPlan = {
    title: 'Make it a list',
    safety: 'safe',
    intents: [{ kind: 'make-list', at: config.place(node) }],
  };
  const id = key === 'services' ? 'services-not-list' : 'tags-not-list';
  return [{ id, node, says: `The ${key} ${whose} are ${what}, and no list`, fixes: canBeItem ? [fix] : [] }];
}

function tagFaults(config: GitlabConfig, tags: Value | undefined, whose: string): readonly Fault[] {
  if (tags?.node.kind !== 'seq' || tags.node.tag !== undefined) return [];
  return tags.node.items.flatMap((item): readonly Fault[] => {
    const node = sure(config, readValue(config, item, { way: 'own' }))?.node;
    if (!node || !(isOtherScalar(node) || node.kind === 'map')) return [];
    const says = `The tags ${whose} hold ${node.kind === 'map' ? 'a map' : sourceOf(node)}, which is no text`;
    return [{ id: 'tags-not-list', node, says, fixes: quoting(config, node) }];
  });
}

function quoting(config: GitlabConfig, node: Node): readonly FixPlan[] {
  if (node.kind !== 'scalar') return [];
  const at = config.place(node);
  return [{ title: 'Put it in quotes', safety: 'safe', intents: [{ kind: 'quote-text', at }] }];
}

/** An image or service that is neither a text nor a map of the keys that GitLab knows. */
function containerFaults(
  config: GitlabConfig,
  { node, fields }: Value,
  kind: 'image' | 'service',
  subject: string,
): readonly Fault[] {
  const fault = (at: Node, says: string, fixes: readonly FixPlan[] = []): Fault => ({
    id: 'image-invalid',
    node: at,
    says: `${subject} ${says}`,
    fixes,
  });
  if (isOtherScalar(node))
    return [fault(node, `is ${sourceOf(node)}, which is no text`, quoting(config, node))];
  if (node.kind === 'seq' && kind === 'image') return [fault(node, 'is a list, and no text')];
  if (!fields) return [];
  const name = fields.get('name');
  const unknown = [...fields].flatMap(([key, { entry, doubt }]) =>
    CONTAINER_KEYS[kind].has(key) || doubt !== undefined || !entry
      ? []
      : [fault(entry.key, `has a key "${key}", which GitLab does not know`)],
  );
  if (!name || (name.doubt === undefined && isNull(name.node)))
    return [fault(node, 'has no name'), ...unknown];
  if (name.doubt !== undefined || !isOtherScalar(name.node)) return unknown;
  const says = `is named ${sourceOf(name.node)}, which is no text`;
  return [fault(name.node, says, quoting(config, name.node)), ...unknown];
}

function variableFaults(
  config: GitlabConfig,
  written: Value | undefined,
  whose: string,
  data: ReadonlySet<string>,
): readonly Fault[] {
  const id = 'variables-invalid';
  const variables = sure(config, written);
  if (!variables) return [];
  const { node, fields } = variables;
  if (!fields) {
    const what = node.kind === 'seq' ? 'a list' : 'a text';
    return [{ id, node, says: `The variables ${whose} are ${what}, and no map`, fixes: [] }];
  }
  return [...fields].flatMap(([name, value]): readonly Fault[] => {
    const one = sure(config, value);
    const subject = `Variable "${name}" ${whose}`;
    if (one?.node.kind === 'seq') return [{ id, node: one.node, says: `${subject} is a list`, fixes: [] }];
    return [...(one?.fields ?? [])].flatMap(([key, { entry, doubt }]) =>
      data.has(key) || !entry || doubt !== undefined
        ? []
        : [{ id, node: entry.key, says: `${subject} has a "${key}", which it cannot have there`, fixes: [] }],
    );
  });
}
