/** Commands and entrypoints for which GitLab makes no pipeline, because they are no lists of texts. */
import type { FixPlan } from '../../model/finding.js';
import type { Intent } from '../../model/intent.js';
import { type Node, type ScalarNode, sourceOf } from '../../syntax/tree.js';
import type { Problem } from '../dialect.js';
import type { GitlabConfig } from './config.js';
import { isText } from './psych.js';
import { dereference } from './references.js';
import { jobFields, servicesOf, sureJobs } from './refused.js';
import { isNull, readValue, scalarOf, type Value } from './values.js';
import { writtenIn } from './written.js';

/**
 * Each `command` and `entrypoint` of an image or a service, that jobs are sure to have, and GitLab refuses.
 * Source: gitlabhq lib/gitlab/ci/config/entry/imageable.rb, entry/service.rb, and `validate_array_of_strings` in
 * lib/gitlab/config/entry/legacy_validation_helpers.rb.
 */
export function wordsNotLists(config: GitlabConfig): readonly Problem[] {
  const written = [...config.jobs.values(), ...config.globals.values()].flat();
  if (!written.some(({ entry }) => entry.value && writtenIn(entry.value).oddWords)) return [];
  return sureJobs(config).flatMap(name => problemsIn(config, name));
}

function problemsIn(config: GitlabConfig, name: string): readonly Problem[] {
  const fields = jobFields(config, name);
  const image = fields?.get('image');
  const services = servicesOf(config, fields).map(node => readValue(config, node, { way: 'own' }));
  return [
    ...wordsOf(config, image?.doubt === undefined ? image : undefined, 'image', name),
    ...services.flatMap(service => wordsOf(config, service, 'service', name)),
  ];
}

type Kind = 'image' | 'service';
type Key = 'command' | 'entrypoint';

const KEYS: Readonly<Record<Kind, readonly Key[]>> = {
  image: ['entrypoint'],
  service: ['command', 'entrypoint'],
};

function wordsOf(
  config: GitlabConfig,
  container: Value | undefined,
  kind: Kind,
  job: string,
): readonly Problem[] {
  const fields = dereference(config, container)?.fields;
  const name = scalarOf(fields?.get('name'));
  return KEYS[kind].flatMap((key): readonly Problem[] => {
    const value = dereference(config, fields?.get(key));
    const fault = value && value.doubt === undefined ? faultOf(config, value.node) : undefined;
    if (!fault || isTainted(config, fault.node)) return [];
    const { node, says } = fault;
    const place = config.place(node);
    return [
      {
        id: 'words-not-list',
        place,
        message: `The ${key} of ${name?.text ?? 'a container'} in job "${job}" ${says}, so GitLab makes no pipeline.`,
        fixes: node === value?.node ? fixesOf(config, node, name, kind, key) : quoted(config, node),
      },
    ];
  });
}

/** What GitLab minds of a command, and the node that is to blame. */
function faultOf(config: GitlabConfig, node: Node): { node: Node; says: string } | undefined {
  if (isNull(node) || mayBeInput(node)) return undefined;
  if (node.kind !== 'seq')
    return { node, says: node.kind === 'map' ? 'is a map' : 'is one text, and no list' };
  for (const item of node.items) {
    const target = dereference(config, readValue(config, item, { way: 'own' }));
    if (!target || target.doubt !== undefined || mayBeInput(target.node)) continue;
    if (target.node.kind === 'seq') return { node: item, says: 'holds a list within the list' };
    if (target.node.kind === 'map') return { node: item, says: 'holds a map' };
    if (target.node.kind === 'scalar' && !isText(target.node))
      return { node: item, says: `holds ${target.node.text || 'an item'}, which is no text without quotes` };
  }
  return undefined;
}

export function isTainted({ parts }: GitlabConfig, { block }: Node): boolean {
  return parts.some(part => 'source' in part && part.source.tree.isTainted(block));
}

/** An input can bring a list, or a number, also in quotes. */
export function mayBeInput(node: Node): boolean {
  return node.kind === 'scalar' && sourceOf(node).includes('$[[');
}

/** One text is cut into words only where no shell would read it otherwise. */
function fixesOf(
  config: GitlabConfig,
  node: Node,
  name: ScalarNode | undefined,
  kind: Kind,
  key: Key,
): readonly FixPlan[] {
  if (!name || node.kind !== 'scalar' || /['"\\$`\n]/.test(node.text)) return [];
  const [place, text] = [config.place(name), node.text.trim()];
  const intents: readonly Intent[] =
    kind === 'service'
      ? [{ kind: 'set-service-key', service: place, key, value: text.split(/\s+/) }]
      : text === ''
        ? [{ kind: 'clear-entrypoint', image: place }]
        : [];
  return intents.length > 0 ? [{ title: 'Write a list of words', safety: 'unsafe', intents }] : [];
}

function quoted(config: GitlabConfig, node: Node): readonly FixPlan[] {
  if (node.kind !== 'scalar' || node.text === '') return [];
  const at = config.place(node);
  return [
    { title: 'Put it in quotes', safety: 'safe', intents: [{ kind: 'replace-value', at, value: node.text }] },
  ];
}
