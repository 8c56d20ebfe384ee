/** Reads what starts a workflow, and what its token may. */
import { ABSENT, type Known, known, unknown } from '../../model/known.js';
import type { Permission, Permissions, WorkflowEvent } from '../../model/workflow.js';
import type { Node } from '../../syntax/tree.js';
import {
  itemsOf,
  mapOf,
  nodeAt,
  place,
  rootEntries,
  rootNode,
  type Source,
  scalarAt,
  textAt,
  textOf,
} from './values.js';

export type Events = ReadonlyMap<string, WorkflowEvent>;

/** `on:` in its three forms. */
export function eventsOf(source: Source): Events {
  const events = new Map<string, WorkflowEvent>();
  const node = rootNode(source, 'on');
  for (const item of itemsOf(source, node))
    if (item.kind === 'scalar') events.set(textOf(item), { place: place(source, item) });
  for (const { key, value } of mapOf(source, node)?.entries ?? []) {
    const types = nodeAt(source, mapOf(source, value), 'types');
    const words = itemsOf(source, types).flatMap(item => (item.kind === 'scalar' ? [textOf(item)] : []));
    events.set(key.text, { place: place(source, key), ...(types ? { types: words } : {}) });
  }
  return events;
}

/** Others call it, and nothing else starts it. */
export function isCalledOnly(source: Source): boolean {
  const events = [...eventsOf(source).keys()];
  return events.length > 0 && events.every(name => name === 'workflow_call');
}

/** It is started for branches of any name, and not for tags alone. */
export function startsForAnyBranch(source: Source): boolean {
  const on = rootNode(source, 'on');
  const map = mapOf(source, on);
  if (!map)
    return itemsOf(source, on).some(
      item => item.kind === 'scalar' && /^(?:push|pull_request)$/.test(item.text),
    );
  return map.entries.some(({ key, value }) => {
    if (key.text === 'pull_request') return true;
    const filters = mapOf(source, value);
    const limits = ['branches', 'tags', 'tags-ignore'].some(name => nodeAt(source, filters, name));
    return key.text === 'push' && !limits;
  });
}

/** `permissions:` as a map, or `read-all` and `write-all`; absent where nothing is written. */
export function permissionsOf(source: Source, node: Node | undefined): Known<Permissions> {
  if (!node) return ABSENT;
  const origin = { place: place(source, node), way: 'own' } as const;
  if (node.kind === 'map') {
    const scopes = new Map<string, Permission>();
    for (const { key } of node.entries) {
      const value = scalarAt(source, node, key.text);
      if (value) scopes.set(key.text, { level: textOf(value), place: place(source, value) });
    }
    return known({ scopes, map: place(source, node) }, origin);
  }
  const all = node.kind === 'scalar' ? /^(read|write)-all$/.exec(node.text)?.[1] : undefined;
  if (all !== 'read' && all !== 'write') return unknown('its permissions cannot be read', origin);
  return known({ all, scopes: new Map() }, origin);
}

/** `defaults.run.shell` of a map. */
export function defaultShell(source: Source, defaults: Node | undefined): string | undefined {
  return textAt(source, mapOf(source, nodeAt(source, mapOf(source, defaults), 'run')), 'shell');
}

/** Whether a file is a workflow: it says what starts it, or has jobs. */
export function isWorkflow(source: Source): boolean {
  return rootEntries(source).some(({ key }) => key.text === 'jobs');
}
