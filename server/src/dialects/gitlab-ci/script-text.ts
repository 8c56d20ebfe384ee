/** Lines of scripts for which GitLab makes no pipeline, because YAML takes them for something else than text. */
import type { FixPlan } from '../../model/finding.js';
import { type Entry, type Node, sourceOf } from '../../syntax/tree.js';
import { isExplicit } from '../../syntax/yaml-find.js';
import type { Problem } from '../dialect.js';
import { type GitlabConfig, globalValue } from './config.js';
import { dereference } from './references.js';
import { jobFields, sureJobs } from './refused.js';
import { type Fields, isNull, readValue, type Value } from './values.js';
import { isTainted, mayBeInput } from './words.js';
import { isOtherScalar, SCRIPT_KEYS, writtenIn } from './written.js';

/**
 * What is no text in the scripts that jobs are sure to have, and in those for all jobs, which GitLab reads also where
 * no job takes them. Lists in lists are allowed.
 * Source: gitlabhq lib/gitlab/ci/config/entry/commands.rb, entry/hooks.rb, and `validate_string` in
 * lib/gitlab/config/entry/legacy_validation_helpers.rb.
 */
export function scriptsNotText(config: GitlabConfig): readonly Problem[] {
  if (![...config.roots.values()].flat().some(root => writtenIn(root).oddScript)) return [];
  const shared = dereference(config, globalValue(config, 'default', 'default'))?.fields;
  const old = ['before_script', 'after_script'].flatMap(key => {
    const value = globalValue(config, key, 'global');
    return value ? [[key, value] as const] : [];
  });
  // Of one place, the last is told.
  return [
    ...sureJobs(config).flatMap(name => problemsIn(config, jobFields(config, name), `of job "${name}"`)),
    ...problemsIn(config, shared, 'in "default:"'),
    ...problemsIn(config, new Map(old), 'at the top'),
  ];
}

function problemsIn(config: GitlabConfig, fields: Fields | undefined, whose: string): readonly Problem[] {
  const hooks = dereference(config, fields?.get('hooks'))?.fields;
  return SCRIPT_KEYS.flatMap(key => {
    const value = (key === 'pre_get_sources_script' ? hooks : fields)?.get(key);
    if (!value || isNull(value.node)) return [];
    return notTexts(config, value).map(node => problem(config, node, `the ${key} ${whose}`));
  });
}

/** More are not told; one is enough for GitLab. */
const MAX_TOLD = 20;
const DEEPEST = 10;

/** What is no text in a script, as far as that is sure. */
function notTexts(config: GitlabConfig, script: Value): readonly Node[] {
  const found: Node[] = [];
  const look = (written: Value | undefined, depth: number): void => {
    const target = written?.doubt === undefined ? dereference(config, written) : undefined;
    if (!target || target.doubt !== undefined || depth > DEEPEST || found.length >= MAX_TOLD) return;
    const { node } = target;
    if (node.kind === 'seq') {
      for (const item of node.items) look(readValue(config, item, { way: 'own' }), depth + 1);
    } else if ((node.kind === 'map' || isOtherScalar(node)) && !mayBeInput(node) && !isTainted(config, node))
      found.push(node);
  };
  look(script, 0);
  return found;
}

function problem(config: GitlabConfig, node: Node, where: string): Problem {
  return {
    id: 'script-not-text',
    place: config.place(node),
    message: `${sentence(node, where)}, so GitLab makes no pipeline.`,
    fixes: fixesOf(config, node),
  };
}

function sentence(node: Node, where: string): string {
  const capital = `T${where.slice(1)}`;
  if (isNull(node)) return `${capital} holds an empty item`;
  if (node.kind !== 'map') return `${capital} holds ${sourceOf(node)}, which is no text without quotes`;
  const [first] = node.entries;
  return first
    ? `YAML takes "${shown(first)}" in ${where} for a map, because of its colon`
    : `${capital} holds a map`;
}

/** The first word of a line is no secret. */
function shown({ key }: Entry): string {
  const [word = ''] = key.text.split(/[\s=]/);
  return word === key.text ? `${word}: …` : `${word} …`;
}

/** The line as it is written, in quotes, where that is what people mean. */
function fixesOf(config: GitlabConfig, node: Node): readonly FixPlan[] {
  const end = node.kind === 'map' ? lineEnd(node.entries) : node.end;
  if (end === undefined || isNull(node)) return [];
  const at = { ...config.place(node), end };
  return [{ title: 'Put the line in quotes', safety: 'safe', intents: [{ kind: 'quote-text', at }] }];
}

/**
 * Where a map ends that is a single line of a shell: a command with arguments in front of its colon, which is no
 * variable. `undefined` for other maps.
 */
function lineEnd([only, more]: readonly Entry[]): number | undefined {
  if (!only || more || only.key.style !== 'plain' || isExplicit(only)) return undefined;
  const { key, value } = only;
  const { text } = key.block;
  const end = value?.end ?? key.end + (/^[ \t]*:/.exec(text.slice(key.end))?.[0].length ?? 0);
  const line = text.slice(key.start, end);
  // Names and tags of YAML would be lost in a text.
  return /\s/.test(key.text) && !/[\r\n]|:[ \t]+[&*!]/.test(line) ? end : undefined;
}
