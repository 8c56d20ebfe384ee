/** Reads the commands of a script that build images with docker, podman or buildah. */

import type { BuildSite, Command } from '../model/build-site.js';
import { kept } from '../model/kept.js';
import { settled } from '../model/known.js';
import { readFlags, type ShellFlag, type ShellWord } from '../syntax/shell.js';
import { scriptSets } from '../trace/script-way.js';
import { opaquePrograms, type ToolUse } from '../trace/tools.js';
import type { SiteContext } from './define.js';
import {
  type DockerCommand,
  dockerCommand,
  dockerCommands,
  type FlagValue,
  settledText,
} from './docker-commands.js';

/** A command that builds an image from a Dockerfile. */
export interface Build {
  readonly command: Command;
  readonly by: 'docker build' | 'docker buildx build' | 'podman' | 'buildah';
  readonly flags: readonly ShellFlag[];
  readonly operands: readonly ShellWord[];
  /** All its arguments are in view: no variable stands for flags. */
  readonly whole: boolean;
}

/** Flags of build commands that take a value. Sources: docker/buildx docs/reference/buildx_build.md, buildah-build(1). */
const VALUED: ReadonlySet<string> = new Set(
  (
    '--add-host --allow --annotation --attest --build-arg --build-context --builder --cache-from --cache-to --call ' +
    '--cgroup-parent --cpu-period --cpu-quota --cpu-shares -c --cpuset-cpus --cpuset-mems --file -f --iidfile ' +
    '--isolation --label --memory -m --memory-swap --metadata-file --network --no-cache-filter --output -o ' +
    '--platform --policy --progress --provenance --sbom --secret --security-opt --shm-size --ssh --tag -t --target ' +
    '--ulimit --arch --authfile --creds --format --ignorefile --layer-label --manifest --os --runtime ' +
    '--storage-driver --volume -v'
  ).split(' '),
);

export function buildsOf(tools: readonly ToolUse[]): readonly Build[] {
  return tools.flatMap(use => buildOf(use) ?? []);
}

const buildOf = kept((use: ToolUse): Build | undefined => {
  const found = use.tool === 'docker' ? byDocker(use) : byPodman(use);
  if (!found) return undefined;
  const { flags, operands } = readFlags(found.words, VALUED);
  const before = 'before' in found ? found.before : [];
  return {
    command: use.command,
    by: found.by,
    flags: [...before, ...flags],
    operands,
    whole: operands.length <= 1,
  };
});

function byDocker(use: ToolUse): (DockerCommand & { readonly by: Build['by'] }) | undefined {
  const docker = dockerCommand(use);
  if (!docker) return undefined;
  if (/^buildx (?:build|b)$/.test(docker.name)) return { ...docker, by: 'docker buildx build' };
  return /^(?:(?:image|builder) )?build$/.test(docker.name) ? { ...docker, by: 'docker build' } : undefined;
}

function byPodman({ tool, args }: ToolUse): { by: Build['by']; words: readonly ShellWord[] } | undefined {
  if (tool !== 'podman' && tool !== 'buildah') return undefined;
  const { operands } = readFlags(args, VALUED, false);
  const [name, ...words] = operands[0]?.text === 'image' ? operands.slice(1) : operands;
  return name && /^(?:build|bud)$/.test(name.text) ? { by: tool, words } : undefined;
}

/** The values of a flag that may be given several times, by any of its names. */
export function valuesOf(build: Pick<Build, 'flags'>, ...names: readonly string[]): readonly FlagValue[] {
  return build.flags.flatMap(({ name, value }) => (names.includes(name) && value ? [value] : []));
}

/** The value of `--platform` where the build is for several. */
export function severalPlatforms(site: BuildSite, build: Build): FlagValue | undefined {
  return valuesOf(build, '--platform').find(value => settledText(site, value.text)?.includes(','));
}

const BUILDERS = /^(?:buildctl|buildctl-daemonless\.sh|buildah|podman|skopeo|docker-buildx|executor)$/;

/** All that the job runs is in view, so that what is not there is not done. */
export function seesWholeScript({ site }: SiteContext): boolean {
  return site.gaps.length === 0 && opaquePrograms(site).every(name => BUILDERS.test(name));
}

/**
 * The build goes to the daemon's own builder, for certain. `docker build` does so also after `docker buildx create
 * --use`. Source: docker/cli cmd/docker/builder.go.
 */
export function usesDaemonsBuilder(context: SiteContext, build: Build): boolean {
  const { site, tools } = context;
  if (build.by !== 'docker build' && build.by !== 'docker buildx build') return false;
  if (!seesWholeScript(context) || valuesOf(build, '--builder').length > 0) return false;
  if (site.env.get('BUILDX_BUILDER').state !== 'absent' || scriptSets(site, 'BUILDX_BUILDER')) return false;
  const legacy = site.env.get('DOCKER_BUILDKIT').state !== 'absent' || scriptSets(site, 'DOCKER_BUILDKIT');
  if (build.by === 'docker build' && legacy) return false;
  const others = build.by === 'docker build' ? /^buildx install$/ : /^(?:buildx (?:create|use)|context use)$/;
  return !dockerCommands(tools).some(({ name }) => others.test(name));
}

/** The value of a variable of the job where it is known and the script leaves it alone. */
export function variableOf(site: BuildSite, name: string): string | undefined {
  const value = settled(site.env.get(name));
  return value && value.holes.length === 0 && !scriptSets(site, name) ? value.text : undefined;
}
