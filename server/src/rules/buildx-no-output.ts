/** Flags builds whose image goes nowhere. */

import type { FixPlan } from '../model/finding.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { readFlags } from '../syntax/shell.js';
import { type Build, buildsOf, severalPlatforms, valuesOf } from './builds.js';
import { changeCommand } from './command-changes.js';
import { defineRule, type SiteContext } from './define.js';
import { dockerCommands, isOn } from './docker-commands.js';

export default defineRule({
  id: 'buildx-no-output',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-ci', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell'],
  ...prose({
    title: 'Build whose image is neither pushed nor loaded',
    why: 'A builder of the docker-container driver keeps what it builds to itself. Without an output the tags come to nothing: WARNING: No output specified with docker-container driver. Build result will only remain in the build cache. To push result image into registry use --push or to load image into docker use --load.',
    remedy: 'Add --push to send the image to its registry, or --load to hand it to the daemon.',
    sources: [
      'https://docs.docker.com/build/builders/drivers/docker-container/',
      'https://docs.docker.com/reference/cli/docker/buildx/build/#output',
    ],
  }),
  fixable: true,
  needs: 'tool',

  *site(context) {
    if (!selectsBuilder(context)) return;
    for (const build of buildsOf(context.tools)) {
      const { command, flags } = build;
      const tag = valuesOf(build, '--tag', '-t')[0];
      if (build.by !== 'docker buildx build' || !build.whole || !tag) continue;
      if (flags.some(({ name }) => OUTPUTS.has(name))) continue;
      yield {
        at: command.script.place(tag.word.start, tag.word.end),
        message: `${titleOf(context.site)} builds with a builder of its own and neither pushes nor loads the image.`,
        fixes: () => [...loaded(context, build), ...pushed(build)],
      };
    }
  },
});

/** With one of these the image has somewhere to go, or none is wanted. */
const OUTPUTS: ReadonlySet<string> = new Set(
  '--push --load --output -o --cache-to --call --check --print --metadata-file --iidfile'.split(' '),
);

/** A builder is made in this job and used by builds that name none, for certain. */
function selectsBuilder({ site, tools }: SiteContext): boolean {
  if (site.env.get('BUILDX_NO_DEFAULT_LOAD').state !== 'absent') return false;
  const commands = dockerCommands(tools);
  const made = commands.filter(
    ({ name, command }) => name === 'buildx create' && command.script.part !== 'after',
  );
  const options = made.map(({ words }) => readFlags(words, CREATE_VALUED).flags);
  const drivers = options.map(
    flags => flags.find(({ name }) => name === '--driver')?.value?.text ?? 'docker-container',
  );
  const loads = made.some(({ words }) =>
    words.some(({ text }) => /default-load|\$/.test(text) && !/\$CI_|\$\{CI_/.test(text)),
  );
  const used =
    options.some(flags => isOn(flags, '--use')) || commands.some(({ name }) => name === 'buildx use');
  return made.length > 0 && used && !loads && drivers.every(driver => driver === 'docker-container');
}

const CREATE_VALUED: ReadonlySet<string> = new Set(
  '--builder --buildkitd-config --config --buildkitd-flags --driver --driver-opt --name --node --platform'.split(
    ' ',
  ),
);

function loaded({ site, tools }: SiteContext, build: Build): readonly FixPlan[] {
  if (severalPlatforms(site, build) || valuesOf(build, '--platform').some(({ literal }) => !literal))
    return [];
  const pushes = dockerCommands(tools).some(({ name }) => name === 'push' || name === 'image push');
  return add(build, '--load', 'Load the image into the daemon of the job (--load)', pushes);
}

function pushed(build: Build): readonly FixPlan[] {
  return add(build, '--push', 'Push the image to its registry (--push)', false);
}

function add({ command, flags }: Build, flag: string, title: string, preferred: boolean): readonly FixPlan[] {
  const tag = flags.find(({ name }) => name === '--tag' || name === '-t');
  const at = tag?.word.start ?? command.shell.end;
  const intents = changeCommand(command, { start: at, end: at, text: `${flag} ` });
  return intents.length > 0 ? [{ title, safety: 'unsafe', preferred, intents }] : [];
}
