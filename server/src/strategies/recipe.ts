/** Recipes as texts: what they are made of, and the places in them that a user fills in. */

/** The files of a strategy on a platform, with places such as `@tag@` in them. */
export interface Recipe {
  /** The pipeline file. */
  readonly pipeline: string;
  /** What stands below `[[runners]]`: the section of the executor, indented by two. */
  readonly runner?: string;
  /** Further files by path, such as permissions in a cluster. */
  readonly more?: Readonly<Record<string, string>>;
}

/** Places that a user has to change, and what stands there until then. */
export const PLACES = {
  job: 'build-image',
  tag: 'container-build',
  url: 'https://gitlab.example.com',
  namespace: 'gitlab-runner',
  buildkitd: 'tcp://buildkitd.example.com:1234',
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
