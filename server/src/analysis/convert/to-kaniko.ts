/** Writes builds for kaniko. Source of the flags: osscontainertools/kaniko README, "Additional Flags". */
import type { BuildSite } from '../../model/build-site.js';
import { settledText } from '../../rules/docker-commands.js';
import { buildArgFlags } from './environment-args.js';
import type { Field } from './flags.js';
import { type ImageBuild, valuesIn } from './image-build.js';
import { refuse } from './refusal.js';
import { lastOf, oneWord } from './to-buildctl.js';
import { literalText, type Value } from './values.js';

/** What kaniko has no flag for, by what people call it. */
const LACKS: readonly (readonly [Field, string])[] = [
  ['ssh', 'the keys of an SSH agent (--ssh)'],
  ['output', 'results other than images (--output)'],
  ['metadata', 'a metadata file (--metadata-file)'],
];

/**
 * The command, one flag with its value in each piece. `names` are what the image is pushed as.
 * @throws Refusal for what kaniko cannot do
 */
export function kanikoCommand(
  site: BuildSite,
  build: ImageBuild,
  names: readonly Value[],
): readonly string[] {
  const { command, context, file } = build;
  for (const [field, name] of LACKS) {
    const used = valuesIn(build, field).some(({ word }) => word.text !== 'type=registry');
    if (used) refuse(`Kaniko has nothing like ${name}.`, command);
  }
  return [
    '/kaniko/executor',
    `--context ${context.source}`,
    `--dockerfile ${file?.source ?? fileIn(build)}`,
    ...buildArgFlags(site, build),
    ...valuesIn(build, 'label').map(value => label(build, value)),
    ...lastOf(build, 'target').map(({ source }) => `--target ${source}`),
    ...platform(site, build),
    ...valuesIn(build, 'secret').map(({ source }) => `--secret ${source}`),
    ...(names.length === 0 ? ['--no-push'] : names.map(({ source }) => `--destination ${source}`)),
  ];
}

/** Kaniko would look for a Dockerfile in the working directory before the context. */
function fileIn(build: ImageBuild): string {
  const { context } = build;
  if (/^\.\/?$/.test(literalText(context) ?? '')) return 'Dockerfile';
  return oneWord(build, [context, context.word.text.endsWith('/') ? 'Dockerfile' : '/Dockerfile']);
}

function label(build: ImageBuild, value: Value): string {
  const { source, word } = value;
  return `--label ${word.text.includes('=') ? source : oneWord(build, [value, '='])}`;
}

function platform(site: BuildSite, build: ImageBuild): readonly string[] {
  const given = valuesIn(build, 'platform');
  const [first] = given;
  if (!first) return [];
  const text = settledText(site, first.word.text);
  if (given.length > 1 || text === undefined || text.includes(','))
    refuse('Kaniko builds for one platform in one run.', build.command);
  return [`--custom-platform ${first.source}`];
}
