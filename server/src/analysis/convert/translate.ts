/** Translates the script of a job that builds with docker or kaniko for tools that build and push in one command. */
import type { BuildSite, Command, ScriptText } from '../../model/build-site.js';
import type { TextEdit } from '../../syntax/patch.js';
import { scriptSets } from '../../trace/script-way.js';
import type { ImageBuild } from './image-build.js';
import { valuesIn } from './image-build.js';
import { kanikoLogin } from './kaniko-login.js';
import { checkVariables, pathEdits } from './kaniko-paths.js';
import { indentAt, laidOut } from './layout.js';
import { authCommand, readLogin } from './login.js';
import { pushedNames } from './pushes.js';
import { refuse } from './refusal.js';
import { nameOf, type ScriptParts, scriptParts, spotOf } from './script-parts.js';
import { type Sorted, sortCommands } from './sorting.js';
import type { Pipeline } from './statements.js';
import { buildahCommand } from './to-buildah.js';
import { buildctlCommand } from './to-buildctl.js';
import { kanikoCommand } from './to-kaniko.js';
import { type Translation, textsAfter, withCommand } from './translation.js';
import type { Value } from './values.js';

interface Target {
  readonly write: (site: BuildSite, build: ImageBuild, names: readonly Value[]) => readonly string[];
  /** Where it looks for logins. */
  readonly logins: string;
}

const TARGETS = {
  'buildkit-rootless': { write: buildctlCommand, logins: '~/.docker' },
  kaniko: { write: kanikoCommand, logins: '/kaniko/.docker' },
  /** For what kaniko builds; docker's commands are translated one by one. */
  buildah: { write: buildahCommand, logins: '~/.docker' },
} as const satisfies Readonly<Record<string, Target>>;

type To = keyof typeof TARGETS;

/** @throws Refusal for what cannot be translated with the same outcome */
export function translate(site: BuildSite, to: To): Translation {
  const parts = scriptParts(site);
  const notes = new Set<string>();
  const sorted = sortCommands(parts, sentence => notes.add(sentence));
  if (sorted.builds.length === 0) refuse('The script builds no image.', site.place);
  const names = pushedNames(parts, sorted.builds, sorted.names);
  if (to === 'kaniko') checkKaniko(sorted, notes);
  const changes = new Map<Pipeline, string | 'left out'>();
  for (const command of [...sorted.names.map(one => one.command), ...sorted.gone]) {
    changes.set(droppable(parts, command), 'left out');
  }
  for (const build of sorted.builds) {
    const { pipeline } = spotOf(parts, build.command);
    const pushed = names.get(build) ?? [];
    if (to === 'buildah' && (pipeline.commands.length > 1 || pipeline.operator === '||') && pushed.length > 0)
      refuse('The build pushes as well, which takes several commands where it stands.', build.command);
    const source = laidOut(build.command, TARGETS[to].write(site, build, pushed));
    const written = withCommand(pipeline, build.command, source);
    const login =
      build.emptyArgs && build === sorted.builds[0] ? loginBefore(parts, build, pushed, notes) : '';
    changes.set(pipeline, login + written);
  }
  addLogin(parts, sorted, TARGETS[to].logins, changes);
  const translated = new Set([...changes.keys()].flatMap(({ commands }) => commands));
  const fromKaniko = sorted.builds.some(({ emptyArgs }) => emptyArgs);
  if (!fromKaniko) checkFolders(site, translated, sorted, to);
  if (fromKaniko) checkVariables(site);
  const paths = fromKaniko ? pathEdits(site, translated) : NO_EDITS;
  return { texts: textsAfter(parts.statements, changes, paths), notes: [...notes], translated };
}

/** What stands in front of the first build, where kaniko logged in by itself. */
function loginBefore(
  { site, spots }: ScriptParts,
  build: ImageBuild,
  names: readonly Value[],
  notes: Set<string>,
): string {
  const login = kanikoLogin(site, build, names, sentence => notes.add(sentence));
  const spot = spots.get(build.command);
  if (login === undefined || !spot) return '';
  if (spot.pipeline.operator === '||')
    refuse(
      'The build runs only when another command fails, and needs a login in front of it.',
      build.command,
    );
  const isAlone = spot.statement.pipelines.length === 1;
  return isAlone
    ? `${login}\n${indentAt(build.command.script.text, build.command.shell.start)}`
    : `${login} && `;
}

const NO_EDITS: ReadonlyMap<ScriptText, readonly TextEdit[]> = new Map();

/** A pipeline that is nothing but this command, and whose output nobody takes. */
export function droppable(parts: ScriptParts, command: Command): Pipeline {
  const { pipeline } = spotOf(parts, command);
  const { redirects } = command.shell;
  const kept = redirects.find(
    ({ operator, target }) =>
      operator.includes('>') && !/^(?:\/dev\/(?:null|stdout|stderr)|[12-])$/.test(target?.text ?? ''),
  );
  if (pipeline.commands.length > 1 || kept)
    refuse(`What ${nameOf(command)} prints is used, and the new job has no such command.`, command);
  return pipeline;
}

function addLogin(
  parts: ScriptParts,
  { logins }: Sorted,
  folder: string,
  changes: Map<Pipeline, string | 'left out'>,
): void {
  const [docker, second] = logins;
  if (second) refuse('The job logs in twice; both logins would write the same file.', second.command);
  if (!docker) return;
  const { command } = docker;
  const { pipeline } = spotOf(parts, command);
  const { site } = parts;
  if (site.env.get('DOCKER_CONFIG').state !== 'absent' || scriptSets(site, 'DOCKER_CONFIG'))
    refuse('DOCKER_CONFIG leads the login elsewhere than where the new job would write it.', command);
  if (pipeline.operator === '||') refuse('The login runs only when another command fails.', command);
  changes.set(pipeline, authCommand(readLogin(site, docker, pipeline), folder));
}

/** It changes the file system of its container, keeps its cache in another way, and does not isolate steps. */
function checkKaniko({ builds }: Sorted, notes: Set<string>): void {
  const second = builds[1];
  if (second) refuse('Kaniko builds one image in a job, and this one builds several.', second.command);
  if (builds.some(build => valuesIn(build, 'cacheFrom').length + valuesIn(build, 'cacheTo').length > 0))
    notes.add('Kaniko has a cache of its own (--cache), so those of the build are left out.');
  if (builds.some(build => valuesIn(build, 'secret').length > 0))
    notes.add('Kaniko shows secrets to all steps of the build, also to those that do not mount them.');
  if (builds.some(build => valuesIn(build, 'platform').length > 0))
    notes.add(
      'Kaniko emulates no other processor: steps of another platform run only on a runner that has it.',
    );
}

/** Files that docker's client reads lie elsewhere in the new image. */
function checkFolders(site: BuildSite, translated: ReadonlySet<Command>, { logins }: Sorted, to: To): void {
  for (const command of site.commands) {
    if (translated.has(command)) continue;
    const { words, redirects } = command.shell;
    const texts = [...words, ...redirects.flatMap(({ target }) => target ?? [])].map(({ text }) => text);
    const configures = texts.some(text => text.includes('/.docker'));
    if (configures && logins.length > 0)
      refuse("The script writes docker's configuration itself, and the new login would replace it.", command);
    if (configures && to === 'kaniko')
      refuse("The script writes docker's configuration where kaniko does not look for it.", command);
    if (to !== 'kaniko' && texts.some(text => /(?:^|=)\/root(?:\/|$)/.test(text)))
      refuse('The folder /root is not that of the new user.', command);
  }
}
