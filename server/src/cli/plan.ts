/** `drydock plan`: prints or writes the files of a build strategy, chosen by name or by what is needed. */
import { lstat, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type Answers,
  choose,
  needWords,
  planFiles,
  platforms,
  readNeeds,
  type StrategyInfo,
  strategyInfos,
} from '../analysis/index.js';
import { oneOf, type PlanOptions } from './arguments.js';
import { suggestion } from './closest.js';
import { type CliIo, complain, exitCode, UsageError } from './io.js';
import { createPaint, type Paint } from './paint.js';
import { relativePath } from './paths.js';
import { planText, rankingText } from './plan-text.js';
import { reason } from './walk.js';

type Platform = ReturnType<typeof platforms>[number];
type PlannedFile = Exclude<ReturnType<typeof planFiles>, string>[number];

/**
 * Returns the exit code.
 * @throws UsageError for a platform, strategy, need or runner file that is not known or does not go with the others.
 */
export async function plan(options: PlanOptions, io: CliIo): Promise<number> {
  const all = platforms();
  const ids = all.map(platform => platform.id);
  const id = oneOf('--platform', options.platform, ids);
  const platform = all.find(one => one.id === id) as Platform;
  const infos = strategyInfos(io.data('strategies'));
  const asked = options.needs && answersOf(platform, options.needs);
  const ranking = asked && choose(asked, infos);
  const strategy = strategyOf(ranking?.[0]?.id ?? options.strategy ?? '', infos);
  const files = filesOf(strategy, platform, options, asked);
  const paint = createPaint(io);
  if (ranking && asked) io.stdout.write(rankingText(asked, ranking, platform.caution, paint));
  if (options.write === undefined) {
    io.stdout.write(planText(files, paint));
    return exitCode.clean;
  }
  return await write(files, path.resolve(io.cwd, options.write), io, paint);
}

function answersOf(platform: Platform, needs: readonly string[]): Answers {
  for (const word of needs) oneOf('--need', word, needWords());
  const answers = readNeeds(platform.id, needs);
  if ('conflict' in answers)
    throw new UsageError(`--need: ${answers.conflict.join(' and ')} exclude each other`);
  return answers;
}

function strategyOf(id: string, infos: readonly StrategyInfo[]): StrategyInfo {
  const found = infos.find(info => info.id === id);
  if (found) return found;
  const ids = infos.map(info => info.id);
  throw new UsageError(`unknown strategy "${id}"${suggestion(id, ids) || '; see drydock strategies'}`);
}

function filesOf(
  strategy: StrategyInfo,
  platform: Platform,
  { runner }: PlanOptions,
  asked: Answers | undefined,
): readonly PlannedFile[] {
  if (runner !== undefined && !platform.runners.includes(runner))
    throw new UsageError(
      `--runner ${runner} does not go with ${platform.id}; it has ${platform.runners.join(', ') || 'no runner file'}`,
    );
  const files = planFiles(strategy, platform, {
    ...(runner === undefined ? {} : { runner }),
    ...(asked ? { exposure: asked.exposure } : {}),
  });
  if (typeof files === 'string')
    throw new UsageError(`no recipe for ${strategy.id} on ${platform.id}: ${files}`);
  return files;
}

/** All files or none; what is there already is never touched. */
async function write(
  files: readonly PlannedFile[],
  folder: string,
  io: CliIo,
  paint: Paint,
): Promise<number> {
  const targets = files.map(({ path: name, text }) => ({ absolute: path.join(folder, name), text }));
  const taken = await existing(targets.map(({ absolute }) => absolute));
  const names = (paths: readonly string[]): string =>
    paths.map(absolute => relativePath(absolute, io.cwd)).join(', ');
  if (taken.length > 0) {
    complain(io, `nothing was written, since these are there already: ${names(taken)}`);
    return exitCode.usage;
  }
  const written: string[] = [];
  try {
    for (const { absolute, text } of targets) {
      await makeFolder(path.dirname(absolute));
      await writeFile(absolute, text, { flag: 'wx' });
      written.push(absolute);
    }
  } catch (error) {
    await Promise.all(written.map(absolute => rm(absolute, { force: true })));
    complain(
      io,
      `nothing was written: ${names([targets[written.length]?.absolute ?? folder])}: ${reason(error)}`,
    );
    return exitCode.usage;
  }
  io.stdout.write(`${paint('good', 'Wrote')} ${names(written)}.\n`);
  return exitCode.clean;
}

/** Node's own way to make the folders above as well never ends where the disk makes none, as in /proc. */
async function makeFolder(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  await makeFolder(path.dirname(folder));
  await mkdir(folder);
}

async function isFolder(folder: string): Promise<boolean> {
  return (
    path.dirname(folder) === folder || (await stat(folder).catch(() => undefined))?.isDirectory() === true
  );
}

/** Also links that lead nowhere, which writing would follow. */
async function existing(paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    paths.map(async absolute => {
      try {
        await lstat(absolute);
        return [absolute];
      } catch {
        return [];
      }
    }),
  );
  return found.flat();
}
