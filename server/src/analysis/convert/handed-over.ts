/** Finds images that jobs hand to each other through a docker daemon that outlives them, with no registry in between. */
import type { BuildSite } from '../../model/build-site.js';
import { buildsOf, valuesOf } from '../../rules/builds.js';
import { type DockerCommand, dockerCommands, isOn } from '../../rules/docker-commands.js';
import { readFlags } from '../../syntax/shell.js';
import { dindServices } from '../../trace/docker-image.js';
import { toolsOf } from '../../trace/tools.js';
import { distinct, isSameImage, isTagOf } from './names.js';
import { ALL_TAGS } from './pushes.js';
import { refuse } from './refusal.js';
import { type Value, valueAt } from './values.js';

/**
 * Images that the job builds and leaves on its daemon without a push.
 * @throws Refusal where another job of `others` uses one of them, or this one uses what another leaves there
 */
export function leftOnDaemon(site: BuildSite, others: readonly BuildSite[]): readonly Value[] {
  const left = leftBy(site);
  for (const other of others) {
    if (other.name === site.name || dindServices(other).length > 0) continue;
    const taken = left.find(name => usesImage(other, site, name));
    if (taken)
      refuse(
        `Job "${other.name}" uses ${taken.word.text}, which this job leaves on a docker daemon that both share; push it to a registry and pull it there first.`,
        site.place,
      );
    const given = leftBy(other).find(name => usesImage(site, other, name) && !makes(site, other, name));
    if (given)
      refuse(
        `The job uses ${given.word.text}, which job "${other.name}" leaves on a docker daemon that both share; push it there and pull it here first.`,
        site.place,
      );
  }
  return left;
}

function leftBy(site: BuildSite): readonly Value[] {
  const pushes = commandsOf(site, /^(?:image )?push$/);
  return madeBy(site).filter(
    name => !pushes.some(push => wordsOf(push).some(one => isPushed(site, push, one, name))),
  );
}

function isPushed(site: BuildSite, { words }: DockerCommand, pushed: Value, name: Value): boolean {
  const allTags = words.some(({ text }) => ALL_TAGS.test(text));
  return isSameImage(site, pushed, name) || (allTags && isTagOf(site, pushed, name));
}

/** Names of builds that do not push by themselves, and those that tags give. */
function madeBy(site: BuildSite): readonly Value[] {
  const builds = buildsOf(toolsOf(site)).filter(
    ({ by, flags }) => by.startsWith('docker') && !isOn(flags, '--push'),
  );
  const tags = builds.flatMap(build =>
    valuesOf(build, '--tag', '-t').flatMap(
      value => valueAt(build.command.script.text, value, value.word) ?? [],
    ),
  );
  const given = commandsOf(site, /^(?:image )?tag$/).flatMap(docker => wordsOf(docker).slice(1));
  return distinct(site, [...tags, ...given]);
}

function makes(site: BuildSite, other: BuildSite, name: Value): boolean {
  const pulled = commandsOf(site, /^(?:image )?pull$/).flatMap(wordsOf);
  return [...madeBy(site), ...pulled].some(one => isSameImage(other, name, one, site));
}

/** Commands that need an image to be there: not those that make one, nor those that clear away. */
const USES = /^(?:(?:image |container )?(?:push|tag|run|create|save|inspect|history))$/;

function usesImage(site: BuildSite, other: BuildSite, name: Value): boolean {
  return commandsOf(site, USES).some(docker =>
    wordsOf(docker).some(word => isSameImage(other, name, word, site)),
  );
}

function commandsOf(site: BuildSite, names: RegExp): readonly DockerCommand[] {
  return dockerCommands(toolsOf(site)).filter(({ name }) => names.test(name));
}

function wordsOf({ command, words }: DockerCommand): readonly Value[] {
  const { operands } = readFlags(words, new Set());
  return operands.flatMap(word => valueAt(command.script.text, word, word) ?? []);
}
