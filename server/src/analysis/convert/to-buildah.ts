/** Writes builds and pushes for Buildah. Source of the flags: containers/buildah docs/buildah-build.1.md. */
import type { BuildSite, Command } from '../../model/build-site.js';
import { settledText } from '../../rules/docker-commands.js';
import { buildArgFlags } from './environment-args.js';
import type { FlagMeaning } from './flags.js';
import { DOCKER_FLAGS } from './flags.js';
import { type ImageBuild, valuesIn } from './image-build.js';
import { registryOf } from './names.js';
import { refuse } from './refusal.js';
import { lastOf, oneWord } from './to-buildctl.js';
import type { Value } from './values.js';

/** Without --layers an image gets one layer for all of its steps, which docker does not do. */
export const BUILD = 'buildah build --layers';

export const CACHE_NOTE =
  'Buildah keeps its cache in images of its own (--cache-from, --cache-to), so the caches of the build are left out.';

/** Flags that mean the same to Buildah as to docker. */
const ALIKE =
  /^--(?:tag|file|build-arg|label|target|secret|ssh|no-cache|pull|quiet|rm|force-rm|compress|disable-content-trust|iidfile|add-host|ulimit|build-context)$|^-[tfq]$/;

/** What becomes of a flag of docker: it stays, or has a meaning that its value decides, or goes. */
export function buildahMeaning(name: string): FlagMeaning | 'alike' | undefined {
  if (ALIKE.test(name)) return 'alike';
  if (name === '--cache-from' || name === '--cache-to') return { dropped: CACHE_NOTE };
  if (name === '--progress') return { dropped: '' };
  const meaning = Object.hasOwn(DOCKER_FLAGS, name) ? DOCKER_FLAGS[name] : undefined;
  return meaning === 'metadata' ? undefined : meaning;
}

/**
 * Build and pushes of what another tool built in one command.
 * @throws Refusal where Buildah would push elsewhere
 */
export function buildahCommand(
  site: BuildSite,
  build: ImageBuild,
  names: readonly Value[],
): readonly string[] {
  for (const value of valuesIn(build, 'platform')) checkPlatform(site, build.command, value.word.text);
  return [
    BUILD,
    ...lastOf(build, 'file').map(({ source }) => `--file ${source}`),
    ...valuesIn(build, 'tag').map(({ source }) => `--tag ${source}`),
    ...buildArgFlags(site, build),
    ...valuesIn(build, 'label').map(({ source }) => `--label ${source}`),
    ...lastOf(build, 'target').map(({ source }) => `--target ${source}`),
    ...lastOf(build, 'platform').map(({ source }) => `--platform ${source}`),
    ...valuesIn(build, 'secret').map(
      value => `--secret ${oneWord(build, [value, typeOfSecret(value.word.text)])}`,
    ),
    build.context.source,
    ...names.map(name => `&& ${pushCommand(site, build.command, name)}`),
  ];
}

/**
 * What a secret needs behind it to be the file that it is: where a variable has its name, Buildah takes even `src=` for
 * the name of one. Source: containers/buildah pkg/parse/parse.go, Secrets.
 */
export function typeOfSecret(text: string): '' | ',type=file' {
  return /(?:^|,)src=/.test(text) && !/(?:^|,)(?:type|env)=/.test(text) ? ',type=file' : '';
}

export function pushCommand(site: BuildSite, command: Command, name: Value): string {
  checkRegistry(site, command, name);
  return `buildah push ${name.source}`;
}

/** A name without a registry is one of Docker Hub to docker, and one of the machine to Buildah. */
export function checkRegistry(site: BuildSite, command: Command, name: Value): void {
  const registry = registryOf(site, name);
  if (registry === 'named') return;
  const { text } = name.word;
  refuse(
    registry === 'hub'
      ? `${text} names no registry, so Buildah would not look for it at Docker Hub; write docker.io/${text}.`
      : `Which registry ${text} is in cannot be told, and Buildah has another default than docker.`,
    command,
  );
}

/** Several platforms would need a manifest list of a name of its own. */
export function checkPlatform(site: BuildSite, command: Command, written: string): void {
  const text = settledText(site, written);
  if (text === undefined || text.includes(','))
    refuse('A build for several platforms takes other commands with Buildah (--manifest).', command);
}
