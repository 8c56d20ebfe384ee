/** Which commands of a script run whenever the job does, and what the script may have installed before them. */

import { isKnownTag } from '../catalog/docker-tags.js';
import type { BuildSite, Command } from '../model/build-site.js';
import type { FixPlan } from '../model/finding.js';
import { type Place, settled } from '../model/known.js';
import { show } from '../model/text.js';
import { programOf } from '../syntax/shell.js';
import { type DockerImage, dockerImage } from '../trace/docker-image.js';
import { changeCommand } from './command-changes.js';
import type { SiteContext } from './define.js';
import { onlyFix } from './images.js';

/**
 * The official docker image that the scripts of a site run in, with its tag and how it is written. `undefined` for
 * copies, for versions that are not known, and where the runner may not use the image at all.
 */
export function officialImage(
  context: SiteContext,
): { docker: DockerImage; tag: string; text: string } | undefined {
  const image = settled(context.site.image);
  const docker = image && dockerImage(image.ref);
  if (!image || !docker || docker.mirrored || docker.variant === 'unknown' || !docker.versionKnown)
    return undefined;
  const tag = image.ref.tag ?? '';
  if (tag !== '' && !isKnownTag(tag)) return undefined;
  const inContainers = context.runners.every(({ runner }) => {
    const executor = settled(runner.executor);
    return executor === 'docker' || executor === 'kubernetes' || runner.executor.state !== 'known';
  });
  return inContainers ? { docker, tag, text: show(image.ref.text) } : undefined;
}

/**
 * The command runs whenever its script does: it stands alone, and behind no `&&` or `||`; nor does a `||` say
 * what to do when it fails. What runs after the job cannot fail it.
 */
export function onStraightWay({ shell, script, nested }: Command, site: BuildSite): boolean {
  if (nested || script.part === 'after' || shell.context.length > 0) return false;
  if (shell.before === '&&' || shell.before === '||') return false;
  const behind = site.commands.filter(one => one.script === script && !one.nested);
  for (const { shell: next } of behind.filter(one => one.shell.start > shell.end)) {
    if (next.before === '||') return false;
    if (next.before !== '&&' && next.before !== '|' && next.before !== '|&') return true;
  }
  return true;
}

/** Names that a command may have put on the path: what a package, a script or a download brings is not known. */
const MAY_INSTALL =
  /^(?:sh|ash|bash|source|\.|eval|make|just|task|wget|curl|tar|ln|cp|mv|alias|export|ansible)$/;

/** Whether something that runs before `command` may bring `program`. */
export function mayBring(program: string, command: Command, site: BuildSite): boolean {
  if (site.gaps.length > 0) return true;
  for (const one of site.commands) {
    if (one === command) return false;
    const found = programOf(one.shell);
    if (!found) {
      if (one.shell.words.length > 0) return true;
      continue;
    }
    const word = one.shell.words[found.index]?.text ?? '';
    if (word.includes('/') || (MAY_INSTALL.test(found.name) && found.name !== program)) return true;
    if (
      found.name === 'apk' &&
      one.shell.words.some(({ text, literal }) => !literal || text.includes(program))
    )
      return true;
  }
  return false;
}

/** The first call of a program that runs whenever the job does, and that nothing before it can have brought. */
export function callOf(name: string, context: SiteContext): { command: Command; at: Place } | undefined {
  const { site } = context;
  for (const command of site.commands) {
    const program = programOf(command.shell);
    const word = program && command.shell.words[program.index];
    if (program?.name !== name || !word || word.text.startsWith('./')) continue;
    if (!onStraightWay(command, site) || mayBring(name, command, site)) return undefined;
    return { command, at: command.script.place(word.start, word.end) };
  }
  return undefined;
}

/** Puts `apk add` in front of a command; not where other jobs share it, or where a pipe would be split. */
export function install(program: string, command: Command): readonly FixPlan[] {
  const { shell, script } = command;
  if (script.origin.way !== 'own' || shell.before === '|' || shell.before === '|&') return [];
  const text = `apk add --no-cache ${program} && `;
  const intents = changeCommand(command, { start: shell.start, end: shell.start, text });
  return onlyFix(`Install ${program} with apk first`, 'safe', intents);
}
