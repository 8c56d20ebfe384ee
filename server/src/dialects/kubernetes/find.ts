/** Finds the pods that the documents of a file describe, be it by themselves or in a template for them. */
import type { Entry, MapNode, Node, TreeDocument } from '../../syntax/tree.js';
import { containersIn, type Pod } from '../pod-lower.js';
import { field, inside, mapsIn, type PodFile, wordIn } from '../pod-values.js';

/** Where the pod stands in what makes it. Source: the Kubernetes API, workload resources. */
const PATHS: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  PodTemplate: ['template'],
  Deployment: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};

/** `bare`: texts that say nothing of their kind are pods, as in the templates of Jenkins. */
export function podsIn(file: PodFile, bare: boolean): readonly Pod[] {
  return file.tree.documents
    .filter(({ blocks }) => !blocks.some(({ block }) => file.tree.isTainted(block)))
    .flatMap(document => podsOf(file, rootOf(document), bare));
}

/** A document as one map; its keys lie in blocks of their own. */
function rootOf({ entries, blocks }: TreeDocument): MapNode | undefined {
  const [first] = blocks;
  const [entry] = entries as readonly Entry[];
  return first && entry
    ? { kind: 'map', flow: false, entries, block: first.block, start: entry.start, end: entry.end }
    : undefined;
}

function podsOf(file: PodFile, root: Node | undefined, bare: boolean): readonly Pod[] {
  const kind = wordIn(file, root, 'kind');
  if (kind === 'List')
    return mapsIn(file, field(file, root, 'items')?.node).flatMap(item => podsOf(file, item, bare));
  const name = wordIn(file, field(file, root, 'metadata')?.node, 'name') ?? '';
  const path = PATHS[kind ?? (bare ? 'Pod' : '')];
  if (path) {
    const made = inside(file, root, ...path);
    return podOf(file, name, inside(file, made, 'spec'), inside(file, made, 'metadata'));
  }
  return tasksIn(file, kind, root).flatMap(({ task, spec }) =>
    podOf(file, `${name} ${task}`, spec, undefined, [...TEKTON, ...workspacesIn(file, spec)]),
  );
}

/** What Tekton puts into every step. Source: tektoncd/pipeline pkg/pod/pod.go, implicitVolumeMounts. */
const TEKTON: Pod['common'] = [
  { name: 'tekton-workspace', target: '/workspace', everywhere: false },
  { name: 'tekton-home', target: '/tekton/home', everywhere: false },
];

/** Workspaces, which steps and sidecars have alike. Source: tektoncd/pipeline pkg/workspace/apply.go. */
function workspacesIn(file: PodFile, spec: Node | undefined): Pod['common'] {
  return mapsIn(file, inside(file, spec, 'workspaces')).flatMap(map => {
    const name = wordIn(file, map, 'name');
    if (name === undefined) return [];
    const path = field(file, map, 'mountPath');
    const target = path ? wordIn(file, map, 'mountPath') : `/workspace/${name}`;
    return target === undefined ? [] : [{ name: `workspace ${name}`, target, everywhere: true }];
  });
}

interface FoundTask {
  readonly task: string;
  readonly spec: Node | undefined;
}

/** Tasks of Tekton: each runs as one pod. Source: tektoncd/pipeline docs, tasks.md and pipelines.md. */
function tasksIn(file: PodFile, kind: string | undefined, root: Node | undefined): readonly FoundTask[] {
  const spec = inside(file, root, 'spec');
  switch (kind) {
    case 'Task':
    case 'ClusterTask':
      return [{ task: '', spec }];
    case 'TaskRun':
      return [{ task: '', spec: inside(file, spec, 'taskSpec') }];
    case 'Pipeline':
      return inPipeline(file, spec);
    case 'PipelineRun':
      return inPipeline(file, inside(file, spec, 'pipelineSpec'));
    default:
      return [];
  }
}

function inPipeline(file: PodFile, spec: Node | undefined): readonly FoundTask[] {
  return ['tasks', 'finally'].flatMap(key =>
    mapsIn(file, inside(file, spec, key)).map(map => ({
      task: wordIn(file, map, 'name') ?? '',
      spec: inside(file, map, 'taskSpec'),
    })),
  );
}

function podOf(
  file: PodFile,
  name: string,
  spec: Node | undefined,
  metadata: Node | undefined,
  common: Pod['common'] = [],
): readonly Pod[] {
  if (spec?.kind !== 'map') return [];
  const containers = containersIn(file, spec);
  const template = inside(file, spec, 'stepTemplate');
  if (containers.length === 0) return [];
  return [{ name, spec, metadata, containers, common, ...(template?.kind === 'map' ? { template } : {}) }];
}
