/** Finds the build that each tag and push of a script is about, so that one command can build and push. */
import type { Command } from '../../model/build-site.js';
import type { DockerCommand } from '../../rules/docker-commands.js';
import { readFlags } from '../../syntax/shell.js';
import { type ImageBuild, valuesIn } from './image-build.js';
import { distinct, isSameImage, isTagOf, variablesIn } from './names.js';
import { refuse } from './refusal.js';
import { nameOf, type ScriptParts, spotOf } from './script-parts.js';
import { type Value, valueAt } from './values.js';

/** A build with all names that it goes by, and those that are pushed. */
interface Named {
  readonly build: ImageBuild;
  readonly names: Value[];
  readonly pushed: Value[];
}

/** Names by build. */
export type PushedNames = ReadonlyMap<ImageBuild, readonly Value[]>;

/**
 * What each build is pushed as.
 * @param others tags and pushes, in the order of the script
 * @throws Refusal where a name is not one of the builds', or something between build and push may have a say in it
 */
export function pushedNames(
  parts: ScriptParts,
  builds: readonly ImageBuild[],
  others: readonly DockerCommand[],
): PushedNames {
  const all = builds.map(build => {
    const tags = valuesIn(build, 'tag');
    if (build.pushes && tags.length === 0) refuse('The build names no image to push.', build.command);
    return { build, names: [...tags], pushed: build.pushes ? [...tags] : [] };
  });
  for (const docker of others) {
    const isTag = /tag$/.test(docker.name);
    const { operands, allTags } = operandsOf(docker, isTag ? 2 : 1);
    const [image, target] = operands;
    if (image && allTags) {
      for (const name of tagsOf(parts, all, docker, image))
        builtAs(parts, all, docker, name, undefined).pushed.push(name);
      continue;
    }
    const named = image && builtAs(parts, all, docker, image, target);
    if (!named) continue;
    if (target) named.names.push(target);
    else named.pushed.push(image);
  }
  checkUnpushed(all);
  return new Map(all.map(({ build, pushed }) => [build, distinct(parts.site, pushed)]));
}

const SWITCHES = /^(?:-q|--quiet|--disable-content-trust)$/;

/** `docker push --all-tags` pushes all tags that a repository has by then. */
export const ALL_TAGS = /^(?:-a|--all-tags)$/;

function operandsOf(
  { command, name, words, before }: DockerCommand,
  count: 1 | 2,
): { readonly operands: readonly Value[]; readonly allTags: boolean } {
  const { flags, operands } = readFlags(words, new Set(['--platform']));
  const other = [...before, ...flags].find(
    flag => !SWITCHES.test(flag.name) && !(count === 1 && ALL_TAGS.test(flag.name) && !flag.value),
  );
  if (other) refuse(`docker ${name} gets ${other.name}, which cannot be translated.`, command);
  const values = operands.flatMap(word => valueAt(command.script.text, word, word) ?? []);
  if (values.length !== count) refuse(`What docker ${name} is about cannot be told.`, command);
  return { operands: values, allTags: flags.some(flag => ALL_TAGS.test(flag.name)) };
}

function tagsOf(
  { site, order }: ScriptParts,
  all: readonly Named[],
  { command }: DockerCommand,
  repository: Value,
): readonly Value[] {
  const before = all.filter(({ build }) => (order.get(build.command) ?? 0) < (order.get(command) ?? 0));
  const tags = before.flatMap(({ names }) => names).filter(name => isTagOf(site, repository, name));
  return tags.length > 0
    ? tags
    : refuse(`No build of the job makes a tag of ${repository.word.text}.`, command);
}

function builtAs(
  parts: ScriptParts,
  all: readonly Named[],
  { command }: DockerCommand,
  image: Value,
  target: Value | undefined,
): Named {
  const { site, order } = parts;
  const at = order.get(command) ?? 0;
  const named = all.findLast(
    ({ build, names }) =>
      (order.get(build.command) ?? 0) < at && names.some(name => isSameImage(site, name, image)),
  );
  if (!named)
    return refuse(
      `${nameOf(command)} is about ${image.word.text}, which no build of the job makes.`,
      command,
    );
  checkBetween(parts, named.build.command, command, [image, target ?? image].flatMap(variablesIn));
  checkGuards(parts, named.build.command, command);
  return named;
}

/** Commands that have no say in whether the script goes on, and make nothing that an image takes in. */
const INERT = /^(?:echo|printf|true|:|export|set|date|ls|pwd)$/;

/** Build and push become one, so nothing may stand between them that the push waits for. */
function checkBetween(
  { site, order }: ScriptParts,
  build: Command,
  command: Command,
  variables: readonly string[],
): void {
  if (build.script.part !== command.script.part && command.script.part === 'after')
    refuse(`${nameOf(command)} stands in after_script, where it cannot be joined with its build.`, command);
  const [from, to] = [order.get(build) ?? 0, order.get(command) ?? 0];
  const used = new Set(variables);
  for (const other of site.commands.slice(from + 1, to)) {
    const { words, assignments } = other.shell;
    const name = words[0]?.text;
    const sets =
      name === undefined ? assignments.map(one => one.name) : words.map(({ text }) => text.split('=')[0]);
    if (sets.some(one => one !== undefined && used.has(one)))
      refuse(`${nameOf(command)} uses a variable that is set after the build.`, other);
    if (name !== undefined && !INERT.test(name) && !isContainerTool(name) && !feeds(other, command))
      refuse(
        `${name} runs between the build and ${nameOf(command)}; the new job pushes as it builds, so it would run too late.`,
        other,
      );
  }
}

function isContainerTool(name: string): boolean {
  return name === 'docker' || name === 'docker-buildx';
}

/** `cat FILE |` in front of a login that stands between. */
function feeds({ shell, script }: Command, { script: other }: Command): boolean {
  return script === other && shell.pipedInto && shell.words[0]?.text === 'cat';
}

/** What stands in front of a push in its own statement decides whether it runs. */
function checkGuards(parts: ScriptParts, build: Command, command: Command): void {
  const { statement, pipeline } = spotOf(parts, command);
  const { pipelines } = statement;
  const at = pipelines.indexOf(pipeline);
  const built = pipelines.findIndex(({ commands }) => commands.includes(build));
  const guards = pipelines.slice(built + 1, at);
  const free = guards.every(({ commands }) =>
    commands.every(({ shell }) => isContainerTool(shell.words[0]?.text ?? '')),
  );
  if (!free || pipelines.slice(built + 1, at + 1).some(({ operator }) => operator === '||'))
    refuse(`Whether ${nameOf(command)} runs depends on what stands before it.`, command);
}

/** Another build may start from an image that the docker daemon kept for it. */
function checkUnpushed(all: readonly Named[]): void {
  const kept = all.slice(0, -1).find(({ names, pushed }) => names.length > 0 && pushed.length === 0);
  if (kept)
    refuse(
      `The build of ${kept.names[0]?.word.text} is not pushed, and later builds of the job may start from its image.`,
      kept.build.command,
    );
}
