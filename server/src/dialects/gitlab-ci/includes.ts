/** The includes of a pipeline in the order in which GitLab merges them, and what each leaves open. */
import { type TemplateContents, templateContents } from '../../catalog/gitlab-templates.js';
import { type Place, placeOf } from '../../model/known.js';
import type { Entry, MapNode, Node, ScalarNode } from '../../syntax/tree.js';
import type { Link, LinkedFile, Problem, Unit } from '../dialect.js';
import { includedProblems } from './include-problems.js';
import { decideRules } from './include-rules.js';
import { contentOf, resolveIn, type Source, sourceOf } from './sources.js';
import { type GivenInput, headerOf, type Inputs } from './spec-inputs.js';

/** Something that is included and not in view: what it sets is unknown. */
export interface Gap {
  readonly why: string;
  /** What it is known to hold; anything where this is missing. */
  readonly holds?: TemplateContents;
}

/** The pipeline that GitLab starts with, whatever includes it. */
export const START_FILE = '.gitlab-ci.yml';

/** What is merged, the later over the earlier. */
export type Part =
  | { readonly source: Source /** Why it may be left out. */; readonly condition?: string }
  | { readonly gap: Gap };

export interface Closure {
  readonly parts: readonly Part[];
  readonly problems: readonly Problem[];
}

/** One entry of `include:`. */
interface Include {
  readonly links: readonly { readonly link: Link; readonly node: ScalarNode }[];
  /** Shown to people where it is not in view. */
  readonly name: string;
  readonly template?: string;
  readonly rules: Node | undefined;
  readonly inputs: Inputs;
}

/** GitLab takes 150 files at most. Source: gitlabhq lib/gitlab/ci/config/external/context.rb. */
const MAX_FILES = 150;
/** More top-level keys come only from large files that are included over and over. */
const MAX_BLOCKS = 20_000;

/** All that a pipeline is made of; the file itself comes last, for it wins. */
export function closureOf(unit: Unit): Closure {
  const walk: Walk = { unit, parts: [], problems: [], files: 0, blocks: 0 };
  const own = sourceOf(unit.path, unit.tree, new Map());
  addIncludes(walk, own, [own.path], undefined);
  if (isFull(walk)) walk.parts.push({ gap: { why: 'it includes more than can be put together' } });
  walk.parts.push({ source: own });
  return walk;
}

/** The local files and those of other projects that a file includes. */
export function linksOf(source: Source): readonly Link[] {
  const resolve = (node: Node) => resolveIn(source.tree, node);
  return includesOf(source).flatMap(({ links, rules }) =>
    rules && decideRules(rules, { resolve, exists: () => undefined }) === 'never'
      ? []
      : links.map(({ link }) => link),
  );
}

interface Walk {
  readonly unit: Unit;
  readonly parts: Part[];
  readonly problems: Problem[];
  files: number;
  blocks: number;
}

function isFull({ files, blocks }: Walk): boolean {
  return files > MAX_FILES || blocks > MAX_BLOCKS;
}

function addIncludes(walk: Walk, source: Source, trail: readonly string[], outer: string | undefined): void {
  for (const include of includesOf(source)) {
    const taken = include.rules && takenBy(walk, source, include.rules);
    if (taken === 'never') continue;
    const open = include.rules && taken === undefined;
    const condition = open ? `${include.name} is included only under rules` : outer;
    if (include.links.length === 0) walk.parts.push({ gap: gapOf(include) });
    for (const { link, node } of include.links) {
      if (isFull(walk)) return;
      const place = placeOf(source.path, node);
      const files = walk.unit.follow?.(link, source.path);
      if (!files) walk.parts.push({ gap: { why: `it includes ${link.target}` } });
      else if (files.length === 0) missing(walk, link, place, condition !== undefined);
      for (const file of files ?? []) {
        if (trail.includes(file.path)) cycle(walk, file.path, place);
        else {
          // A checkout of another project may be another version than the one that GitLab takes.
          if (condition === undefined && link.project === undefined && looksOdd(file, include))
            walk.problems.push(...includedProblems(file, link, include.inputs, source.path, place));
          const made = sourceOf(file.path, file.tree, include.inputs);
          const foreign = source.foreign === true || link.project !== undefined;
          const includedAt = source.includedAt ?? place;
          addFile(walk, { ...made, includedAt, ...(foreign ? { foreign } : {}) }, trail, condition);
        }
      }
    }
  }
}

/** What the rules of an include come to. Of paths in files, those of GitLab's first file are sure to count from the root. */
function takenBy({ unit }: Walk, source: Source, rules: Node): ReturnType<typeof decideRules> {
  const sure = unit.path === START_FILE && source.foreign !== true;
  return decideRules(rules, {
    resolve: node => resolveIn(source.tree, node),
    exists: path => (sure ? unit.exists?.(path) : undefined),
  });
}

/** Whether GitLab may refuse the file, or what is given to it. */
function looksOdd({ path, tree }: LinkedFile, { inputs }: Include): boolean {
  const plain = (contentOf(tree)?.entries.length ?? 0) > 0 && /\.ya?ml$/i.test(path);
  return !plain || inputs.size > 0 || headerOf(tree) !== undefined;
}

function addFile(walk: Walk, source: Source, trail: readonly string[], condition: string | undefined): void {
  walk.files += 1;
  walk.blocks += source.blocks.length;
  if (isFull(walk)) return;
  addIncludes(walk, source, [...trail, source.path], condition);
  walk.parts.push({ source, ...(condition === undefined ? {} : { condition }) });
}

function gapOf(include: Include): Gap {
  const holds = include.template === undefined ? undefined : templateContents(include.template);
  return { why: `it includes ${include.name}`, ...(holds ? { holds } : {}) };
}

function missing(walk: Walk, link: Link, place: Place, conditional: boolean): void {
  walk.files += 1;
  walk.parts.push({ gap: { why: `it includes ${link.target}, which is not here` } });
  // A condition may ask whether the file is there; a pattern may match nothing yet.
  if (conditional || link.project !== undefined || /[*?]/.test(link.target)) return;
  walk.problems.push({
    id: 'include-missing',
    place,
    target: link.target,
    message: `There is no file "${link.target}" in this project, so GitLab makes no pipeline.`,
  });
}

function cycle(walk: Walk, path: string, place: Place): void {
  walk.problems.push({
    id: 'include-cycle',
    place,
    message: `This include leads back to ${path}, so GitLab goes round in a circle and makes no pipeline.`,
  });
}

function includesOf(source: Source): readonly Include[] {
  const value = source.entries.find(({ key }) => key.text === 'include')?.value;
  const node = value && resolveIn(source.tree, value);
  const items = node?.kind === 'seq' ? node.items.slice(0, MAX_FILES + 1) : node ? [node] : [];
  return items.flatMap(item => {
    const resolved = resolveIn(source.tree, item);
    if (resolved?.kind === 'scalar') return resolved.text === '' ? [] : [bareInclude(resolved)];
    return resolved?.kind === 'map' ? [mapInclude(source, resolved)] : [];
  });
}

const NOTHING: Inputs = new Map();

/** A string is an address or a local path. Source: gitlabhq doc/ci/yaml, `include`. */
function bareInclude(node: ScalarNode): Include {
  const local = !/^https?:/.test(node.text) && !node.text.includes('$');
  const links = local ? [{ link: linkTo(node.text), node }] : [];
  return { links, name: node.text, rules: undefined, inputs: NOTHING };
}

function linkTo(target: string, project?: string): Link {
  const path = target.replace(/^\/+/, '');
  return { kind: 'include', target: path, ...(project === undefined ? {} : { project }) };
}

function mapInclude(source: Source, map: MapNode): Include {
  const find = (key: string): Node | undefined => {
    const value = map.entries.find((entry: Entry) => entry.key.text === key)?.value;
    return value && resolveIn(source.tree, value);
  };
  const text = (key: string): string | undefined => {
    const node = find(key);
    return node?.kind === 'scalar' ? node.text : undefined;
  };
  const inputs = find('inputs');
  const shared = {
    rules: find('rules'),
    inputs: inputs?.kind === 'map' ? inputsOf(source, inputs) : NOTHING,
  };
  const local = find('local');
  if (local?.kind === 'scalar' && !local.text.includes('$'))
    return { ...shared, links: [{ link: linkTo(local.text), node: local }], name: local.text };
  const project = text('project');
  if (project !== undefined && !project.includes('$'))
    return projectInclude(source, find('file'), project, shared);
  const template = text('template');
  const name =
    text('remote') ??
    template ??
    text('component') ??
    text('artifact') ??
    text('local') ??
    project ??
    'other files';
  return { ...shared, links: [], name, ...(template === undefined ? {} : { template }) };
}

function projectInclude(
  source: Source,
  file: Node | undefined,
  project: string,
  shared: Pick<Include, 'rules' | 'inputs'>,
): Include {
  const nodes =
    file?.kind === 'seq'
      ? file.items.slice(0, MAX_FILES + 1).map(item => resolveIn(source.tree, item))
      : [file];
  const scalars = nodes.filter(node => node?.kind === 'scalar');
  const whole = scalars.length === nodes.length && scalars.every(({ text }) => !text.includes('$'));
  const links = scalars.map(node => ({ link: linkTo(node.text, project), node }));
  return { ...shared, links: whole ? links : [], name: `files of project ${project}` };
}

function inputsOf(source: Source, map: MapNode): Inputs {
  return new Map(
    map.entries.flatMap(({ key, value }) => {
      const node = value && resolveIn(source.tree, value);
      const given: GivenInput | undefined = node && { key, written: value, node };
      return given ? [[key.text, given] as const] : [];
    }),
  );
}
