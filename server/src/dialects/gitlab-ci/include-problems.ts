/** What GitLab refuses of a file that is included, and of the inputs that are given to it. */
import { onlyClosest } from '../../model/closest.js';
import type { FixPlan } from '../../model/finding.js';
import { type Place, placeOf } from '../../model/known.js';
import type { Node } from '../../syntax/tree.js';
import type { Link, LinkedFile, Problem } from '../dialect.js';
import { contentOf, isPutIn } from './sources.js';
import {
  type DeclaredInput,
  demandOn,
  type GivenInput,
  type Inputs,
  isRequired,
  optionsOf,
  type Spec,
  specOf,
} from './spec-inputs.js';
import { isNull } from './values.js';

/** Source: gitlabhq lib/gitlab/ci/config/external/file/base.rb, YAML_ALLOWLIST_EXTENSION. */
const EXTENSION = /[^/]\.ya?ml$/i;

/** What is wrong with a file that the file at `from` includes with inputs; `at` is the include. */
export function includedProblems(
  file: LinkedFile,
  link: Link,
  given: Inputs,
  from: string,
  at: Place,
): readonly Problem[] {
  return [...fileProblems(file, link, at), ...inputProblems(file, given, from, at)];
}

/** A file that cannot be part of a pipeline. */
function fileProblems(file: LinkedFile, { target }: Link, at: Place): readonly Problem[] {
  const problem = (message: string): readonly Problem[] => [
    { id: 'include-invalid', place: at, message: `${message}, so GitLab makes no pipeline.` },
  ];
  if (!target.includes('*') && !EXTENSION.test(target))
    return problem(`The name of "${target}" does not end in .yml or .yaml`);
  const { tree, path } = file;
  if (tree.problems.length > 0) return [];
  const content = contentOf(tree);
  if (content && content.entries.length > 0) return [];
  return problem(content?.blocks.some(({ root }) => root) ? `"${path}" holds no keys` : `"${path}" is empty`);
}

/** Inputs that the file wants and does not get, does not know, or does not take. */
function inputProblems(file: LinkedFile, given: Inputs, from: string, at: Place): readonly Problem[] {
  if (file.tree.problems.length > 0 || given.has('<<')) return [];
  const spec = specOf(file.tree);
  const [first] = given.values();
  if (!spec) return first ? [undeclared(file, first, from)] : [];
  return [
    ...missingInputs(file, spec, given, at),
    ...[...given].flatMap(([name, one]) => {
      const input = spec.inputs.get(name);
      if (input) return invalid(file, input, one, from);
      return spec.complete ? [unknown(file, spec, given, one, from)] : [];
    }),
  ];
}

function missingInputs(
  file: LinkedFile,
  { inputs, complete }: Spec,
  given: Inputs,
  at: Place,
): readonly Problem[] {
  const missing = [...inputs.values()].filter(input => {
    const node = given.get(input.name.text)?.node;
    return isRequired(input) && (!node || isNull(node));
  });
  if (!complete || missing.length === 0) return [];
  const names = missing.map(({ name }) => `"${name.text}"`);
  const what = names.length === 1 ? `input ${names[0]}, which has` : `inputs ${names.join(', ')}, which have`;
  return [
    {
      id: 'input-missing',
      place: at,
      message: `This include does not give "${file.path}" the ${what} no default, so GitLab makes no pipeline.`,
      related: missing.map(({ name }) => ({
        place: placeOf(file.path, name),
        message: `Input "${name.text}" is declared here.`,
      })),
    },
  ];
}

function undeclared({ path }: LinkedFile, { key }: GivenInput, from: string): Problem {
  return {
    id: 'input-unknown',
    place: placeOf(from, key),
    message: `"${path}" declares no inputs, but "${key.text}" is given to it, so GitLab makes no pipeline.`,
  };
}

function unknown(
  { path }: LinkedFile,
  { inputs }: Spec,
  given: Inputs,
  { key }: GivenInput,
  from: string,
): Problem {
  const place = placeOf(from, key);
  const meant = onlyClosest(
    key.text,
    [...inputs.keys()].filter(name => !given.has(name)),
  );
  const hint = meant === undefined ? '' : `; did you mean "${meant}"?`;
  return {
    id: 'input-unknown',
    place,
    message: `"${path}" declares no input "${key.text}", so GitLab makes no pipeline${hint === '' ? '.' : hint}`,
    ...(meant === undefined ? {} : { fixes: renaming(key, place, `Give input "${meant}"`, meant) }),
  };
}

function invalid(
  { path }: LinkedFile,
  input: DeclaredInput,
  { written, node }: GivenInput,
  from: string,
): readonly Problem[] {
  const demand = demandOn(input, node);
  if (demand === undefined) return [];
  const place = placeOf(from, written);
  const options = optionsOf(input)?.map(({ text }) => text) ?? [];
  const meant = node.kind === 'scalar' ? onlyClosest(node.text, options) : undefined;
  return [
    {
      id: 'input-invalid',
      place,
      message: `Input "${input.name.text}" of "${path}" must be ${demand}, so GitLab makes no pipeline.`,
      related: [
        { place: placeOf(path, input.name), message: `Input "${input.name.text}" is declared here.` },
      ],
      ...(meant === undefined ? {} : { fixes: renaming(written, place, `Give "${meant}"`, meant) }),
    },
  ];
}

/** What inputs or anchors bring is not written there. */
function renaming(node: Node, at: Place, title: string, value: string): readonly FixPlan[] {
  if (node.kind !== 'scalar' || isPutIn(node)) return [];
  return [{ title, safety: 'unsafe', intents: [{ kind: 'replace-value', at, value }] }];
}
