/** Writes the image, variables, services and scripts of a converted job as intents. */
import type { BuildSite, ScriptText, Service } from '../../model/build-site.js';
import type { Intent } from '../../model/intent.js';
import { type Origin, type Place, placeKey, settled } from '../../model/known.js';
import { dindServices } from '../../trace/docker-image.js';
import { refuse } from './refusal.js';
import type { ServiceFacts, TargetFacts } from './targets.js';

/** Whether keys that become empty are taken away, or say that they are empty so that nothing is inherited in their place. */
export type EmptyKeys = 'removed' | 'empty';

/** Written in the job itself, so that changing it changes no other job. */
function isOwn({ place: job }: BuildSite, place: Place | undefined): place is Place {
  return place !== undefined && place.block === job.block && place.path === job.path;
}

export function imageIntent({ place }: BuildSite, { image, clearEntrypoint }: TargetFacts): Intent {
  return { kind: 'set-image', site: place, reference: image, clearEntrypoint };
}

/** Variables that say where docker's client finds its daemon, and those that say how it works. */
const ADDRESSES = /^DOCKER_(?:HOST|TLS_CERTDIR|TLS_VERIFY|CERT_PATH)$/;
const SWITCHES =
  /^(?:DOCKER_(?:DRIVER|BUILDKIT|CLI_EXPERIMENTAL)|COMPOSE_DOCKER_CLI_BUILD|BUILDKIT_PROGRESS)$/;

/** Whether a variable says where docker's client finds its daemon. */
export function isAddress(name: string): boolean {
  return ADDRESSES.test(name);
}

export function isOwnVariable(site: BuildSite, name: string): boolean {
  return ownEntry(site, name) !== undefined;
}

/** Whether a variable is one that a conversion takes away. */
export function isDockers(name: string, keepsClient: boolean): boolean {
  return ADDRESSES.test(name) || (!keepsClient && SWITCHES.test(name));
}

/**
 * Takes docker's variables out of the job and puts the target's in; those that stand elsewhere stay.
 * @param texts of the new scripts, whose variables stay
 */
export function variableIntents(
  site: BuildSite,
  wanted: Readonly<Record<string, string>>,
  texts: readonly string[],
  keepsClient: boolean,
): readonly Intent[] {
  const used = (name: string): boolean => texts.some(text => new RegExp(`\\$\\{?${name}\\b`).test(text));
  const gone = site.env
    .names()
    .filter(name => isDockers(name, keepsClient) && !Object.hasOwn(wanted, name) && !used(name))
    .flatMap(name => ownEntry(site, name) ?? [])
    .sort((a, b) => a.start - b.start);
  const intents: Intent[] = [];
  const added: [string, string][] = [];
  for (const [name, value] of Object.entries(wanted)) {
    const known = site.env.get(name);
    const own = known.state === 'known' && isOwn(site, known.origin.place);
    if (known.state === 'known' && known.value.text === value && known.value.holes.length === 0) continue;
    if (own && !known.origin.entry)
      refuse(`${name} is set by rules, by a matrix or in its long form.`, known.origin.place);
    if (own) intents.push({ kind: 'replace-value', at: known.origin.place, value });
    else added.push([name, value]);
  }
  const replaced = gone.slice(0, added.length);
  const near = replaced.at(-1);
  added.forEach(([name, value], i) => {
    const entry = replaced[i];
    intents.push(
      entry
        ? { kind: 'replace-entry', entry, name, value }
        : { kind: 'set-variable', site: site.place, near, name, value },
    );
  });
  return [...intents, ...gone.slice(added.length).map(entry => ({ kind: 'remove-entry' as const, entry }))];
}

function ownEntry(site: BuildSite, name: string): Place | undefined {
  const value = site.env.get(name);
  const origin: Origin | undefined = value.state === 'absent' ? undefined : value.origin;
  return isOwn(site, origin?.entry) ? origin?.entry : undefined;
}

/** The services of the job after the conversion. */
export function serviceIntents(site: BuildSite, facts: TargetFacts, empty: EmptyKeys): readonly Intent[] {
  if (facts.services.length === 0) return withoutDaemons(site, empty);
  const [dind] = dindServices(site);
  if (dind) return [...withoutPlainFlags(dind), ...withTls(site, dind)];
  const others = settled(site.services) ?? [];
  if (site.services.state === 'unknown' || others.length > 0)
    refuse('The job has other services, to which the docker daemon cannot be added.', site.place);
  return [{ kind: 'set-list', site: site.place, key: 'services', values: facts.services.map(listed) }];
}

function listed({ name, variables }: ServiceFacts): string | ServiceFacts {
  return Object.keys(variables).length === 0 ? name : { name, variables };
}

/** What a plain daemon has of its own would stand against the job's variables, or have the runner wait for ever. */
const OF_DAEMON = { DOCKER_TLS_CERTDIR: '/certs', HEALTHCHECK_TCP_PORT: '2376' } as const;

function withTls(site: BuildSite, { variables, origin }: Service): readonly Intent[] {
  return Object.entries(OF_DAEMON).flatMap(([name, value]): readonly Intent[] => {
    const own = variables.get(name);
    const jobs = site.env.get(name);
    if (own.state !== 'known' || own.value.text === value) return [];
    if (jobs.state === 'known' && placeKey(jobs.origin.place) === placeKey(own.origin.place)) return [];
    return [{ kind: 'set-service-variable', service: origin.place, name, value }];
  });
}

/** `--tls=false` only spares a plain daemon its warnings. */
function withoutPlainFlags({ command, origin }: Service): readonly Intent[] {
  const words = settled(command) ?? [];
  const kept = words.filter(word => word !== '--tls=false');
  return kept.length === words.length
    ? []
    : [{ kind: 'set-service-key', service: origin.place, key: 'command', value: kept }];
}

/** Takes the docker daemons out of the services of the job. */
function withoutDaemons(site: BuildSite, empty: EmptyKeys): readonly Intent[] {
  if (site.services.state === 'unknown')
    refuse(`The services of the job cannot be told: ${site.services.why}.`, site.place);
  const services = settled(site.services) ?? [];
  const daemons = dindServices(site);
  if (daemons.length === 0 || site.services.state !== 'known') return [];
  const { origin } = site.services;
  const none: Intent = { kind: 'set-list', site: site.place, key: 'services', values: [] };
  if (services.length > daemons.length) {
    return daemons.map(({ origin: { place } }): Intent => {
      if (!isOwn(site, place))
        refuse('Services of the job are written elsewhere, and hold others beside the docker daemon.', place);
      return { kind: 'remove-item', item: place };
    });
  }
  if (empty === 'empty' || !isOwn(site, origin.entry)) return [none];
  return [{ kind: 'remove-entry', entry: origin.entry }];
}

/** Puts the new scripts in. Keys that the job takes over from elsewhere get lists of its own. */
export function scriptIntents(
  site: BuildSite,
  texts: ReadonlyMap<ScriptText, string>,
  empty: EmptyKeys,
): readonly Intent[] {
  return (['before', 'main', 'after'] as const).flatMap(part => {
    const all = site.scripts.filter(script => script.part === part);
    const changed = all.filter(
      script => texts.get(script) !== undefined && texts.get(script) !== script.text,
    );
    return changed.length === 0 ? [] : partIntents(site, part, all, changed, texts, empty);
  });
}

const KEYS = { before: 'before_script', main: 'script', after: 'after_script' } as const;

/** The template that the image of a job is written in, where that is not what is converted. */
export function templateOfImage(site: BuildSite): string | undefined {
  const { image } = site;
  if (image.state !== 'known' || isOwn(site, image.origin.place)) return undefined;
  return image.origin.from?.startsWith('.') ? image.origin.from : undefined;
}

/** Keys of scripts that change and that the job has from elsewhere. */
export function takenOver(site: BuildSite, texts: ReadonlyMap<ScriptText, string>): string[] {
  const foreign = [...texts].filter(
    ([script, text]) => text !== script.text && !isOwn(site, script.origin.place),
  );
  return [...new Set(foreign.map(([{ part }]) => KEYS[part]))];
}

function partIntents(
  site: BuildSite,
  part: ScriptText['part'],
  all: readonly ScriptText[],
  changed: readonly ScriptText[],
  texts: ReadonlyMap<ScriptText, string>,
  empty: EmptyKeys,
): readonly Intent[] {
  const after = all.map(script => texts.get(script) ?? script.text).filter(text => text !== '');
  if (part === 'main' && after.length === 0) refuse('Nothing is left of the script.', site.place);
  const [foreign] = changed.filter(({ origin }) => !isOwn(site, origin.place));
  const [first] = changed;
  const entry = first?.origin.entry;
  if (foreign) {
    if (part === 'main' || isOwn(site, entry))
      refuse(
        foreign.origin.from === undefined
          ? `This line of ${KEYS[part]} is written elsewhere and shared; convert it there, or give the job a ${KEYS[part]} of its own.`
          : `This line of ${KEYS[part]} is written in ${foreign.origin.from}; convert that, or give the job a ${KEYS[part]} of its own.`,
        foreign.origin.place,
      );
    return [{ kind: 'set-list', site: site.place, key: KEYS[part], values: after }];
  }
  if (after.length === 0 && part !== 'main' && isOwn(site, entry)) {
    return empty === 'removed'
      ? [{ kind: 'remove-entry', entry }]
      : [{ kind: 'set-list', site: site.place, key: KEYS[part], values: [] }];
  }
  return changed.map((script): Intent => {
    const text = texts.get(script) ?? '';
    const { place } = script.origin;
    return text === ''
      ? { kind: 'remove-item', item: place }
      : { kind: 'replace-script', script: place, text };
  });
}
