/** Writes builds for BuildKit without a daemon. Source of the flags: moby/buildkit cmd/buildctl/build.go and README. */
import type { BuildSite } from '../../model/build-site.js';
import { buildArgument } from './environment-args.js';
import { type ImageBuild, valuesIn } from './image-build.js';
import { splitPath } from './paths.js';
import { refuse } from './refusal.js';
import { joined, literalText, type Value } from './values.js';

/** The command, one flag with its value in each piece. `names` are what the image is pushed as. */
export function buildctlCommand(
  site: BuildSite,
  build: ImageBuild,
  names: readonly Value[],
): readonly string[] {
  const word = (...pieces: readonly (string | Value)[]): string => oneWord(build, pieces);
  const { file, context } = build;
  const path = file && (splitPath(site, file) ?? cannotWrite(build));
  const isNamed = path && literalText(path.name) !== 'Dockerfile';
  return [
    'buildctl-daemonless.sh build',
    '--frontend dockerfile.v0',
    `--local ${word('context=', context)}`,
    `--local ${word('dockerfile=', path?.folder ?? context)}`,
    ...(isNamed ? [`--opt ${word('filename=', path.name)}`] : []),
    ...lastOf(build, 'target').map(value => `--opt ${word('target=', value)}`),
    ...platforms(build, word),
    ...valuesIn(build, 'arg')
      .filter(value => !asksForInlineCache(value))
      .map(value => buildArgument(site, build, value, argument => option('build-arg:', argument, word))),
    ...valuesIn(build, 'label').map(value =>
      value.word.text.includes('=')
        ? `--opt ${word('label:', value)}`
        : `--opt ${word('label:', value, '=')}`,
    ),
    ...(build.noCache ? ['--no-cache'] : []),
    ...caches(build, names, word),
    ...valuesIn(build, 'secret').map(({ source }) => `--secret ${source}`),
    ...valuesIn(build, 'ssh').map(({ source }) => `--ssh ${source}`),
    ...lastOf(build, 'progress').map(({ source }) => `--progress ${source}`),
    ...lastOf(build, 'metadata').map(({ source }) => `--metadata-file ${source}`),
    ...valuesIn(build, 'output')
      .filter(({ word }) => word.text !== 'type=registry')
      .map(({ source }) => `--output ${source}`),
    ...output(names, word),
  ];
}

type OneWord = (...pieces: readonly (string | Value)[]) => string;

/** @throws Refusal where a value would not survive */
export function oneWord(build: ImageBuild, pieces: readonly (string | Value)[]): string {
  const written = joined(...pieces);
  return written ?? cannotWrite(build);
}

/** Values may be secrets, so none is shown. */
function cannotWrite({ command }: ImageBuild): never {
  return refuse('A value of the build cannot be put into the words of another tool.', command);
}

function option(before: string, argument: Value | string, word: OneWord): string {
  return typeof argument === 'string' ? `--opt "${before}${argument}"` : `--opt ${word(before, argument)}`;
}

/** Of flags that count once, the last. */
export function lastOf(build: ImageBuild, field: Parameters<typeof valuesIn>[1]): readonly Value[] {
  return valuesIn(build, field).slice(-1);
}

function platforms(build: ImageBuild, word: OneWord): readonly string[] {
  const [first, ...others] = valuesIn(build, 'platform');
  return first ? [`--opt ${word('platform=', first, ...others.flatMap(value => [',', value]))}`] : [];
}

/** buildx takes it for `--cache-to type=inline`. Source: docker/buildx build/opt.go. */
function asksForInlineCache(value: Value): boolean {
  return /^BUILDKIT_INLINE_CACHE=(?:1|true)$/.test(literalText(value) ?? '');
}

function caches(build: ImageBuild, names: readonly Value[], word: OneWord): readonly string[] {
  const imports = valuesIn(build, 'cacheFrom').map(value => cache(build, value, word));
  const exports = [
    ...valuesIn(build, 'cacheTo').map(value => cache(build, value, word)),
    ...(valuesIn(build, 'arg').some(asksForInlineCache) ? ['type=inline'] : []),
  ];
  // A cache inside of the image needs an image.
  const written = [...new Set(exports)].filter(one => one !== 'type=inline' || names.length > 0);
  return [...imports.map(one => `--import-cache ${one}`), ...written.map(one => `--export-cache ${one}`)];
}

/** Without `=` it is the name of an image. Source: docker/buildx util/buildflags/cache.go. */
function cache(build: ImageBuild, value: Value, word: OneWord): string {
  const { text } = value.word;
  const type = /(?:^|,)type=(\w+)/.exec(text)?.[1];
  if (type === 'inline') return 'type=inline';
  if (type && /^(?:registry|local|s3|azblob)$/.test(type)) return value.source;
  const isName = !/[=,]/.test(text) && value.word.parts.length > 0;
  return isName
    ? word('type=registry,ref=', value)
    : refuse(`The cache ${text} cannot be translated.`, build.command);
}

function output(names: readonly Value[], word: OneWord): readonly string[] {
  const [first, ...others] = names;
  if (!first) return [];
  if (others.length === 0) return [`--output ${word('type=image,name=', first, ',push=true')}`];
  const list = others.flatMap(name => [',', name]);
  return [`--output ${word('type=image,"name=', first, ...list, '",push=true')}`];
}
