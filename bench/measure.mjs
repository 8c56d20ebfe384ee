/** Takes all samples: every run measures every file, and the programs take turns on it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { pipeline, writeTree } from './generate.mjs';
import { timeProcess } from './process.mjs';
import { measureServer } from './sample.mjs';

/**
 * A sample that could not be taken is `{ failure }`, the reason.
 *
 * @typedef {object} FileResult one array item for each run
 * @property {number} lines
 * @property {number} bytes
 * @property {object[]} parse `yaml` on its own: cold, p10, median (milliseconds)
 * @property {import('./sample.mjs').Sample[]} subject
 * @property {import('./sample.mjs').Sample[]} empty
 * @property {import('./sample.mjs').Sample[]} yaml
 *
 * @typedef {object} TreeResult one array item for each run
 * @property {number} files
 * @property {number} bytes
 * @property {number} [checked] how many files the command line says that it read
 * @property {number} [findings] how many findings it has
 * @property {{ took: number }[]} subject milliseconds of the whole process
 * @property {{ took: number }[]} yaml likewise
 */

/**
 * Measures language servers on pipelines.
 * @param {import('./options.mjs').Options} options
 * @param {Awaited<ReturnType<import('./controls.mjs').bundleControls>>} controls
 * @param {string} folder for the generated files
 * @param {(text: string) => void} progress
 * @returns {Promise<FileResult[]>} one for each size
 */
export async function measureFiles(options, controls, folder, progress) {
  const files = options.sizes.map(lines => writePipeline(folder, lines, options.seed));
  const servers = [
    ['subject', options.server.map(absoluteIfFile)],
    ['empty', controls.empty],
    ['yaml', controls.yaml],
  ];
  progress('first start of each server, not counted');
  for (const [, command] of files.length > 0 ? servers : []) await sample(command, files[0].file, options);
  for (let run = 0; run < options.runs; run++) {
    for (const { file, result } of files) {
      progress(`run ${run + 1} of ${options.runs}: ${result.lines} lines`);
      const { output } = await timeProcess([...controls.parse, 'file', file]);
      result.parse.push(JSON.parse(output));
      for (const [key, command] of rotated(servers, run)) {
        result[key].push(await sample(command, file, options));
      }
    }
  }
  return files.map(({ result }) => result);
}

/**
 * Measures the command line on trees, beside a process that only parses the YAML files of the tree.
 * @param {import('./options.mjs').Options} options
 * @param {Awaited<ReturnType<import('./controls.mjs').bundleControls>>} controls
 * @param {string} folder for the generated files
 * @param {(text: string) => void} progress
 * @returns {Promise<TreeResult[]>} one for each tree
 */
export async function measureTrees(options, controls, folder, progress) {
  const trees = [];
  for (const files of options.trees) {
    const root = path.join(folder, `tree-${files}`);
    const written = writeTree(root, files, options.seed);
    const check = [...options.cli.map(absoluteIfFile), 'check', '--fail-on', 'never'];
    progress(`tree of ${files} files, first run, not counted`);
    const summary = await summaryOf([...check, '--format', 'json', root], root);
    trees.push({ root, check, result: { ...written, ...summary, subject: [], yaml: [] } });
  }
  for (let run = 0; run < options.runs; run++) {
    for (const { root, check, result } of trees) {
      progress(`run ${run + 1} of ${options.runs}: tree of ${result.files} files`);
      const commands = [
        ['subject', [...check, root]],
        ['yaml', [...controls.parse, 'tree', root]],
      ];
      for (const [key, command] of rotated(commands, run)) {
        const { took, failure } = await timeProcess(command, root).catch(failed);
        result[key].push(failure === undefined ? { took } : { failure });
      }
    }
  }
  return trees.map(({ result }) => result);
}

/**
 * Sizes of the bundles and of the packed extension, where they exist.
 * @param {string} root the project's folder
 * @returns {{ name: string, bytes: number, gzip?: number }[]}
 */
export function measureSizes(root) {
  const dist = path.join(root, 'dist');
  const bundles = existsSync(dist) ? readdirSync(dist).filter(name => name.endsWith('.js')) : [];
  const packed = readdirSync(root).filter(name => name.endsWith('.vsix'));
  return [
    ...bundles.map(name => {
      const content = readFileSync(path.join(dist, name));
      return { name: `dist/${name}`, bytes: content.length, gzip: gzipSync(content, { level: 9 }).length };
    }),
    ...packed.map(name => ({ name, bytes: statSync(path.join(root, name)).size })),
  ];
}

function writePipeline(folder, lines, seed) {
  const file = path.join(folder, `lines-${lines}`, '.gitlab-ci.yml');
  const text = pipeline(lines, seed + lines);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  const result = { lines, bytes: Buffer.byteLength(text), parse: [], subject: [], empty: [], yaml: [] };
  return { file, result };
}

/** A sample, or why there is none. */
function sample(command, file, options) {
  return measureServer(command, file, options).catch(failed);
}

function failed(error) {
  return { failure: error.message };
}

/** What the command line says that it read and found; nothing when it does not say. */
async function summaryOf(command, cwd) {
  try {
    const { files, error, warning, info } = JSON.parse((await timeProcess(command, cwd)).output).summary;
    return { checked: files, findings: error + warning + info };
  } catch {
    return {};
  }
}

/** Who is first changes with the run, so that no program always follows the same other one. */
function rotated(items, run) {
  const by = run % items.length;
  return [...items.slice(by), ...items.slice(0, by)];
}

/** The programs run in other folders than this one. */
function absoluteIfFile(word) {
  return existsSync(word) ? path.resolve(word) : word;
}
