/** Sorts the commands of a script by what a conversion does with them. */
import type { BuildSite, Command } from '../../model/build-site.js';
import type { DockerCommand } from '../../rules/docker-commands.js';
import { readFlags } from '../../syntax/shell.js';
import type { ToolUse } from '../../trace/tools.js';
import { dockerBuild, type ImageBuild, valuesIn } from './image-build.js';
import { kanikoBuild } from './kaniko-build.js';
import { isSameImage } from './names.js';
import { refuse } from './refusal.js';
import { dockerRole, nameOf, type ScriptParts, spotOf } from './script-parts.js';
import { type Value, valueAt } from './values.js';

export interface Sorted {
  readonly builds: readonly ImageBuild[];
  readonly logins: readonly DockerCommand[];
  /** Tags and pushes, in their order. */
  readonly names: readonly DockerCommand[];
  /** What has nothing to do where there is no daemon. */
  readonly gone: readonly Command[];
}

/**
 * @param say gets what the new job will lack
 * @throws Refusal for a command that cannot be translated
 */
export function sortCommands(parts: ScriptParts, say: (sentence: string) => void): Sorted {
  const { site, uses } = parts;
  const docker = uses.filter(({ tool }) => tool === 'docker').map(use => ({ use, ...dockerRole(use) }));
  for (const { command } of uses) spotOf(parts, command);
  const builds = uses.flatMap(use => buildOf(site, use, say) ?? []);
  const ofRole = (...roles: readonly string[]): DockerCommand[] =>
    docker.flatMap(({ role, docker: command }) => (command && roles.includes(role) ? [command] : []));
  for (const pull of ofRole('pull')) checkPull(site, builds, pull);
  const gone = docker.filter(({ role }) => role === 'gone' || role === 'pull').map(({ use }) => use.command);
  const switches = site.commands.filter(command => parts.spots.has(command) && setsSwitches(command));
  return { builds, logins: ofRole('login'), names: ofRole('tag', 'push'), gone: [...gone, ...switches] };
}

function buildOf(site: BuildSite, use: ToolUse, say: (sentence: string) => void): ImageBuild | undefined {
  if (use.tool === 'docker') return dockerBuild(site, use, say);
  if (use.tool === 'kaniko') return kanikoBuild(site, use, say);
  return refuse(`The job also runs ${use.tool}, which stays as it is in no conversion.`, use.command);
}

/** What is pulled to take a cache from it is read from the registry; for anything else an image is needed. */
function checkPull(site: BuildSite, builds: readonly ImageBuild[], docker: DockerCommand): void {
  const { command } = docker;
  const caches = builds.flatMap(build => valuesIn(build, 'cacheFrom'));
  if (!pullsCache(site, caches, docker))
    refuse(`${nameOf(command)} fetches an image, and there is no daemon to keep it.`, command);
}

/** Whether the image is one of those that builds take their cache from. */
export function pullsCache(
  site: BuildSite,
  caches: readonly Value[],
  { command, words }: DockerCommand,
): boolean {
  const [word, more] = readFlags(words, new Set(['--platform'])).operands;
  const image = word && valueAt(command.script.text, word, word);
  if (!image || more) return false;
  const reference = `ref=${image.word.text}`;
  return caches.some(
    cache => isSameImage(site, cache, image) || cache.word.text.split(',').includes(reference),
  );
}

const SWITCHES =
  /^(?:DOCKER_(?:BUILDKIT|HOST|TLS_VERIFY|TLS_CERTDIR|CERT_PATH|DRIVER|CLI_EXPERIMENTAL)|BUILDKIT_PROGRESS)$/;

/** `export DOCKER_BUILDKIT=1` and the like, with nothing else in it. */
export function setsSwitches({ shell }: Command): boolean {
  const { words, assignments, redirects } = shell;
  const [program, ...rest] = words;
  if (redirects.length > 0) return false;
  if (!program) return assignments.length > 0 && assignments.every(({ name }) => SWITCHES.test(name));
  const names = rest.map(({ text }) => text.split('=')[0] ?? '');
  return (
    /^(?:export|unset)$/.test(program.text) && names.length > 0 && names.every(name => SWITCHES.test(name))
  );
}
