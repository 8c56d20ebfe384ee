/** Lowers the steps of a job, with those of the local composite actions that it uses. */
import type { Environment, ScriptText } from '../../model/build-site.js';
import type { Origin, Place } from '../../model/known.js';
import type { ActionInput, WorkflowStep } from '../../model/workflow.js';
import { scalarMap } from '../../syntax/scalar-map.js';
import type { MapNode, Node, ScalarNode } from '../../syntax/tree.js';
import type { Unit } from '../dialect.js';
import { actionScript } from './action-script.js';
import { commandOf, type Input, type Inputs, isUnderstood } from './actions.js';
import { compositeRuns, givenInputs, inputValues, isLocal, localFile, pathsOfAction } from './composite.js';
import { environmentOf, layered, resolveWith } from './environment.js';
import { isNever, type Resolve } from './expressions.js';
import { handedOn } from './handed-on.js';
import { itemsOf, mapOf, nodeAt, place, rootNode, type Source, scalarAt, textAt, textOf } from './values.js';

/** What a list of steps needs of its surroundings. */
export interface StepContext {
  readonly unit: Unit;
  readonly source: Source;
  /** Expressions other than `env.…`. */
  readonly resolve: Resolve;
  /** Variables of the workflow and the job. */
  readonly env: Environment;
  /** Those of the step around, for steps of an action. */
  readonly outer: Environment | undefined;
  readonly shell: string;
  readonly runs: ScriptText['runs'];
  readonly way: Origin['way'];
  readonly depth: number;
}

export interface LoweredSteps {
  readonly scripts: readonly ScriptText[];
  readonly steps: readonly WorkflowStep[];
  /** What cannot be seen of them. */
  readonly doubts: readonly string[];
}

/** GitHub allows composite actions ten levels deep. */
const DEEPEST = 10;

export function lowerSteps(context: StepContext, list: Node | undefined): LoweredSteps {
  const { source } = context;
  const all = itemsOf(source, list).flatMap(item => {
    const step = mapOf(source, item);
    return step ? [lowerStep(context, step)] : [];
  });
  return {
    scripts: all.flatMap(({ scripts }) => scripts),
    steps: all.flatMap(({ steps }) => steps),
    doubts: [...new Set(all.flatMap(({ doubts }) => doubts))],
  };
}

function lowerStep(context: StepContext, step: MapNode): LoweredSteps {
  const { source } = context;
  if (isNever(textAt(source, step, 'if'))) return { scripts: [], steps: [], doubts: [] };
  const run = scalarAt(source, step, 'run');
  const uses = scalarAt(source, step, 'uses');
  const own = environmentOf(
    [{ source, node: nodeAt(source, step, 'env'), way: context.way }],
    resolveWith(context.env, context.resolve),
  );
  const env = layered(context.outer, own);
  const inner: StepContext = { ...context, outer: env, runs: runsOf(context, step) };
  if (run) return runStep(inner, step, run);
  if (!uses) return { scripts: [], steps: [], doubts: ['a step cannot be read'] };
  const name = textOf(uses);
  if (isLocal(name)) return localAction(inner, step, uses, name);
  return actionStep(inner, step, uses, name);
}

/** Whether a step is run each time, and its failure counts. */
function runsOf({ source, runs }: StepContext, step: MapNode): ScriptText['runs'] {
  const tolerated = textAt(source, step, 'continue-on-error') ?? 'false';
  if (tolerated !== 'false' || runs === 'tolerated') return 'tolerated';
  const condition = (textAt(source, step, 'if') ?? '').replace(/^\$\{\{|\}\}$/g, '').trim();
  return runs ?? (/^(?:|true|always\(\)|success\(\)|!cancelled\(\))$/.test(condition) ? undefined : 'maybe');
}

/** Source: actions/runner src/Runner.Worker/Handlers/ScriptHandler.cs: a name, or a command line with `{0}` in it. */
const POSIX = /^(?:\S*\/)?(?:ba|da|z|k|a)?sh(?:\s|$)/;

function runStep(context: StepContext, step: MapNode, run: ScalarNode): LoweredSteps {
  const { source } = context;
  const shell = textAt(source, step, 'shell') || context.shell;
  const isShell = POSIX.test(shell);
  const whole = place(source, run);
  const handsOn = handedOn(run.text, isShell);
  const script: ScriptText = {
    text: isShell ? run.text : '',
    part: 'main',
    origin: { place: whole, way: context.way },
    ...surroundings(context),
    ...(handsOn ? { handsOn } : {}),
    place(start, end): Place {
      const span = scalarMap(run).toSource(start, end);
      return span ? { ...whole, ...span } : whole;
    },
  };
  const doubts = isShell ? [] : [`what a script for ${shell || 'another shell'} does`];
  return { scripts: [script], steps: [stepOf(context, step, whole, undefined, script)], doubts };
}

function surroundings({ outer, runs }: StepContext): Partial<ScriptText> {
  return {
    ownShell: true,
    ...(outer && outer.names().length > 0 ? { env: outer } : {}),
    ...(runs ? { runs } : {}),
  };
}

function actionStep(context: StepContext, step: MapNode, uses: ScalarNode, name: string): LoweredSteps {
  const { source } = context;
  const at = place(source, uses);
  const [action = '', ref = ''] = name.split('@', 2);
  const use = { action: action.toLowerCase(), ref, place: at };
  const words = commandOf(use.action, inputsOf(source, step));
  const script = words && actionScript(source, words, { place: at, way: context.way }, surroundings(context));
  const doubts = isUnderstood(use.action) ? [] : [`what the action ${action} does`];
  const steps = [stepOf(context, step, at, name.startsWith('docker://') ? undefined : use, script)];
  return { scripts: script ? [script] : [], steps, doubts };
}

function localAction(context: StepContext, step: MapNode, uses: ScalarNode, name: string): LoweredSteps {
  const { source, unit } = context;
  const file = context.depth < DEEPEST ? localFile(unit, source.path, pathsOfAction(name)) : undefined;
  const runs = file && compositeRuns(file);
  if (!file || !runs) {
    const self = stepOf(context, step, place(source, uses), undefined, undefined);
    return { scripts: [], steps: [self], doubts: [`what the action ${name} does`] };
  }
  const given = givenInputs(source, mapOf(source, nodeAt(source, step, 'with')), resolveIn(context));
  const values = inputValues(file, mapOf(file, rootNode(file, 'inputs')), given);
  return lowerSteps(
    {
      ...context,
      source: file,
      // An action sees its own inputs, and neither the matrix nor the inputs of the workflow.
      resolve: values,
      shell: '',
      way: 'include',
      depth: context.depth + 1,
    },
    nodeAt(file, runs, 'steps'),
  );
}

/** Expressions of a step, with its own variables. */
function resolveIn({ env, outer, resolve }: StepContext): Resolve {
  return resolveWith(layered(env, outer ?? env), resolve);
}

/** The inputs of a step as they are written. */
export function inputsOf(source: Source, step: MapNode): Inputs {
  const map = mapOf(source, nodeAt(source, step, 'with'));
  const inputs = new Map<string, Input>();
  for (const { key } of map?.entries ?? []) {
    const node = scalarAt(source, map, key.text);
    const name = key.text.toLowerCase();
    if (node) inputs.set(name, { name, node, text: textOf(node) });
  }
  return inputs;
}

function stepOf(
  { source }: StepContext,
  step: MapNode,
  at: Place,
  uses: WorkflowStep['uses'],
  script: ScriptText | undefined,
): WorkflowStep {
  const map = mapOf(source, nodeAt(source, step, 'with'));
  const inputs = [...inputsOf(source, step)].map(([name, { node, text }]): [string, ActionInput] => [
    name,
    { text, place: place(source, node) },
  ]);
  return {
    id: textAt(source, step, 'id'),
    place: at,
    condition: textAt(source, step, 'if'),
    uses,
    inputs: new Map(inputs),
    inputsMap: map && place(source, map),
    script,
  };
}
