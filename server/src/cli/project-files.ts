/** Fills one project with the texts of its files, and keeps what the reports need to know of them. */
import { join } from 'node:path';
import {
  createProject,
  includeMatcher,
  isPattern,
  type Project,
  type ProjectOptions,
} from '../analysis/index.js';
import { relativePath } from './paths.js';
import { type Content, readAll } from './read.js';
import { type PathProblem, search } from './walk.js';

/** What standard input is called in projects and reports. */
export const STDIN_PATH = '-';

/** The one path at which a project has its configuration. */
const CONFIG_PATH = '.drydock.yml';

/** Where the files of a project are. Paths are absolute. */
export interface ProjectSource {
  readonly root: string;
  readonly cwd: string;
  readonly files: Iterable<string>;
  /** Given by name, in this project or another. */
  readonly named: ReadonlySet<string>;
  readonly isReported: (absolute: string) => boolean;
  readonly stdin: Content | undefined;
  /** Whether the file that was named, or standard input, stands in for the project's configuration. */
  readonly namedIsConfig: boolean;
  readonly options: ProjectOptions;
}

/** A file as it was read. */
export interface InputFile extends Content {
  /** Within the project. */
  readonly path: string;
  /** `undefined` for standard input. */
  readonly absolute: string | undefined;
  readonly named: boolean;
  readonly reported: boolean;
}

export interface LoadedProject {
  readonly project: Project;
  /** By path within the project. */
  readonly files: ReadonlyMap<string, InputFile>;
  /** How reports name a path of the project. */
  readonly shown: (path: string) => string;
}

const MAX_ROUNDS = 10;

/** Adds to `problems` what was to be reported and cannot be read. */
export async function fillProject(source: ProjectSource, problems: PathProblem[]): Promise<LoadedProject> {
  const project = createProject(source.options);
  const files = new Map<string, InputFile>();
  if (source.stdin) add(project, files, inputOf(source, undefined, source.stdin));
  await addFiles(project, files, source, source.files, problems);
  const asked = new Set<string>();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const wanted = project.wanted().filter(path => !asked.has(path) && !files.has(path));
    if (wanted.length === 0) break;
    for (const path of wanted) asked.add(path);
    await addFiles(project, files, source, await locate(wanted, source), []);
  }
  const shown = (path: string) => {
    const file = files.get(path);
    if (file !== undefined && file.absolute === undefined) return STDIN_PATH;
    return relativePath(file?.absolute ?? join(source.root, path), source.cwd);
  };
  return { project, files, shown };
}

async function addFiles(
  project: Project,
  files: Map<string, InputFile>,
  source: ProjectSource,
  paths: Iterable<string>,
  problems: PathProblem[],
): Promise<void> {
  const absolutes = [...paths].filter(absolute => !files.has(pathIn(source, absolute)));
  const contents = await readAll(absolutes);
  absolutes.forEach((absolute, i) => {
    const content = contents[i];
    if (content === undefined || files.has(pathIn(source, absolute))) return;
    if (!('failed' in content)) add(project, files, inputOf(source, absolute, content));
    else if (source.isReported(absolute)) problems.push({ absolute, message: content.failed });
  });
}

function inputOf(source: ProjectSource, absolute: string | undefined, content: Content): InputFile {
  return {
    ...content,
    path: pathIn(source, absolute),
    absolute,
    named: absolute === undefined || source.named.has(absolute),
    reported: absolute === undefined || source.isReported(absolute),
  };
}

function pathIn({ root, named, namedIsConfig }: ProjectSource, absolute: string | undefined): string {
  if (namedIsConfig && (absolute === undefined || named.has(absolute))) return CONFIG_PATH;
  return absolute === undefined ? STDIN_PATH : relativePath(absolute, root);
}

function add(project: Project, files: Map<string, InputFile>, file: InputFile): void {
  files.set(file.path, file);
  // A NUL tells the core that the file is there but not to be analysed, so that nothing calls it missing.
  project.setFile(file.path, file.skipped === undefined ? file.text : `${file.text}\0`);
}

/** The files behind paths and patterns from the project's root. */
async function locate(wanted: readonly string[], source: ProjectSource): Promise<ReadonlySet<string>> {
  const { root, cwd } = source;
  const found = new Set(wanted.filter(path => !isPattern(path)).map(path => join(root, path)));
  const patterns = wanted.filter(isPattern);
  if (patterns.length === 0) return found;
  const matchers = patterns.map(includeMatcher);
  const accept = (absolute: string) => {
    const path = relativePath(absolute, root);
    return matchers.some(matches => matches(path));
  };
  for (const folder of new Set(patterns.map(pattern => folderOf(root, pattern)))) {
    const { files } = await search({ folder, root, cwd, nested: false, accept });
    for (const file of files) found.add(file.absolute);
  }
  return found;
}

/** The folder that holds all that a pattern may match. */
function folderOf(root: string, pattern: string): string {
  const fixed = pattern.slice(0, pattern.indexOf('*'));
  return join(root, fixed.slice(0, fixed.lastIndexOf('/') + 1));
}
