/** Measures projects of many files: the first check, and a key press in one of them. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { timeProcess } from './process.mjs';
import { table } from './report.mjs';
import { cell, number, values } from './stats.mjs';

const RUN = fileURLToPath(new URL('project-run.mjs', import.meta.url));

const TITLES = {
  apart: 'pipelines apart from each other',
  included: 'one pipeline of many files, typing in one of them',
  shared: 'many pipelines that include one file, typing in that',
  runners: 'pipelines beside a config.toml',
};

/**
 * @param {import('./options.mjs').Options} options
 * @param {string} core the bundle of the core
 * @param {(text: string) => void} progress
 * @returns {Promise<{ shape: string, files: number, samples: Record<string, number>[] }[]>}
 */
export async function measureProjects(options, core, progress) {
  const results = options.projects.flatMap(files =>
    Object.keys(TITLES).map(shape => ({ shape, files, samples: [] })),
  );
  for (let run = 0; run < options.runs && results.length > 0; run++) {
    progress(`run ${run + 1} of ${options.runs}: projects of many files`);
    for (const { shape, files, samples } of results) {
      const command = [process.execPath, RUN, core, shape, String(files)];
      samples.push(JSON.parse((await timeProcess(command, path.dirname(RUN))).output));
    }
  }
  return results;
}

/** @param {Awaited<ReturnType<typeof measureProjects>>} results @returns {string} Markdown */
export function projectTable(results) {
  const rows = results.map(({ shape, samples }) => [
    TITLES[shape],
    number(samples[0]?.files),
    number(samples[0]?.findings),
    cell(values(samples, 'cold')),
    cell(values(samples, 'p50')),
    cell(values(samples, 'p95')),
  ]);
  const head = ['project', 'files', 'findings', 'first check, ms', 'key press p50, ms', 'p95, ms'];
  return `### Projects\n\n${table(head, rows)}\n\nThe core alone, in one process, without reading files.`;
}
