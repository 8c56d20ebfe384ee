/** Flags apt in jobs that run in the official docker image, which is Alpine. */

import { comparable } from '../catalog/docker-tags.js';
import type { BuildSite, Command } from '../model/build-site.js';
import type { FixPlan } from '../model/finding.js';
import type { Intent } from '../model/intent.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { programOf, readFlags } from '../syntax/shell.js';
import { changeCommand } from './command-changes.js';
import { defineRule } from './define.js';
import { onlyFix } from './images.js';
import { officialImage, onStraightWay } from './straight-way.js';

export default defineRule({
  id: 'apt-in-alpine-image',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-ci', 'kubernetes', 'jenkinsfile', 'compose', 'github-actions'],
  ...prose({
    title: 'apt in an Alpine image',
    why: 'The official docker image is built from Alpine, whose package manager is apk: "apt-get: not found".',
    remedy: 'Install with apk add --no-cache; some packages have other names there.',
    sources: [
      'https://github.com/docker-library/docker/blob/master/Dockerfile-cli.template',
      'https://wiki.alpinelinux.org/wiki/Alpine_Package_Keeper',
    ],
  }),
  fixable: true,

  *site(context) {
    const { site } = context;
    const image = officialImage(context);
    // Images before 17.03 are too old for anything to be said of them.
    if (
      !image ||
      (image.docker.version && comparable(image.docker.version, { major: 17, minor: 0, patch: 0 }) < 0)
    )
      return;
    const apt = site.commands.filter(command => isApt(command));
    const first = apt.find(command => onStraightWay(command, site));
    const program = first && programOf(first.shell);
    const word = program && first.shell.words[program.index];
    if (!first || !program || !word || bringsApt(site)) return;
    yield {
      at: first.script.place(word.start, word.end),
      message: `${titleOf(site)} calls ${program.name}, but ${image.text} is an Alpine image: it has apk.`,
      fixes: () => withApk(apt),
    };
  },
});

function isApt({ shell }: Command): boolean {
  const name = programOf(shell)?.name;
  return name === 'apt-get' || name === 'apt';
}

function bringsApt(site: BuildSite): boolean {
  return site.commands.some(
    ({ shell }) =>
      programOf(shell)?.name === 'apk' && shell.words.some(({ text }) => /^(?:apt|dpkg)/.test(text)),
  );
}

/** All of a job's calls at once; none where one of them has no counterpart. */
function withApk(apt: readonly Command[]): readonly FixPlan[] {
  const intents = apt.map(translate);
  if (intents.some(one => one.length === 0)) return [];
  return onlyFix('Install with apk (packages may be called otherwise there)', 'unsafe', intents.flat());
}

/** Options of apt-get that take a value. Source: apt-get(8). */
const VALUED = new Set(['-o', '--option', '-c', '--config-file', '-t', '--target-release', '-a']);

function translate(command: Command): readonly Intent[] {
  const { shell, script } = command;
  const program = programOf(shell);
  const first = program && shell.words[program.index];
  const last = shell.words.at(-1);
  if (!program || !first || !last || script.origin.way !== 'own' || shell.words[0] !== first) return [];
  const { operands } = readFlags(shell.words.slice(program.index + 1), VALUED);
  const [verb, ...packages] = operands;
  const names = packages.map(word => script.text.slice(word.start, word.end)).join(' ');
  const text =
    verb?.text === 'update' ? 'apk update' : verb?.text === 'install' ? `apk add --no-cache ${names}` : '';
  if (text === '' || (verb?.text === 'install' && packages.length === 0) || /[\n=]/.test(names)) return [];
  return changeCommand(command, { start: first.start, end: last.end, text });
}
