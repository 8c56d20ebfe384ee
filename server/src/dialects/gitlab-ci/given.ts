/** Finds where the values stand that inputs put into what is written at a place. */
import type { Related } from '../../model/finding.js';
import { type Place, placeKey } from '../../model/known.js';
import type { Node } from '../../syntax/tree.js';
import type { GitlabConfig } from './config.js';
import { putInsOf } from './sources.js';

/** More steps from file to file are not followed. */
const MAX_STEPS = 5;

/** The values by the file that gives them, or their defaults; of a file included several times, those that `job` has. */
export function givenAt(config: GitlabConfig, job: string, place: Place): readonly Related[] {
  const found = new Map<string, Related>();
  const add = (node: Node, steps: number): void => {
    for (const { name, node: value, given } of putInsOf(node)) {
      const at = config.place(value);
      const message = `Input "${name}" ${given ? 'is given' : 'has its default'} here.`;
      found.set(placeKey(at), { place: at, message });
      if (steps < MAX_STEPS) add(value, steps + 1);
    }
  };
  for (const root of rootsAt(config, job, place)) for (const node of around(root, place)) add(node, 1);
  return [...found.values()];
}

function rootsAt(config: GitlabConfig, job: string, place: Place): readonly Node[] {
  const roots = config.roots.get(place.block) ?? [];
  if (roots.length < 2) return roots;
  const own = (config.jobs.get(job) ?? []).flatMap(({ source }) => source.blocks);
  const mine = own.flatMap(({ block, root }) => (block === place.block && root ? [root] : []));
  return mine.length > 0 ? mine : roots;
}

/** The scalars that hold the place. */
function around(node: Node, place: Place): readonly Node[] {
  if (node.block !== place.block || node.start > place.start || node.end < place.end) return [];
  if (node.kind === 'scalar') return [node];
  if (node.kind === 'seq') return node.items.flatMap(item => around(item, place));
  if (node.kind !== 'map') return [];
  return node.entries.flatMap(({ key, value }) => [
    ...around(key, place),
    ...(value ? around(value, place) : []),
  ]);
}
