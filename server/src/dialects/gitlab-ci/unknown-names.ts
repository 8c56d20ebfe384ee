/** Names that jobs extend or refer to, and that no file of the pipeline has. */
import { onlyClosest } from '../../model/closest.js';
import type { FixPlan } from '../../model/finding.js';
import type { Node, ScalarNode, SeqNode } from '../../syntax/tree.js';
import type { Problem } from '../dialect.js';
import type { GitlabConfig } from './config.js';
import { effectiveJob, parentsOf } from './extends.js';
import { dereference } from './references.js';
import { isPlain } from './site-key.js';
import { isPutIn } from './sources.js';
import type { Value } from './values.js';
import { writtenIn } from './written.js';

/**
 * Parents and references that lead nowhere, where all of the pipeline is in view. A file of templates alone makes no
 * pipeline, so it is nobody's first file. Source: gitlabhq lib/gitlab/ci/config/extendable/entry.rb,
 * lib/gitlab/ci/config/yaml/tags/reference.rb.
 */
export function unknownNames(config: GitlabConfig): readonly Problem[] {
  if (config.gaps.length > 0) return [];
  const suspects = [...config.jobs.keys()].filter(name => !isPlain(config, name));
  if (suspects.length === 0 || [...config.jobs.keys()].every(isHidden)) return [];
  const names = topLevelNames(config);
  if (!names) return [];
  return [...unknownParents(config, suspects, names), ...unknownReferences(config, suspects, names)];
}

function isHidden(name: string): boolean {
  return name.startsWith('.');
}

/** Every top-level key; `undefined` where some cannot be read. */
function topLevelNames(config: GitlabConfig): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const [block, roots] of config.roots) {
    if (config.isTainted(block)) return undefined;
    for (const root of roots) {
      for (const { key } of root.kind === 'map' ? root.entries : []) names.add(key.text);
    }
  }
  return [...names].some(name => name === '<<' || isOpen(name)) ? undefined : names;
}

function isOpen(name: string): boolean {
  return name.includes('$[[');
}

/** Further names get no hint: in a file with so many something else is wrong. */
const MAX_HINTS = 20;

function unknownParents(
  config: GitlabConfig,
  jobs: readonly string[],
  names: ReadonlySet<string>,
): readonly Problem[] {
  const lost = jobs.flatMap(job =>
    parentsOf(config, job)
      .filter(({ text, tag }) => !names.has(text) && !isOpen(text) && tag === undefined)
      .map(node => ({ job, node })),
  );
  const known = [...config.jobs.keys()];
  return lost.map(({ job, node }, i) => {
    const meant =
      i < MAX_HINTS
        ? onlyClosest(
            node.text,
            known.filter(name => name !== job),
          )
        : undefined;
    return {
      id: 'extends-unknown',
      place: config.place(node),
      alone: true,
      message: `Job "${job}" extends "${node.text}", which no file of this pipeline has, so GitLab makes no pipeline${ending(meant)}`,
      ...(meant === undefined ? {} : { fixes: renaming(config, node, `Extend ${meant}`, meant) }),
    };
  });
}

function ending(meant: string | undefined): string {
  return meant === undefined ? '.' : `; did you mean "${meant}"?`;
}

/** What inputs bring is not written there. */
function renaming(config: GitlabConfig, node: ScalarNode, title: string, value: string): readonly FixPlan[] {
  if (isPutIn(node)) return [];
  return [{ title, safety: 'unsafe', intents: [{ kind: 'replace-value', at: config.place(node), value }] }];
}

function unknownReferences(
  config: GitlabConfig,
  jobs: readonly string[],
  names: ReadonlySet<string>,
): readonly Problem[] {
  // Many jobs refer to the same few things.
  const known = new Map<string, string | undefined>();
  const found: Problem[] = [];
  for (const job of jobs) {
    for (const { entry } of config.jobs.get(job) ?? []) {
      for (const node of entry.value ? writtenIn(entry.value).references : []) {
        const way = wayOf(config, node);
        const shown = way?.join(', ') ?? '';
        if (way && !known.has(shown)) known.set(shown, lostOn(config, way, names));
        const lost = known.get(shown);
        if (lost !== undefined) found.push(lostReference(config, job, node, shown, lost));
      }
    }
  }
  return found;
}

function lostReference(
  config: GitlabConfig,
  job: string,
  node: SeqNode,
  shown: string,
  lost: string,
): Problem {
  const message = `Job "${job}" refers to [${shown}], but ${lost}, so GitLab makes no pipeline.`;
  return { id: 'reference-unknown', place: config.place(node), alone: true, message };
}

/** The names in a reference; `undefined` where they are not known. */
function wayOf(config: GitlabConfig, reference: SeqNode): readonly string[] | undefined {
  const words = reference.items.map(item => wordOf(config, item));
  const known = words.filter(word => word !== undefined && !isOpen(word));
  return known.length === words.length && known.length > 0 ? (known as readonly string[]) : undefined;
}

/** What is not there, in words. */
function lostOn(
  config: GitlabConfig,
  [name = '', ...keys]: readonly string[],
  names: ReadonlySet<string>,
): string | undefined {
  if (!names.has(name)) return `no file of this pipeline has "${name}"`;
  const lost = lostKey(config, name, keys);
  return lost && `"${lost.in}" has no "${lost.key}"`;
}

function wordOf(config: GitlabConfig, item: Node): string | undefined {
  const node = config.resolve(item);
  return node?.kind === 'scalar' ? node.text : undefined;
}

/** The first key of the way through a job that is not there; only where all of the job is in view. */
function lostKey(
  config: GitlabConfig,
  name: string,
  keys: readonly string[],
): { readonly in: string; readonly key: string } | undefined {
  const job = effectiveJob(config, name);
  if (!job || job.missing.length > 0) return undefined;
  let fields: Value['fields'] = job.fields;
  let way = name;
  for (const key of keys) {
    const value: Value | undefined = fields?.get(key);
    if (fields && !value) return { in: way, key };
    const target: Value | undefined = value?.doubt === undefined ? dereference(config, value) : undefined;
    if (!target?.fields) return undefined;
    fields = target.fields;
    way = `${way}:${key}`;
  }
  return undefined;
}
