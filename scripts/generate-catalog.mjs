/**
 * Turns the fact tables in data/ into the compact modules that the server bundles and the JSON files that
 * it loads on demand. `node scripts/generate-catalog.mjs` writes the modules, with `--check` it only
 * compares them and exits 1 when one is out of date.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** The generated modules: path from the project root to text. */
export function generatedFiles() {
  return new Map([
    ['server/src/catalog/data/docker-tags.ts', dockerTagsModule(readData('docker-image-tags.json'))],
    ['server/src/catalog/data/builder-images.ts', builderImagesModule(readData('builder-images.json'))],
    ['server/src/catalog/data/gitlab-templates.ts', templatesModule(readData('gitlab-templates.json'))],
  ]);
}

/** Paths of the generated modules whose file differs from what the data says, or is missing. */
export function outdatedFiles() {
  return [...generatedFiles()].filter(([file, text]) => currentText(file) !== text).map(([file]) => file);
}

/** Writes the generated modules. */
export function writeGeneratedFiles() {
  for (const [file, text] of generatedFiles()) {
    write(path.join(root, file), text);
  }
}

/**
 * What the product loads on first use, by the name of its file: runner-keys, variables and log-signatures. Their shapes
 * are `RunnerKeyTable` and `VariableTable` in catalog/variables.ts, and `LogTable` in catalog/log-signatures.ts.
 */
export function runtimeData() {
  const { date, variables } = readData('variables.json');
  return new Map([
    ['runner-keys', runnerKeyTable(readData('runner-keys.json'))],
    ['variables', { date, variables }],
    ['log-signatures', logTable(readData('log-signatures.json'), readData('failures.json').failures)],
  ]);
}

/** Writes the runtime data into `outDir`, the bundle's data folder (dist/data). */
export function writeRuntimeData(outDir) {
  for (const [name, value] of runtimeData()) write(path.join(outDir, `${name}.json`), JSON.stringify(value));
}

/** Without sources, and with the words on failures that are no rule. */
function logTable({ date, groups, failures }, unseen) {
  const known = unseen.filter(({ fix }) => fix !== undefined);
  const words = known.map(({ id, formats, what, fix }) => ({ id, formats, title: capitalised(what), fix }));
  return {
    date,
    signatures: groups.flatMap(group =>
      group.signatures.map(({ text, generic, failures: ids }) => ({
        text,
        ...(generic ? { generic } : {}),
        failures: ids,
      })),
    ),
    failures: [...words, ...failures],
  };
}

function capitalised(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function runnerKeyTable({ source, date, keys, deadKeys, featureFlags }) {
  const sections = {};
  for (const { section, key, type, default: initial, deprecated, description } of keys) {
    sections[section] ??= {};
    sections[section][key] = { type, ...defined({ default: initial, deprecated }), description };
  }
  const flags = Object.fromEntries(featureFlags.map(flag => [flag.name, flag.default]));
  return { source, date, sections, deadKeys, featureFlags: flags };
}

function defined(object) {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== null && value !== undefined),
  );
}

/** A row a template: its name, then names of globals, variables and jobs, each list joined by blanks. */
function templatesModule({ folders, templates }) {
  const rows = Object.entries(templates).map(([name, { globals = [], variables = [], jobs = [] }]) =>
    [
      name.replace(/\.gitlab-ci\.yml$/, ''),
      globals,
      variables,
      jobs.map(job => job.replaceAll(' ', '\u00A0')),
    ]
      .map(part => (Array.isArray(part) ? part.join(' ') : part))
      .join('|'),
  );
  return [
    header('data/gitlab-templates.json'),
    '/** Folders in which a bare name is looked for. */',
    `export const TEMPLATE_FOLDERS: readonly string[] = [${folders.map(quoted).join(', ')}];\n`,
    '/** `name|globals|variables|jobs`; a blank in the name of a job is a no-break space. */',
    'export const TEMPLATES: readonly string[] = [',
    ...rows.map(row => `  ${quoted(row)},`),
    '];\n',
  ].join('\n');
}

function dockerTagsModule({ completeTo, releases, floating }) {
  const groups = grouped(releases, row => tagGroup(row));
  const moving = grouped(floating, ({ release, last, stopped }) => [release, last, stopped ? 'stopped' : '']);
  return [
    header('data/docker-image-tags.json'),
    `export const TAGS_COMPLETE_TO = ${quoted(completeTo)};\n`,
    '/** Variants, Alpine versions, Windows versions (* is the tag without one), and the releases that have them. */',
    'export const TAG_GROUPS: readonly (readonly [string, string, string, string])[] = [',
    ...groups.map(([key, rows]) => tuple([...key, packed(rows.map(row => row.name))])),
    '];\n',
    '/** Release that the names stood for when they were last listed, that day, whether they have stopped, the names. */',
    'export const MOVING_TAGS: readonly (readonly [string, string, string, string])[] = [',
    ...moving.map(([key, rows]) => tuple([...key, rows.map(row => row.name).join(' ')])),
    '];\n',
  ].join('\n');
}

function tagGroup({ variants, alpine = [], windows = [] }) {
  return [variants.join(' '), alpine.join(' '), windows.map(version => version || '*').join(' ')];
}

/** `29.7.0 29.7.1 29.7` becomes `29.7: 0 1 =29.7`: a word that ends in a colon is put before those after it. */
function packed(names) {
  let line = '';
  const words = [];
  for (const name of names) {
    const [, minor, patch] = /^(\d+\.\d+)\.(.+)$/.exec(name) ?? [];
    if (minor === undefined) {
      words.push(`=${name}`);
      continue;
    }
    if (minor !== line) {
      words.push(`${minor}:`);
      line = minor;
    }
    words.push(patch);
  }
  return words.join(' ');
}

function builderImagesModule({ date, images }) {
  const rows = images.map(({ note, ...row }) => `  ${JSON.stringify(row)},`);
  return [
    header('data/builder-images.json'),
    "import type { BuilderImage } from '../builder-images.js';\n",
    `export const BUILDER_IMAGES_CHECKED = ${quoted(date)};\n`,
    'export const BUILDER_IMAGES: readonly BuilderImage[] = [',
    ...rows,
    '];\n',
  ].join('\n');
}

function header(source) {
  return `/** Generated by scripts/generate-catalog.mjs from ${source}; change the source, not this file. */`;
}

function grouped(rows, keyOf) {
  const groups = new Map();
  for (const row of rows) {
    const key = keyOf(row);
    const text = JSON.stringify(key);
    const group = groups.get(text) ?? [key, []];
    group[1].push(row);
    groups.set(text, group);
  }
  return [...groups.values()];
}

function tuple(values) {
  return `  [${values.map(quoted).join(', ')}],`;
}

function quoted(text) {
  return `'${text}'`;
}

function readData(name) {
  return JSON.parse(readFileSync(path.join(root, 'data', name), 'utf8'));
}

function currentText(file) {
  try {
    return readFileSync(path.join(root, file), 'utf8');
  } catch {
    return undefined;
  }
}

function write(file, text) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function main() {
  if (!process.argv.includes('--check')) {
    writeGeneratedFiles();
    return;
  }
  const outdated = outdatedFiles();
  for (const file of outdated) {
    console.error(`${file} is out of date: run node scripts/generate-catalog.mjs`);
  }
  process.exitCode = outdated.length > 0 ? 1 : 0;
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main();
}
