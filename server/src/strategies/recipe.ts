/** Recipes as texts: what they are made of, and the places in them that a user fills in. */

/** What decides whether a strategy can be chosen; `decide` in `analysis` ranks by it. */
export interface Demands {
  /** It runs containers that are privileged. */
  readonly privileged: boolean;
  /** It hands the docker daemon of the host to jobs, whatever `privileged` says. */
  readonly hostDaemon: boolean;
  /** Jobs can start containers of their own. */
  readonly runsContainers: boolean;
  /** One build gives images for several architectures. */
  readonly multiPlatform: boolean;
}

/** The files of a strategy on a platform, with places such as `@tag@` in them. */
export interface Recipe {
  /** The pipeline file. */
  readonly pipeline: string;
  /**
   * What stands below `[[runners]]` of GitLab's runner: the section of the executor, indented by two. For GitHub's
   * scale sets the pod, as `template` of the chart.
   */
  readonly runner?: string;
  /** Further files by path, such as permissions in a cluster. */
  readonly more?: Readonly<Record<string, string>>;
  /** The container engine that a machine has to have, for the declaration of its runner. */
  readonly engine?: 'docker';
  /** What has to be there on this platform besides what the strategy needs everywhere. */
  readonly needs?: readonly string[];
  /** Where it is another here than elsewhere. */
  readonly demands?: Partial<Demands>;
}

/** Places that a user has to change, and what stands there until then. */
export const PLACES = {
  job: 'build-image',
  tag: 'container-build',
  url: 'https://gitlab.example.com',
  namespace: 'gitlab-runner',
  buildkitd: 'tcp://buildkitd.example.com:1234',
  branch: 'main',
  registry: 'registry.example.com',
  image: 'team/app',
  credentials: 'registry',
  group: '999',
  agents: 'jenkins',
  repository: 'https://github.com/team/app',
  runners: 'arc-runners',
} as const;

export type PlaceName = keyof typeof PLACES;

const PLACE = /@([a-z]+)@/g;

/** Replaces every place of a text. */
export function fillPlaces(text: string, fill: (name: PlaceName, initial: string) => string): string {
  return text.replace(PLACE, (whole, name: string) =>
    name in PLACES ? fill(name as PlaceName, PLACES[name as PlaceName]) : whole,
  );
}

/** Values that stand in places instead of the examples. */
export type Places = Partial<Readonly<Record<PlaceName, string>>>;

/** The text as it is before anyone has changed it. */
export function plainText(text: string, places: Places = {}): string {
  return fillPlaces(text, (name, initial) => places[name] ?? initial);
}

/** The text as a snippet: its places are tab stops, numbered as they come; all else stays as it is. */
export function snippetText(text: string, places: Places = {}): string {
  const order: PlaceName[] = [];
  return fillPlaces(snippetLiteral(text), (name, initial) => {
    if (!order.includes(name)) order.push(name);
    return `\${${order.indexOf(name) + 1}:${places[name] ?? initial}}`;
  });
}

/** A text that a snippet inserts as it is. */
export function snippetLiteral(text: string): string {
  return text.replace(/[\\$]/g, '\\$&');
}
