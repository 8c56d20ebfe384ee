/** Plays random edits of several files, and holds the project that lives through them against fresh ones. */
import assert from 'node:assert/strict';
import { createProject, type Project } from '../../server/src/analysis/index.js';
import { runtimeData } from './data.js';
import { TODAY } from './project.js';
import { type Random, random } from './random.js';

/** What each file is put together from, by its path: one choice of each row. */
export type FileRows = Readonly<Record<string, readonly (readonly string[])[]>>;

const STEPS = 60;

/** Edits one file after the other; of two edits, one is of the first `often` files. Files also go and come. */
export function playEdits(files: FileRows, seed: number, often: number): void {
  const paths = Object.keys(files);
  const chance = random(seed);
  const project = emptyProject();
  const texts = new Map<string, string>();
  for (let step = 0; step < STEPS; step++) {
    const path = chance.below(2) === 0 ? chance.pick(paths.slice(0, often)) : chance.pick(paths);
    const text = chance.below(14) === 0 ? undefined : textOf(files[path] ?? [], chance);
    project.setFile(path, text);
    if (text === undefined) texts.delete(path);
    else texts.set(path, text);
    if (chance.below(3) === 0) continue;
    const fresh = emptyProject();
    // The order in which files come must not matter.
    const order = [...texts].sort(() => chance.below(3) - 1);
    for (const [each, content] of order) fresh.setFile(each, content);
    assert.equal(everything(project, paths), everything(fresh, paths), JSON.stringify([...texts]));
  }
}

function textOf(rows: readonly (readonly string[])[], chance: Random): string {
  return rows.map(row => chance.pick(row)).join('');
}

/** A project without files, in which nothing is ever found on the disk and a logged error fails the test. */
export function emptyProject(): Project {
  const log = (message: string): void => assert.fail(message);
  return createProject({ today: TODAY, data: runtimeData, absent: () => true, log });
}

/** All that a project says, blocks and their numbers left out. */
function everything(project: Project, paths: readonly string[]): string {
  const findings = project
    .check()
    .map(file => ({ ...file, findings: file.findings.map(one => ({ ...one, fixes: one.fixes() })) }));
  const jobs = project.jobs().map(({ job, locate, ...row }) => [
    row,
    JSON.stringify(job, (_, value) => {
      if (value instanceof Map) return [...value];
      return value !== null && typeof value === 'object' && 'block' in value ? locate(value) : value;
    }),
  ]);
  const wanted = [...project.wanted()].sort();
  return JSON.stringify(
    { findings, jobs, wanted, trace: project.trace(), hovers: hoversOf(project, paths) },
    null,
    1,
  );
}

/** At the first word of each line, and at the images in it. */
function hoversOf(project: Project, paths: readonly string[]): readonly unknown[] {
  return paths.flatMap(path =>
    [...(project.text(path) ?? '').matchAll(/(?<=^ *)\S|docker:/gm)].map(({ index }) =>
      project.hover(path, index + 1),
    ),
  );
}
