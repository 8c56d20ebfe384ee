/** The jobs of a workflow, with those of the workflows in the repository that it calls. */
import type { Place } from '../../model/known.js';
import type { MapNode } from '../../syntax/tree.js';
import type { Unit } from '../dialect.js';
import { givenInputs, inputValues, isLocal, localFile } from './composite.js';
import { isNever, type Resolve } from './expressions.js';
import { type Events, eventsOf, isCalledOnly } from './facts.js';
import { mapOf, nodeAt, place, rootNode, type Source, textAt } from './values.js';

/** A job, and what the workflow that calls its own hands over. */
export interface JobFrame {
  readonly source: Source;
  readonly name: string;
  /** The key that names it. */
  readonly place: Place;
  readonly job: MapNode;
  /** `inputs.…` of the workflow that it stands in. */
  readonly inputs: Resolve;
  /** What started the run; missing where that is for the caller to say, who is not in view. */
  readonly events: Events | undefined;
  /** The job that calls its workflow. */
  readonly caller: JobFrame | undefined;
}

/** GitHub allows ten levels; a workflow has no more jobs than this with all that it calls. */
const DEEPEST = 10;
const MOST = 500;

export function jobFrames(unit: Unit): readonly JobFrame[] {
  const source: Source = { path: unit.path, tree: unit.tree };
  const frames: JobFrame[] = [];
  const events = isCalledOnly(source) ? undefined : eventsOf(source);
  collect(unit, frames, { source, inputs: () => undefined, events, caller: undefined });
  return frames;
}

type Around = Pick<JobFrame, 'source' | 'inputs' | 'events' | 'caller'>;

function collect(unit: Unit, frames: JobFrame[], around: Around, depth = 0): void {
  const { source } = around;
  for (const { key, value } of mapOf(source, rootNode(source, 'jobs'))?.entries ?? []) {
    const job = mapOf(source, value);
    if (!job || frames.length >= MOST || isNever(textAt(source, job, 'if'))) continue;
    const frame: JobFrame = { ...around, name: key.text, place: place(source, key), job };
    const uses = textAt(source, job, 'uses');
    if (uses === undefined) frames.push(frame);
    else if (depth < DEEPEST) follow(unit, frames, frame, uses, depth);
  }
}

function follow(unit: Unit, frames: JobFrame[], caller: JobFrame, uses: string, depth: number): void {
  const file = isLocal(uses) ? localFile(unit, caller.source.path, [uses.slice('./'.length)]) : undefined;
  if (!file) return;
  const given = givenInputs(
    caller.source,
    mapOf(caller.source, nodeAt(caller.source, caller.job, 'with')),
    caller.inputs,
  );
  const call = mapOf(file, nodeAt(file, mapOf(file, rootNode(file, 'on')), 'workflow_call'));
  const inputs = inputValues(file, mapOf(file, nodeAt(file, call, 'inputs')), given);
  collect(unit, frames, { source: file, inputs, events: caller.events, caller }, depth + 1);
}
