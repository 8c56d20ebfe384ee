/** Explains what stands under the cursor: docker's variables, images and services of builds, keys of a runner. */
import {
  findRunnerKey,
  findVariable,
  type RunnerKeyTable,
  type VariableTable,
} from '../catalog/variables.js';
import { dialectById } from '../dialects/index.js';
import type { Runner } from '../model/build-site.js';
import { type Place, placeOf, settled } from '../model/known.js';
import { show } from '../model/text.js';
import type { Entry } from '../syntax/tree.js';
import { dockerImage } from '../trace/docker-image.js';
import type { Trace } from '../trace/types.js';
import type { Hover, ProjectOptions, Range, RuleInfo, Theme } from './api.js';
import type { Spot } from './embedded.js';
import { explainSites, plainSentences, type Wording, worst } from './explain.js';
import { pathTo, type Step } from './hover-path.js';
import { withoutTags } from './markdown.js';
import type { CheckedSite } from './run-rules.js';
import { tracePicture } from './show.js';

export interface HoverRequest extends Wording {
  readonly path: string;
  /** In the file `path`. */
  readonly offset: number;
  /** The same place in the text that holds it. */
  readonly spot: Spot;
  readonly sites: readonly CheckedSite[];
  readonly runners: readonly Runner[];
  readonly data: ProjectOptions['data'];
  /** What is known of the rules, with their texts. */
  readonly rules: () => readonly RuleInfo[];
  readonly range: (place: Place) => Range | undefined;
  /** Missing where no picture can be shown. */
  readonly theme: Theme | undefined;
}

export function hoverAt(request: HoverRequest): Hover | undefined {
  const { dialect, tree, offset } = request.spot;
  const named = aboutFile(request) ?? containerName(request);
  if (named) return { ...named, markdown: withoutTags(named.markdown) };
  const path = pathTo(tree, offset) ?? [];
  const hover = dialect === 'gitlab-runner' ? runnerKey(request, path) : pipeline(request, path);
  return hover && { ...hover, markdown: withoutTags(hover.markdown) };
}

/** On the first line of a file of which only a part is read: which. */
function aboutFile({ path, spot }: HoverRequest): Hover | undefined {
  const { text } = spot.tree;
  const newline = text.indexOf('\n');
  const end = newline < 0 ? text.length : newline;
  const about = spot.offset <= end ? dialectById(spot.dialect)?.about?.(spot.tree) : undefined;
  return about === undefined ? undefined : { path, start: 0, end, markdown: about };
}

/** On the name of a container that is no job. */
function containerName(request: HoverRequest): Hover | undefined {
  const users = request.sites.filter(({ site }) => site.self && contains(request, site.place));
  const [first] = users;
  const range = first && request.range(first.site.place);
  return range && told(users, range, request);
}

/** The range of a node of the text under the cursor, or of an entry. */
function rangeOf({ path, range }: HoverRequest, node: Parameters<typeof placeOf>[1]): Range | undefined {
  return range(placeOf(path, node));
}

/** `path` is empty in files that are no YAML. */
function pipeline(request: HoverRequest, path: readonly Step[]): Hover | undefined {
  const last = path.at(-1);
  const inVariables = path.some(({ entry, onKey }) => !onKey && /^(?:variables|env)$/.test(entry.key.text));
  const written =
    inVariables && last
      ? variable(request, last.entry.key.text, placeOf(request.path, last.entry))
      : undefined;
  const given = written ?? (inVariables ? undefined : imageAt(request)) ?? settingAt(request);
  if (given || inVariables || !last?.onKey) return given;
  return siteName(request, last.entry) ?? containersKey(request, last.entry);
}

/** An image of docker, with what becomes of those who use it. */
function imageAt(request: HoverRequest): Hover | undefined {
  const place = request.sites
    .map(({ site }) => site)
    .flatMap(site => {
      const image = settled(site.image);
      const uses = [...(image ? [image] : []), ...(settled(site.services) ?? [])];
      return uses.filter(use => dockerImage(use.ref) !== undefined && contains(request, use.origin.place));
    })[0];
  const range = place && request.range(place.origin.place);
  if (!range) return undefined;
  const users = request.sites.filter(({ site }) => usesPlace(site, place.origin.place));
  const parts = [`**${show(place.ref.text)}**`, ...remedies(request), explainSites(users, request)];
  return { ...range, markdown: parts.join('\n\n') };
}

/** A variable of a site that is a container, in whatever way its file writes it. */
function settingAt(request: HoverRequest): Hover | undefined {
  for (const { site } of request.sites) {
    if (!site.self || site.path !== request.path) continue;
    for (const name of site.env.names()) {
      const value = site.env.get(name);
      const at = value.state === 'absent' ? undefined : (value.origin?.entry ?? value.origin?.place);
      if (at && contains(request, at)) return variable(request, name, at);
    }
  }
  return undefined;
}

function contains(request: HoverRequest, place: Place): boolean {
  const range = request.range(place);
  return (
    range !== undefined &&
    range.path === request.path &&
    request.offset >= range.start &&
    request.offset <= range.end
  );
}

function usesPlace(site: CheckedSite['site'], place: Place): boolean {
  const at = ({ block, start }: Place): boolean => block === place.block && start === place.start;
  const image = settled(site.image);
  return (
    (image !== undefined && at(image.origin.place)) ||
    (settled(site.services) ?? []).some(one => at(one.origin.place))
  );
}

function siteName(request: HoverRequest, entry: Entry): Hover | undefined {
  const found = request.sites.filter(
    ({ site, traces }) =>
      traces.length > 0 &&
      site.path === request.path &&
      site.place.block === entry.key.block &&
      site.place.start === entry.key.start,
  );
  const range = found[0] && request.range(found[0].site.place);
  return range && told(found, range, request);
}

/** What becomes of the sites that have one name, with a picture of the worst. */
function told(sites: readonly CheckedSite[], range: Range, request: HoverRequest): Hover | undefined {
  const markdown = explainSites(sites, request);
  if (markdown === '') return undefined;
  const { theme } = request;
  const shown = theme && worstOf(sites);
  const picture = shown ? [pictureFor(shown, theme, request)] : [];
  return { ...range, markdown: [...picture, markdown].join('\n\n') };
}

interface Shown {
  readonly checked: CheckedSite;
  readonly trace: Trace;
}

/** The one to draw of several ways and runners. */
function worstOf(sites: readonly CheckedSite[]): Shown | undefined {
  const trace = worst(sites.flatMap(({ traces }) => traces.filter(({ serves }) => !serves)));
  const checked = sites.find(({ traces }) => trace && traces.includes(trace));
  return trace && checked && { checked, trace };
}

function pictureFor({ checked, trace }: Shown, theme: Theme, wording: Wording): string {
  return tracePicture(trace, wording.errors(checked), theme, plainSentences(checked, trace, wording));
}

/** `image:` (`container:` in workflows) and `services:` themselves, wherever jobs take them from. */
function containersKey(request: HoverRequest, entry: Entry): Hover | undefined {
  const key = CONTAINER_KEYS.get(entry.key.text);
  if (!key) return undefined;
  const users = request.sites.filter(({ site, traces }) => {
    const value = site[key];
    const written = value.state === 'known' ? value.origin.entry : undefined;
    return traces.length > 0 && written?.block === entry.key.block && written.start === entry.start;
  });
  const range = rangeOf(request, entry.key);
  return users.length > 0 && range ? { ...range, markdown: explainSites(users, request) } : undefined;
}

const CONTAINER_KEYS: ReadonlyMap<string, 'image' | 'services'> = new Map([
  ['image', 'image'],
  ['container', 'image'],
  ['services', 'services'],
]);

function variable(request: HoverRequest, name: string, entry: Place): Hover | undefined {
  const doc = findVariable(
    (request.data?.('variables') as VariableTable | undefined) ?? { date: '', variables: [] },
    name,
  );
  const users = request.sites.filter(({ site, traces }) => {
    const envs = [site.env, ...site.scripts.flatMap(({ env }) => env ?? [])];
    const places = envs.map(env => {
      const value = env.get(name);
      return value.state === 'known' ? value.origin.entry : undefined;
    });
    return traces.length > 0 && places.some(at => at?.block === entry.block && at.start === entry.start);
  });
  if (!doc && (users.length === 0 || !name.startsWith('DOCKER_'))) return undefined;
  const values = doc?.values
    ?.map(({ value, means }) => `- \`${value === '' ? '""' : value}\` ${means}`)
    .join('\n');
  const parts = [
    `**${name}**${doc ? ` (${doc.who})` : ''}`,
    ...remedies(request),
    // What comes of it here is what people hover for; the reference steps back where something is wrong.
    explainSites(users, request),
    ...(request.told.size === 0 ? [doc?.text, values] : []),
  ];
  const range = request.range(entry);
  return range && { ...range, markdown: parts.filter(Boolean).join('\n\n') };
}

function runnerKey(request: HoverRequest, path: readonly Step[]): Hover | undefined {
  const last = path.at(-1);
  const table = request.data?.('runner-keys') as RunnerKeyTable | undefined;
  if (!last?.onKey || !table) return undefined;
  const section = sectionOf(path.slice(0, -1));
  const key = last.entry.key.text;
  const doc = findRunnerKey(table, section, key);
  if (!doc) return undefined;
  const facts = [`type: ${doc.type}`, ...(doc.default ? [`default: ${doc.default}`] : [])].join(', ');
  const parts = [`**${key}** (${facts})`, doc.description, doc.deprecated && `Deprecated: ${doc.deprecated}`];
  const range = rangeOf(request, last.entry.key);
  return range && { ...range, markdown: parts.filter(Boolean).join('\n\n') };
}

function sectionOf(path: readonly Step[]): string {
  return path.map(({ entry }) => `${entry.key.text}${entry.value?.kind === 'seq' ? '[]' : ''}`).join('.');
}

/** What to do about the findings at the spot. */
function remedies({ told, rules }: HoverRequest): readonly string[] {
  if (told.size === 0) return [];
  return rules()
    .filter(({ id }) => told.has(id))
    .map(({ remedy }) => `**What to do.** ${remedy}`);
}
