/** `drydock convert`: moves a job to another build strategy, or says why that cannot be done. */
import { type Conversion, conversionTargets } from '../analysis/index.js';
import { type ConvertOptions, oneOf } from './arguments.js';
import { suggestion } from './closest.js';
import { unifiedDiff } from './diff.js';
import type { ChangedFile } from './fix.js';
import { type CliIo, complain, exitCode, UsageError } from './io.js';
import { load } from './load.js';
import { createPaint } from './paint.js';
import type { InputFile, LoadedProject } from './project-files.js';
import { withBom } from './read.js';
import { sourcesOf } from './sources.js';
import { reason } from './walk.js';
import { replaceFile } from './write.js';

/**
 * Returns the exit code: 1 where the job cannot be converted, and then no file is touched.
 * @throws UsageError for a strategy, file or job that is not known
 */
export async function convert(options: ConvertOptions, io: CliIo): Promise<number> {
  const to = oneOf('--to', options.to, conversionTargets());
  const loaded = await load({ paths: [options.file], as: undefined }, io);
  const found = loaded.projects.flatMap(one => {
    const file = [...one.files.values()].find(({ named }) => named);
    return file ? [{ loaded: one, file }] : [];
  })[0];
  if (!found || loaded.problems.length > 0)
    throw new UsageError(loaded.problems[0] ?? `${options.file}: there is no such file`);
  const { project } = found.loaded;
  const { path, skipped } = found.file;
  const dialect = project.dialectOf(path);
  if (skipped !== undefined || (dialect !== 'gitlab-ci' && dialect !== 'compose'))
    throw new UsageError(`${options.file}: ${skipped ?? 'neither a GitLab pipeline nor a Compose file'}`);
  const result = project.convert({ path, job: options.job, to });
  for (const fault of loaded.faults) complain(io, `internal error: ${fault}`);
  if (loaded.faults.size > 0) return exitCode.internal;
  return 'refused' in result
    ? refuse(result, found.loaded, path, options.job, io)
    : await tell(result, found.loaded, options, io);
}

type Refusal = Extract<Conversion, { readonly refused: string }>;
type Converted = Exclude<Conversion, Refusal>;

function refuse(
  { refused, at, unknown }: Refusal,
  loaded: LoadedProject,
  path: string,
  job: string,
  io: CliIo,
): number {
  const names = [...new Set(loaded.project.jobs().flatMap(row => (row.path === path ? [row.job.name] : [])))];
  if (unknown) throw new UsageError(`no job "${job}" in ${loaded.shown(path)}${suggestion(job, names)}`);
  const place = at && sourcesOf(loaded).locate(at);
  const where = place ? `${place.path}:${place.range.start.line + 1}` : loaded.shown(path);
  complain(io, `${where}: ${refused} Job "${job}" stays as it is.`);
  return exitCode.findings;
}

/** Prints or writes the new texts, with what changes besides. */
async function tell(
  { texts, notes }: Converted,
  { files, shown }: LoadedProject,
  options: ConvertOptions,
  io: CliIo,
): Promise<number> {
  const changed = [...texts].flatMap(([path, after]): ChangedFile[] => {
    const file = files.get(path);
    return file ? [{ file, shown: shown(path), after }] : [];
  });
  if (options.diff) io.stdout.write(await unifiedDiff(changed));
  else {
    const problem = await writeAll(changed);
    if (problem !== undefined) {
      complain(io, problem);
      return exitCode.usage;
    }
  }
  const paint = createPaint(io);
  const to = options.diff ? io.stderr : io.stdout;
  if (!options.diff)
    to.write(
      `${paint('good', 'Converted')} job "${options.job}" in ${changed.map(one => one.shown).join(', ')}.\n`,
    );
  for (const note of notes) to.write(`- ${note}\n`);
  return exitCode.clean;
}

/** All files or none: what was written is put back where another one fails. */
async function writeAll(changed: readonly ChangedFile[]): Promise<string | undefined> {
  const written: InputFile[] = [];
  for (const { file, shown, after } of changed) {
    if (file.absolute === undefined) continue;
    try {
      await replaceFile(file.absolute, withBom(after, file.bom));
      written.push(file);
    } catch (error) {
      await Promise.all(written.map(one => replaceFile(one.absolute ?? '', withBom(one.text, one.bom))));
      return `${shown}: not written: ${reason(error)}`;
    }
  }
  return undefined;
}
