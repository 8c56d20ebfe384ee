/** Loads what the command line names: finds the files, groups them by project and reads them. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { type ProjectOptions, searchedPath } from '../analysis/index.js';
import type { Profile } from '../model/finding.js';
import type { InputOptions } from './arguments.js';
import { type CliIo, UsageError } from './io.js';
import { relativePath } from './paths.js';
import { fillProject, type LoadedProject, type ProjectSource, STDIN_PATH } from './project-files.js';
import { decode } from './read.js';
import { type FoundFile, isMarked, type PathProblem, projectRoot, reason, search } from './walk.js';

export interface LoadOptions extends InputOptions {
  readonly profile?: Profile | undefined;
}

export interface Loaded {
  readonly projects: readonly LoadedProject[];
  /** One line for each path that could not be read. */
  readonly problems: readonly string[];
  /** One line for each thing that went wrong inside. */
  readonly faults: ReadonlySet<string>;
}

/** Where no project begins, files beside a named one count as its own down to so many folders. */
const UNMARKED_LEVELS = 3;

/** What stands on the command line, as absolute paths. */
interface Named {
  readonly files: readonly string[];
  readonly folders: readonly string[];
  readonly stdin: boolean;
  readonly problems: readonly PathProblem[];
}

/** @throws UsageError when `--as` does not go with what is named. */
export async function load(options: LoadOptions, io: CliIo): Promise<Loaded> {
  const named = classify(options, io.cwd);
  const stdin = named.stdin ? decode(await io.stdin()) : undefined;
  const found = await findAll(named, io.cwd);
  const isReported = reportedBy(named);
  const problems = [...named.problems, ...found.problems];
  const faults = new Set<string>();
  const projects = await Promise.all(
    [...found.byRoot].map(([root, files]) => {
      const source: ProjectSource = {
        root,
        cwd: io.cwd,
        files,
        named: new Set(named.files),
        isReported,
        stdin: root === found.stdinRoot ? stdin : undefined,
        namedIsConfig: options.as === 'drydock-config',
        options: {
          ...projectOptions(options, root, named, message => faults.add(message)),
          data: io.data,
          absent: () => true,
        },
      };
      return fillProject(source, problems);
    }),
  );
  const lines = problems.map(problem => `${relativePath(problem.absolute, io.cwd)}: ${problem.message}`);
  return { projects, problems: lines, faults };
}

/** What all named files are, in terms of one project. */
function projectOptions(
  options: LoadOptions,
  root: string,
  named: Named,
  log: (message: string) => void,
): ProjectOptions {
  const { as, profile } = options;
  const paths = [...named.files.map(absolute => relativePath(absolute, root)), STDIN_PATH];
  return {
    ...(profile === undefined ? {} : { profile }),
    ...(as === undefined ? {} : { associations: new Map(paths.map(name => [name, as])) }),
    today: new Date().toISOString().slice(0, 10),
    log,
  };
}

function classify(options: InputOptions, cwd: string): Named {
  const files = new Set<string>();
  const folders = new Set<string>();
  const problems: PathProblem[] = [];
  for (const given of options.paths.filter(given => given !== '-')) {
    const absolute = path.resolve(cwd, given);
    try {
      (statSync(absolute).isDirectory() ? folders : files).add(absolute);
    } catch (error) {
      problems.push({ absolute, message: reason(error) });
    }
  }
  if (options.as !== undefined && folders.size > 0)
    throw new UsageError('--as says what named files are; it does not go with a folder');
  const stdin = options.paths.includes('-');
  if (options.as === 'drydock-config' && files.size + (stdin ? 1 : 0) > 1)
    throw new UsageError('--as drydock-config takes one file; a project has one configuration');
  return { files: [...files], folders: [...folders], stdin, problems };
}

interface Found {
  /** All files to read, by the root of their project. */
  readonly byRoot: ReadonlyMap<string, ReadonlySet<string>>;
  readonly problems: readonly PathProblem[];
  /** The project that standard input counts to. */
  readonly stdinRoot: string | undefined;
}

async function findAll(named: Named, cwd: string): Promise<Found> {
  const accept = (absolute: string) => searchedPath(absolute.replaceAll(path.sep, '/'));
  const searches = await Promise.all(
    named.folders.map(folder =>
      search({ folder, root: projectRoot(folder, cwd), cwd, nested: true, accept }),
    ),
  );
  const inFolders = searches.flatMap(done => done.files);
  const seen = new Set(inFolders.map(file => file.absolute));
  const alone = named.files
    .filter(absolute => !seen.has(absolute))
    .map(absolute => ({ absolute, root: projectRoot(path.dirname(absolute), cwd) }));
  const files: readonly FoundFile[] = [...inFolders, ...alone];
  const stdinRoot = named.stdin ? cwd : undefined;
  const whole = new Set(searches.flatMap(done => done.wholeProjects));
  const partly = new Set([...files.map(file => file.root), ...(stdinRoot ? [stdinRoot] : [])]);
  // What else the projects hold is read for includes and pairing; whether all of it can be read is not the question.
  const rest = await Promise.all(
    [...partly]
      .filter(root => !whole.has(root))
      .map(root => {
        // A folder that is no project may hold anything: the home of a user, all of a disk.
        const near = isMarked(root) ? {} : { levels: UNMARKED_LEVELS };
        return search({ folder: root, root, cwd, nested: false, accept, ...near });
      }),
  );
  const byRoot = groupByRoot([...files, ...rest.flatMap(done => done.files)]);
  if (stdinRoot !== undefined && !byRoot.has(stdinRoot)) byRoot.set(stdinRoot, new Set());
  return { byRoot, problems: searches.flatMap(done => done.problems), stdinRoot };
}

function groupByRoot(files: readonly FoundFile[]): Map<string, Set<string>> {
  const byRoot = new Map<string, Set<string>>();
  for (const { absolute, root } of files) {
    const group = byRoot.get(root) ?? new Set();
    byRoot.set(root, group.add(absolute));
  }
  return byRoot;
}

function reportedBy(named: Named): (absolute: string) => boolean {
  const files = new Set(named.files);
  const folders = named.folders.map(folder => (folder.endsWith(path.sep) ? folder : folder + path.sep));
  return absolute => files.has(absolute) || folders.some(folder => absolute.startsWith(folder));
}
