/** Flags image tags made of the name of a branch, which may hold what no tag may. */

import type { BuildSite } from '../model/build-site.js';
import type { FixPlan } from '../model/finding.js';
import type { Intent } from '../model/intent.js';
import { type Place, placeKey } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { show } from '../model/text.js';
import { readFlags, type ShellWord } from '../syntax/shell.js';
import type { ToolUse } from '../trace/tools.js';
import { buildsOf, valuesOf } from './builds.js';
import { changeCommand } from './command-changes.js';
import { defineRule } from './define.js';
import { dockerCommand } from './docker-commands.js';
import { onlyFix } from './images.js';

export default defineRule({
  id: 'invalid-reference-format',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-ci', 'github-actions'],
  ...prose({
    title: 'Image tag from the name of a branch',
    why: 'Names of branches may hold slashes and other signs that a tag may not: on feature/login docker ends with invalid reference format. CI_COMMIT_REF_SLUG is the same name in lower case with every such sign made a dash.',
    remedy:
      'Write $CI_COMMIT_REF_SLUG in place of $CI_COMMIT_REF_NAME, also where the image is pulled; in a workflow let docker/metadata-action make the tags.',
    sources: [
      'https://docs.gitlab.com/ci/variables/predefined_variables/',
      'https://pkg.go.dev/github.com/distribution/reference',
    ],
  }),
  fixable: true,
  needs: 'tool',

  *site({ site, tools }) {
    // In a job for tags the name of the ref is that of a tag, which is as good as any.
    if (!site.everyRef) return;
    const uses = tools.flatMap(use => references(use).flatMap(word => useOf(site, use, word) ?? []));
    const [first] = uses;
    if (!first) return;
    yield {
      at: first.at,
      message: `${titleOf(site)} makes a tag of ${site.workflow ? 'the name of the ref' : '$CI_COMMIT_REF_NAME'}; a branch such as feature/x is no valid tag.`,
      fixes: () => withSlug(uses),
    };
  },
});

/** The words of a command that name an image to build, tag or push. */
function references(use: ToolUse): readonly Pick<ShellWord, 'text' | 'start' | 'end'>[] {
  if (use.tool === 'kaniko') return valuesOf(readFlags(use.args, DESTINATION), '--destination', '-d');
  const builds = buildsOf([use]).flatMap(build => valuesOf(build, '--tag', '-t'));
  if (builds.length > 0) return builds;
  const docker = dockerCommand(use);
  const [name, ...words] = docker
    ? [docker.name, ...docker.words]
    : [use.args[0]?.text, ...use.args.slice(1)];
  if (!/^(?:image )?(?:push|tag)$/.test(name ?? '')) return [];
  return readFlags(words as readonly ShellWord[], new Set()).operands;
}

const DESTINATION: ReadonlySet<string> = new Set(['--destination', '-d']);

/** The name of the ref in the tag: behind the last colon that no slash follows but its own. */
const IN_TAG = /:[^/]*\$\{?CI_COMMIT_REF_NAME\b(?!\})|:[^/]*\$\{CI_COMMIT_REF_NAME\}/;

/** The same in workflows; of a pull request it is `12/merge`. */
const IN_WORKFLOW =
  /:[^/]*(?:\$\{\{\s*github\.(?:ref_name|head_ref)\s*\}\}|\$GITHUB_(?:REF_NAME|HEAD_REF)\b|\$\{GITHUB_(?:REF_NAME|HEAD_REF)\})/;

/** A place where the tag is written, and what puts the slug there. */
interface TagUse {
  readonly at: Place;
  readonly intent: Intent | undefined;
}

function useOf(
  site: BuildSite,
  { command }: ToolUse,
  word: Pick<ShellWord, 'text' | 'start' | 'end'>,
): TagUse | undefined {
  const { script } = command;
  if (site.workflow && IN_WORKFLOW.test(word.text))
    return { at: script.place(word.start, word.end), intent: undefined };
  if (IN_TAG.test(word.text)) {
    const source = script.text.slice(word.start, word.end);
    const { start, end } = word;
    const text = source.replaceAll('CI_COMMIT_REF_NAME', 'CI_COMMIT_REF_SLUG');
    return { at: script.place(start, end), intent: changeCommand(command, { start, end, text })[0] };
  }
  const name = /^\$(?:\{(\w+)\}|(\w+))$/.exec(word.text);
  const value = name && site.env.get(name[1] ?? name[2] ?? '');
  if (value?.state !== 'known' || !IN_TAG.test(show(value.value))) return undefined;
  const { place } = value.origin;
  const raw = /^(["']?)([^\s"']+)\1$/.exec(place.block.text.slice(place.start, place.end))?.[2];
  const slug = raw?.replaceAll('CI_COMMIT_REF_NAME', 'CI_COMMIT_REF_SLUG');
  const intent =
    slug === raw || !slug ? undefined : ({ kind: 'replace-value', at: place, value: slug } as const);
  return { at: place, intent };
}

/** All at once: what is built under one name is pushed under it. */
function withSlug(uses: readonly TagUse[]): readonly FixPlan[] {
  const distinct = [...new Map(uses.map(use => [placeKey(use.at), use.intent])).values()];
  const intents = distinct.flatMap(intent => intent ?? []);
  if (intents.length < distinct.length) return [];
  return onlyFix(
    'Use CI_COMMIT_REF_SLUG for the tag (other jobs may still pull the old one)',
    'unsafe',
    intents,
  );
}
