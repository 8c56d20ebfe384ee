/** Values of the runner scale sets of GitHub's Actions Runner Controller: their mode, and the pod in them; loaded when some come up. */
import type { BuildSite, RunnerFile, Setting } from '../../model/build-site.js';
import { isDockerImage, parseImage } from '../../model/image-ref.js';
import type { Intent, Written } from '../../model/intent.js';
import { placeOf } from '../../model/known.js';
import type { MapNode, Node, Tree } from '../../syntax/tree.js';
import type { SiteSource, Unit } from '../dialect.js';
import { containersIn, lowerPod, type Pod, type PodContainer } from '../pod-lower.js';
import { type Field, field, inside, mapsIn, originOf, type PodFile, textIn, wordIn } from '../pod-values.js';
import { writePods } from '../pod-write.js';

/** Every map of values that names GitHub to the chart, at the top or below keys of an umbrella chart. */
function scaleSets(file: PodFile): readonly MapNode[] {
  return file.tree.documents.flatMap(({ entries, blocks }) => {
    const [first] = blocks;
    const [start, end] = [entries[0]?.start, entries.at(-1)?.end];
    if (!first || start === undefined || end === undefined) return [];
    return search({ kind: 'map', flow: false, entries, block: first.block, start, end });
  });
}

function search(node: Node | undefined): readonly MapNode[] {
  if (node?.kind === 'seq') return node.items.flatMap(search);
  if (node?.kind !== 'map') return [];
  if (node.entries.some(({ key }) => key.text === 'githubConfigUrl')) return [node];
  return node.entries.flatMap(({ value }) => search(value));
}

export interface ArcParts {
  readonly sites: readonly SiteSource[];
  readonly runnerFile: RunnerFile | undefined;
}

/**
 * Without a mode the template is the pod that runs; in the others the chart adds to it. Source:
 * actions-runner-controller, charts/gha-runner-scale-set/templates/autoscalingrunnerset.yaml.
 */
export function lowerScaleSets({ path, tree }: Unit): ArcParts {
  const file: PodFile = { path, tree, doubt: undefined };
  const sets = scaleSets(file).filter(set => !tree.isTainted(set.block));
  if (sets.length === 0) return { sites: [], runnerFile: undefined };
  const settings = sets.flatMap((set, i) => settingsOf(file, set, i));
  const pods = sets.map(set => podSites(file, set));
  const ids = tree.documents.flatMap(({ blocks }) => blocks.map(({ block }) => block.id)).join();
  return {
    sites: pods.flatMap((one, i) => sitesOf(one, i, ids)),
    runnerFile: {
      path,
      dialect: 'helm-values',
      host: undefined,
      executor: undefined,
      settings,
      runners: [],
      doubtful: false,
      scaleSets: sets.map((set, i) => ({
        path,
        name: wordIn(file, set, 'runnerScaleSetName'),
        key: ids,
        runner: () => pods[i]?.lowered().find(({ name }) => name === 'runner'),
      })),
    },
  };
}

function podOf(file: PodFile, set: MapNode): Pod | undefined {
  const spec = inside(file, set, 'template', 'spec');
  const metadata = inside(file, set, 'template', 'metadata');
  return spec && { name: '', spec, metadata, containers: containersIn(file, spec), common: [] };
}

/** The pods of a set, lowered when somebody asks; without any where the chart adds to the template. */
interface PodSites {
  readonly names: readonly string[];
  readonly lowered: () => readonly BuildSite[];
}

function podSites(file: PodFile, set: MapNode): PodSites {
  const pod = podOf(file, set);
  if (!pod || (wordIn(file, field(file, set, 'containerMode')?.node, 'type') ?? '') !== '')
    return { names: [], lowered: () => [] };
  let lowered: readonly BuildSite[] | undefined;
  return {
    names: pod.containers.map(({ name }) => name),
    lowered: () => {
      lowered ??= lowerPod(file, pod, 'kubernetes', undefined);
      return lowered;
    },
  };
}

function sitesOf({ names, lowered }: PodSites, number: number, shared: string): readonly SiteSource[] {
  return names.map((name, i) => ({
    name: `${number} ${i} ${name}`,
    key: `${number} ${i}`,
    shared,
    lower: () => lowered().slice(i, i + 1),
  }));
}

/** The keys that decide who runs docker, in the section `arc`. */
function settingsOf(file: PodFile, set: MapNode, number: number): readonly Setting[] {
  const mode = field(file, field(file, set, 'containerMode')?.node, 'type');
  const containers = podOf(file, set)?.containers ?? [];
  const runner = containers.find(({ name }) => name === 'runner');
  const env = runner ? mapsIn(file, field(file, runner.map, 'env')?.node) : [];
  const variables = env.flatMap(item => {
    const name = wordIn(file, item, 'name');
    const value = field(file, item, 'value') ?? field(file, item, 'valueFrom');
    return name !== undefined && value ? [settingAt(file, number, `env.${name}`, value)] : [];
  });
  const dinds = containers.flatMap(one =>
    // The mode dind leaves out the container that is called as its own.
    dindImage(file, one).map(image =>
      settingAt(
        file,
        number,
        one.key === 'containers' && one.name === 'dind' ? 'dind.replaced' : 'dind',
        image,
      ),
    ),
  );
  return [...(mode ? [settingAt(file, number, 'containerMode.type', mode)] : []), ...variables, ...dinds];
}

/** The image of a container that holds dockerd. */
function dindImage(file: PodFile, { map, name }: PodContainer): readonly Field[] {
  const image = field(file, map, 'image');
  const text = textIn(image?.node);
  if (!image || !text || name === 'runner') return [];
  const ref = parseImage(text);
  return isDockerImage(ref) && /dind/.test(ref.tag ?? '') ? [image] : [];
}

function settingAt(file: PodFile, runner: number, key: string, found: Field): Setting {
  const { place, entry } = originOf(file, found);
  const text = textIn(found.node);
  return {
    section: 'arc',
    key,
    value: { kind: 'string', text: text?.text ?? '', templated: !text || text.holes.length > 0 },
    keyPlace: placeOf(file.path, found.entry.key),
    place,
    entry: entry ?? place,
    runner,
  };
}

export function writeScaleSets(intents: readonly Intent[], unit: { tree: Tree; path: string }): Written {
  return writePods(intents, unit);
}
