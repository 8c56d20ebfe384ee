/** Reads what a kaniko command builds. */
import type { BuildSite, Command } from '../../model/build-site.js';
import { settledText } from '../../rules/docker-commands.js';
import { kanikoRuns } from '../../rules/kaniko-runs.js';
import type { ToolUse } from '../../trace/tools.js';
import { KANIKO_FLAGS } from './flags.js';
import { type ImageBuild, readFields } from './image-build.js';
import { refuse } from './refusal.js';
import { readValue, type Value } from './values.js';

/**
 * The build of a kaniko command; `say` gets what the new job will lack.
 * @throws Refusal for what cannot be translated
 */
export function kanikoBuild(
  site: BuildSite,
  use: ToolUse,
  say: (sentence: string) => void,
): ImageBuild | undefined {
  const [run] = kanikoRuns([use]);
  if (!run) return undefined;
  const { command, flags } = run;
  const unclear = flags.operands[0];
  if (unclear) refuse(`What ${unclear.text} stands for in the build cannot be told.`, command);
  const { values, on } = readFields(command, flags.flags, KANIKO_FLAGS, say);
  const context = contextOf(command, values.context?.at(-1));
  const pushes = !on.has('--no-push');
  if (pushes && !values.tag) refuse('The build names no image to push.', command);
  return {
    command,
    context,
    file: fileOf(site, command, context, values.file?.at(-1)),
    values,
    noCache: false,
    pushes,
    emptyArgs: true,
  };
}

/** Kaniko takes archives, buckets and repositories as well; `dir://` is a folder. */
function contextOf(command: Command, value: Value | undefined): Value {
  if (!value) return refuse('The build names no folder to build from.', command);
  const source = value.source.replace(/^(["']?)dir:\/\//, '$1');
  const folder = readValue(source);
  if (!folder || folder.word.text === '' || folder.word.text.includes('://'))
    refuse(`Whether ${value.word.text} is a folder of the job cannot be told.`, command);
  return folder;
}

const ROOT = /^(?:\.\/?|\$CI_PROJECT_DIR\/?|\$\{CI_PROJECT_DIR\}\/?)$/;

/**
 * Kaniko looks for a relative path in the working directory, and then in the context, so both must be the same.
 * Source: osscontainertools/kaniko cmd/executor/cmd/root.go, resolveDockerfilePath.
 */
function fileOf(
  site: BuildSite,
  command: Command,
  context: Value,
  file: Value | undefined,
): Value | undefined {
  const moves = site.commands.some(({ shell }) => /^(?:cd|pushd|popd)$/.test(shell.words[0]?.text ?? ''));
  if (ROOT.test(context.word.text) && !moves) return file;
  const text = file && (settledText(site, file.word.text) ?? file.word.text);
  if (text !== undefined && /^(?:\/|\$CI_PROJECT_DIR\/|\$\{CI_PROJECT_DIR\}\/)/.test(text)) return file;
  return refuse(
    'Kaniko looks for the Dockerfile in the working directory first, and then in the context; give --dockerfile a whole path ($CI_PROJECT_DIR/…).',
    command,
  );
}
