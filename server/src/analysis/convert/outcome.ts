/** Writes the conversion of a job, or of all jobs that follow a template, and keeps it only where it holds. */
import type { BuildSite, ScriptText } from '../../model/build-site.js';
import type { FileEdit, Intent } from '../../model/intent.js';
import type { Place } from '../../model/known.js';
import { settled } from '../../model/known.js';
import { show } from '../../model/text.js';
import { applyEdits } from '../../syntax/patch.js';
import { dindServices } from '../../trace/docker-image.js';
import type { Conversion } from '../api.js';
import { behaviourNotes } from './behaviour.js';
import type { ConversionHost } from './convert.js';
import {
  imageIntent,
  isDockers,
  scriptIntents,
  serviceIntents,
  takenOver,
  templateOfImage,
  variableIntents,
} from './job-intents.js';
import { refuse } from './refusal.js';
import type { TargetFacts } from './targets.js';
import type { Translation } from './translation.js';
import { type Expected, verify } from './verify.js';
import type { ConversionTarget } from './ways.js';

/** A job on its way. */
export interface Member {
  /** The job as the project knows it. */
  readonly site: BuildSite;
  /** The same, with the key in whose mapping it is converted for its place: its own, or that of its template. */
  readonly at: BuildSite;
  readonly to: ConversionTarget;
  readonly from: string | null;
  readonly facts: TargetFacts;
  readonly translation: Translation;
}

/**
 * One conversion for all members, which share the place where they are converted. Tries the shorter ways to write it first.
 * @throws Refusal where none of them holds
 */
export function finish(members: readonly Member[], home: Place, host: ConversionHost): Conversion {
  const ways = members.map(member => [...attempts(member, host)]);
  let wrong = '';
  for (let way = 0; way < Math.max(...ways.map(({ length }) => length)); way++) {
    const edits = editsOf(
      members,
      ways.map(one => one[way] ?? one.at(-1) ?? []),
      host,
    );
    if (typeof edits === 'string') {
      wrong ||= edits;
      continue;
    }
    const result = outcome(members, host, edits);
    if (typeof result !== 'string') return result;
    wrong ||= result;
  }
  return refuse(`The result would not hold: ${wrong.replace(/\.$/, '')}.`, home);
}

function* attempts(
  { site, at, from, to, facts, translation }: Member,
  host: ConversionHost,
): Generator<readonly Intent[]> {
  const { texts } = translation;
  const plan = from === 'dind-plain' && to === 'dind-tls' ? host.tlsPlan(site) : undefined;
  if (plan) yield plan.intents;
  const after = site.scripts.map(script => texts.get(script) ?? script.text);
  for (const empty of ['removed', 'empty'] as const)
    yield [
      ...(keepsClient(to) ? [] : [imageIntent(at, facts)]),
      ...serviceIntents(at, facts, empty),
      ...variableIntents(at, facts.variables, after, keepsClient(to)),
      ...scriptIntents(at, texts, empty),
    ];
}

/** The edits that all members ask for; a sentence where they ask for different ones. */
function editsOf(
  members: readonly Member[],
  intents: readonly (readonly Intent[])[],
  host: ConversionHost,
): readonly FileEdit[] | string {
  const all = intents.map(one => host.write(one));
  const [first = []] = all;
  if (typeof first === 'string') return refuse(`It cannot be written: ${first}.`, members[0]?.at.place);
  const other = all.findIndex(edits => JSON.stringify(edits) !== JSON.stringify(first));
  return other < 0
    ? first
    : `jobs "${members[0]?.site.name}" and "${members[other]?.site.name}" would need it in different ways`;
}

/** Between daemons the client stays what it is. */
export function keepsClient(to: ConversionTarget): boolean {
  return to === 'dind-tls' || to === 'dood';
}

function outcome(
  members: readonly Member[],
  host: ConversionHost,
  edits: readonly FileEdit[],
): Conversion | string {
  const texts = new Map(
    edits.map(file => [file.path, applyEdits(host.project.text(file.path) ?? '', file.edits)]),
  );
  const wrong = verify(host, host.copy(texts), members.map(expectedOf));
  if (wrong !== undefined) return wrong;
  if ([...texts].every(([name, text]) => host.project.text(name) === text))
    refuse('The job is written like that already.', members[0]?.at.place);
  const notes = new Set(members.flatMap(member => notesOf(member, host)));
  return { edits, texts, notes: [...notes] };
}

function expectedOf(member: Member): Expected {
  const { site, to, facts, translation } = member;
  const part = (name: ScriptText['part']): string[] =>
    site.scripts.filter(one => one.part === name).map(one => translation.texts.get(one) ?? one.text);
  return {
    path: site.path,
    job: site.name,
    to,
    image: keepsClient(to) ? undefined : facts.image,
    scripts: { before: part('before'), main: part('main'), after: part('after') },
    services: servicesAfter(member),
    mayChange: name => isDockers(name, keepsClient(to)) || Object.hasOwn(facts.variables, name),
    accepts: facts.accepts,
  };
}

/** Names of the services that the job is to have. */
function servicesAfter({ site, facts }: Member): readonly string[] {
  const services = settled(site.services) ?? [];
  const daemons = new Set(dindServices(site));
  if (facts.services.length > 0 && daemons.size > 0) return services.map(({ ref }) => show(ref.text));
  const kept = services.filter(service => !daemons.has(service));
  return [...kept.map(({ ref }) => show(ref.text)), ...facts.services.map(({ name }) => name)];
}

function notesOf(
  { site, at, facts, from, to, translation }: Member,
  host: ConversionHost,
): readonly string[] {
  const { notes, texts } = translation;
  const image =
    keepsClient(to) || from === to
      ? []
      : [`The job runs in ${facts.image}; other programs of its image before are not there.`];
  const own = takenOver(at, texts).map(key => `Its ${key} no longer follows the one that it took over.`);
  const template = keepsClient(to) ? undefined : templateOfImage(at);
  if (template !== undefined)
    own.push(
      `Its image no longer follows ${template}; to convert ${template} moves all jobs that take parts from it.`,
    );
  const hasRunner = host.runners(site).length > 0;
  const behaviour = behaviourNotes({ site, from, to, jobs: host.jobs(), hasRunner });
  return [...image, ...facts.needs.map(need => `It needs ${need}.`), ...notes, ...behaviour, ...own];
}
