/** `npm run bench`: measures speed, memory and size, and prints Markdown. */
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleControls } from './controls.mjs';
import { goalTable } from './goals.mjs';
import { measureFiles, measureSizes, measureTrees } from './measure.mjs';
import { readOptions, USAGE } from './options.mjs';
import { measureProjects, projectTable } from './projects.mjs';
import { failures, fileTable, growthTable, sizeTable, treeTable } from './report.mjs';
import { number } from './stats.mjs';

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Runs everything; the exit code tells of failures, never of speed. */
async function main() {
  const options = optionsOrUsage();
  if (options === undefined) return;
  process.chdir(ROOT);
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'drydock-bench-')));
  try {
    await bench(options, folder);
  } finally {
    if (options.keep) console.error(`kept ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  }
}

function optionsOrUsage() {
  try {
    const options = readOptions(process.argv.slice(2));
    if (!options.help) return options;
    console.log(USAGE);
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`);
    process.exitCode = 2;
  }
  return undefined;
}

async function bench(options, folder) {
  const progress = text => console.error(text);
  const wanted = [
    options.sizes.length > 0 ? options.server : [],
    options.trees.length > 0 ? options.cli : [],
  ];
  const missing = wanted.flat().filter(word => /^dist\//.test(word) && !existsSync(word));
  if (missing.length > 0) {
    progress(`not built, left out: ${missing.join(', ')}`);
    process.exitCode = 1;
  }
  const built = command => !command.some(word => missing.includes(word));
  const controls = await bundleControls(folder);
  const before = load();
  const files = built(options.server) ? await measureFiles(options, controls, folder, progress) : [];
  const trees = built(options.cli) ? await measureTrees(options, controls, folder, progress) : [];
  const core = path.resolve('dist/core.js');
  const projects = existsSync(core) ? await measureProjects(options, core, progress) : [];
  const sizes = measureSizes(ROOT);
  console.log(preamble(options, before));
  for (const file of files) console.log(`\n${fileTable(file, options.name)}`);
  const growth = growthTable(files, options.name);
  if (growth) console.log(`\n${growth}`);
  if (trees.length > 0) console.log(`\n${treeTable(trees)}`);
  if (projects.length > 0) console.log(`\n${projectTable(projects)}`);
  if (sizes.length > 0) console.log(`\n${sizeTable(sizes)}`);
  console.log(`\n${goalTable(files, trees, sizes)}`);
  const failed = failures([...files, ...trees]);
  if (failed.length > 0) {
    console.log(`\n### Failed\n\n${failed.join('\n')}`);
    process.exitCode = 1;
  }
}

function preamble(options, before) {
  const cpus = os.cpus();
  const runs = options.runs === 1 ? 'One run' : `Median (least–greatest) of ${options.runs} runs`;
  return [
    '## Speed',
    '',
    `${process.platform}, ${cpus.length} × ${cpus[0]?.model.trim()}, Node.js ${process.versions.node}; load ${before} before and ${load()} after.`,
    `${runs}, each a fresh process; the servers take turns. A ratio is the median of the ratios within a run.`,
    'empty-bundled: a server that publishes nothing. `yaml` floor: a server that parses the whole document with `yaml` at every key press and publishes syntax errors only. Parse p10 and median: `parseAllDocuments` with a `LineCounter`, warm.',
  ].join('\n');
}

function load() {
  return number(os.loadavg()[0]);
}

await main();
