/** Says what a file is taken for and which runners it is paired with, and what may be chosen instead. */
import { type DialectId, FORMATS, type Runner } from '../model/build-site.js';
import { placeKey } from '../model/known.js';
import type { TextEdit } from '../syntax/patch.js';
import type { Tree } from '../syntax/tree.js';
import type { Choice, FileStatus } from './api.js';
import type { DrydockConfig } from './config.js';
import { type Declaration, writeDeclaration } from './config-writer.js';
import type { FileState } from './file-state.js';
import { matcher } from './globs.js';
import { code } from './markdown.js';
import type { RunnerOffer } from './pairing.js';

export interface StatusRequest {
  readonly path: string;
  /** Missing for a file that the project does not hold. */
  readonly file: FileState | undefined;
  readonly dialect: DialectId | undefined;
  readonly config: DrydockConfig;
  readonly offers: readonly RunnerOffer[];
  readonly runners: readonly Runner[];
  /** The language of the document says what it is. */
  readonly given: boolean;
}

const NAMES: Readonly<Partial<Record<DialectId, readonly [short: string, long: string]>>> = {
  'gitlab-ci': ['GitLab CI', 'a GitLab CI pipeline'],
  'gitlab-runner': ['GitLab Runner', 'a configuration of GitLab Runner'],
  'helm-values': ['gitlab-runner chart', 'values of the gitlab-runner chart'],
  'github-actions': ['GitHub Actions', 'a workflow of GitHub Actions'],
  'drydock-config': ['Drydock', 'the configuration of Drydock'],
};

/** Formats that have to do with the runners of GitLab. */
const GITLAB: readonly DialectId[] = ['gitlab-ci', 'gitlab-runner', 'helm-values'];

/** Formats whose sites run on runners of the project. */
const PAIRED: readonly DialectId[] = ['gitlab-ci'];

export function fileStatus(request: StatusRequest): FileStatus {
  const { dialect } = request;
  const [short, long] = (dialect && NAMES[dialect]) ?? [
    dialect ?? 'not one of ours',
    dialect ?? 'none of the files that Drydock reads',
  ];
  const paired = dialect !== undefined && PAIRED.includes(dialect);
  const lines = [
    `Taken for **${long}**${dialect ? `, ${howOf(request, dialect)}` : ''}.`,
    ...(paired ? runnerLines(request) : []),
    ...ownLines(request),
  ];
  const label = paired ? `${short} · ${runnerLabel(request)}` : short;
  return { dialect, label, explanation: lines.join('\n\n'), choices: choicesOf(request) };
}

function howOf({ path, file, config, given }: StatusRequest, dialect: DialectId): string {
  if (given) return 'by the language of the document';
  const listed = config.files.find(({ globs }) => globs.some(glob => matcher(glob)(path)));
  if (listed) return 'because `.drydock.yml` says so';
  if (dialect === 'drydock-config' || file?.dialect?.recognise(path, '')) return 'by its name';
  return file?.dialect?.recognise(path, file.text) ? 'by its content' : 'because a file of ours includes it';
}

function runnerLabel({ offers }: StatusRequest): string {
  const [only, ...others] = offers;
  if (!only) return 'runner unknown';
  return others.length === 0 ? only.paired.runner.name : `${offers.length} runners`;
}

const HOW: Readonly<Record<string, string>> = {
  declared: 'declared in `.drydock.yml`',
  hosted: 'declared in `.drydock.yml`',
  'only-one': 'the only one here, so only likely',
  candidate: 'one of several here',
};

function runnerLines({ offers }: StatusRequest): readonly string[] {
  if (offers.length === 0)
    return [
      'Its runner is **not known**: no file here holds one. Much of what could go wrong cannot be told.',
    ];
  return offers.slice(0, 5).map(({ paired: { runner, how }, tags }) => {
    const tagged =
      tags && tags.length > 0 ? ` for jobs with the tags ${tags.map(tag => code(tag)).join(', ')}` : '';
    const where = how === 'hosted' ? '' : ` of ${code(runner.path)}`;
    return `Runner ${code(runner.name)}${where}, ${HOW[how] ?? how}${tagged}.`;
  });
}

function ownLines({ path, offers, runners }: StatusRequest): readonly string[] {
  return runners
    .filter(runner => runner.path === path)
    .slice(0, 5)
    .map(runner => {
      const offer = offers.find(one => placeKey(one.paired.runner.place) === placeKey(runner.place));
      return `Runner ${code(runner.name)}: ${offer ? (HOW[offer.paired.how] ?? '') : 'not taken for one that runs jobs of this project'}.`;
    });
}

const MOST_RUNNERS = 20;

const YAML = /\.ya?ml(?:\.\w+)?$/i;

/** Names of files that can hold a format, for those that are not YAML. */
const WRITTEN: Readonly<Partial<Record<DialectId, RegExp>>> = {
  'gitlab-runner': /\.toml(?:\.\w+)?$/i,
};

function choicesOf(request: StatusRequest): readonly Choice[] {
  return declarations(request).map(({ id, label, detail }) => ({ id, label, detail }));
}

/** Every choice with what it writes. */
function declarations({
  path,
  file,
  dialect,
  config,
  runners,
}: StatusRequest): readonly (Choice & { readonly declaration: Declaration })[] {
  const told = new Set(config.runners.map(({ config, entry }) => JSON.stringify([config, entry])));
  const fresh = runners.filter(
    runner =>
      !told.has(JSON.stringify([runner.path, runner.name])) &&
      !told.has(JSON.stringify([runner.path, undefined])),
  );
  const isOnGitlab = dialect !== undefined && GITLAB.includes(dialect);
  const hosted = config.runners.some(runner => runner.hosted === 'gitlab.com');
  // What a name says by itself nobody needs to correct.
  const named = dialect === 'drydock-config' || file?.dialect?.recognise(path, '') === true;
  const others = named ? [] : FORMATS.filter(id => id !== dialect && (WRITTEN[id] ?? YAML).test(path));
  return [
    ...(isOnGitlab ? fresh : []).slice(0, MOST_RUNNERS).map(({ path, name }) => ({
      id: `runner ${path} ${name}`,
      label: `Jobs run on ${name}`,
      detail: `Declares it, by ${path}. What follows from it is certain then.`,
      declaration: {
        kind: 'runners',
        runners: [
          [
            ['name', name],
            ['config', path],
            ['entry', name],
          ],
        ],
      } as const,
    })),
    ...(hosted || !isOnGitlab
      ? []
      : [
          {
            id: 'hosted gitlab.com',
            label: "Jobs run on GitLab.com's hosted runners",
            detail: 'Declares them: a fresh machine for each job, privileged, with shared certificates.',
            declaration: { kind: 'runners', runners: [[['hosted', 'gitlab.com']]] } as const,
          },
        ]),
    ...others.map(id => ({
      id: `file ${id}`,
      label: `Take this file for ${NAMES[id]?.[1] ?? id}`,
      detail: `Adds ${path} to the files of this kind.`,
      declaration: { kind: 'files', dialect: id, path } as const,
    })),
  ];
}

/** What a choice writes into `.drydock.yml`, or why it cannot. `tree` is missing where there is no such file yet. */
export function writeChoice(request: StatusRequest, id: string, tree: Tree | undefined): TextEdit | string {
  const chosen = declarations(request).find(one => one.id === id);
  return chosen ? writeDeclaration(tree, chosen.declaration) : 'there is no such choice any more';
}
