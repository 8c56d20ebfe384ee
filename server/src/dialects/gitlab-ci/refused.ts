/** What GitLab refuses of a pipeline though all its files and names are there. */
import { placeOf } from '../../model/known.js';
import type { Node } from '../../syntax/tree.js';
import type { Problem } from '../dialect.js';
import { type GitlabConfig, globalValue } from './config.js';
import { defaultsOf, withDefaults } from './defaults.js';
import { effectiveJob } from './extends.js';
import { oldDefaults } from './odd.js';
import { dereference } from './references.js';
import { type Fields, isNull, type Value } from './values.js';
import { writtenIn } from './written.js';

/** Keys that stand both in `default:` and at the top. Source: gitlabhq lib/gitlab/ci/config/entry/default.rb, overwrite_entry. */
export function defaultTwice(config: GitlabConfig): readonly Problem[] {
  const fields = dereference(config, globalValue(config, 'default', 'default'))?.fields;
  return oldDefaults(config).flatMap((key): readonly Problem[] => {
    const [top, inner] = [globalValue(config, key, 'global'), fields?.get(key)];
    if (!isSure(top) || !isSure(inner) || !top?.entry || !inner?.entry) return [];
    const entry = config.place(top.entry);
    return [
      {
        id: 'default-twice',
        place: config.place(top.entry.key),
        message: `"${key}" stands both at the top and in "default:", so GitLab makes no pipeline.`,
        related: [{ place: config.place(inner.entry.key), message: `"${key}" stands in "default:" here.` }],
        fixes: [
          {
            title: `Remove "${key}" at the top and keep the one in "default:"`,
            safety: 'unsafe',
            intents: [{ kind: 'remove-entry', entry }],
          },
        ],
      },
    ];
  });
}

function isSure(value: Value | undefined): boolean {
  return value !== undefined && value.doubt === undefined && !isNull(value.node);
}

/**
 * Lists within the services of jobs. GitLab makes such lists flat for scripts and rules, not for services.
 * Source: gitlabhq lib/gitlab/ci/config/entry/services.rb, entry/imageable.rb.
 */
export function nestedServices(config: GitlabConfig): readonly Problem[] {
  return holdsNested(config) ? sureJobs(config).flatMap(name => nestedIn(config, name)) : [];
}

/** The names of all jobs that GitLab looks at, whatever conditions of includes come to. */
export function sureJobs({ jobs }: GitlabConfig): readonly string[] {
  return [...jobs].flatMap(([name, definitions]) =>
    name.startsWith('.') || definitions.every(({ condition }) => condition !== undefined) ? [] : [name],
  );
}

/** Whether any list of services does; jobs are put together only then. */
function holdsNested(config: GitlabConfig): boolean {
  const jobs = [...config.jobs.values(), ...config.globals.values()].flat();
  return jobs.some(({ entry }) => {
    const node = entry.value && config.resolve(entry.value);
    const written =
      node?.kind === 'map' ? node.entries.find(({ key }) => key.text === 'services')?.value : node;
    return written?.kind === 'seq' && written.items.some(item => isList(config, item));
  });
}

function nestedIn(config: GitlabConfig, name: string): readonly Problem[] {
  return servicesOf(config, jobFields(config, name))
    .filter(item => isList(config, item))
    .map(item => ({
      id: 'services-nested',
      place: config.place(item),
      message: `The services of job "${name}" hold a list within the list, so GitLab makes no pipeline.`,
    }));
}

/** All fields of a job that a runner is handed, with what it inherits. */
export function jobFields(config: GitlabConfig, name: string): Fields | undefined {
  const fields = effectiveJob(config, name)?.fields;
  if (!fields || fields.has('trigger')) return undefined;
  return withDefaults(fields, defaultsOf(config, fields, []), () => []);
}

/** The services that a job is sure to have, as they are written. */
export function servicesOf(config: GitlabConfig, fields: Fields | undefined): readonly Node[] {
  const written = fields?.get('services');
  const value = written?.doubt === undefined ? dereference(config, written) : undefined;
  return value?.node.kind === 'seq' && value.doubt === undefined ? value.node.items : [];
}

function isList(config: GitlabConfig, item: Node): boolean {
  const node = config.resolve(item);
  const target = node && dereference(config, { node, way: 'own' });
  return target?.node.kind === 'seq' && target.doubt === undefined && target.node.tag === undefined;
}

/**
 * Dates without quotes, for GitLab lets YAML bring texts, numbers and truth values only.
 * Source: gitlabhq lib/gitlab/config/loader/yaml.rb, permitted_classes.
 */
export function plainDates({ parts }: GitlabConfig): readonly Problem[] {
  return parts.flatMap(part => {
    if (!('source' in part) || part.condition !== undefined) return [];
    const { tree, path } = part.source;
    return tree.documents.slice(0, 2).flatMap(({ blocks }) =>
      blocks.flatMap(({ block, root }) => {
        if (!root || tree.isTainted(block)) return [];
        return writtenIn(root).dates.map((node): Problem => {
          const at = placeOf(path, node);
          return {
            id: 'date-unquoted',
            place: at,
            message: `GitLab takes ${node.text} for a date, which it does not allow, and makes no pipeline.`,
            fixes: [
              {
                title: 'Put the date in quotes',
                safety: 'safe',
                intents: [{ kind: 'replace-value', at, value: node.text }],
              },
            ],
          };
        });
      }),
    );
  });
}
