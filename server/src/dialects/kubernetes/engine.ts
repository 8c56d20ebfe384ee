/** Lowers and writes manifests of pods; loaded when the first one comes up. */
import type { BuildSite } from '../../model/build-site.js';
import type { Intent, Written } from '../../model/intent.js';
import type { Lowered, SiteSource, Unit } from '../dialect.js';
import { lowerPod } from '../pod-lower.js';
import type { PodFile } from '../pod-values.js';
import { writePods } from '../pod-write.js';
import { podsIn } from './find.js';
import type { PodTree } from './read.js';

const DOUBT = 'a template decides what is written';
/** More containers than this are no pods that people write by hand. */
const MAX_CONTAINERS = 300;

export function lowerPods({ path, tree, host }: Unit): Lowered {
  const blocks = tree.documents.flatMap(document => document.blocks.map(({ block }) => block));
  const file: PodFile = { path, tree, doubt: (tree as PodTree).open ? DOUBT : undefined };
  const pods = podsIn(file, host !== undefined);
  const sites: SiteSource[] = [];
  const shared = `${blocks.map(({ id }) => id).join()} ${host?.use?.key ?? ''}`;
  for (const [number, pod] of pods.entries()) {
    let lowered: readonly BuildSite[] | undefined;
    for (const [i, { name }] of pod.containers.entries()) {
      if (sites.length >= MAX_CONTAINERS) break;
      const key = `${number} ${i}`;
      const lower = (): readonly BuildSite[] => {
        lowered ??= lowerPod(file, pod, 'kubernetes', host?.use);
        return lowered.slice(i, i + 1);
      };
      sites.push({ name: `${key} ${name}`, key, shared, lower });
    }
  }
  return { sites, runners: [] };
}

export function writePodIntents(intents: readonly Intent[], unit: Unit): Written {
  return writePods(intents, unit);
}
