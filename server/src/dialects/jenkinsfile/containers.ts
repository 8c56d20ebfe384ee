/** Reads the containers of a Jenkinsfile: what docker run is told about them, and what of that others find. */
import type { Container, Environment, ImageUse, Service } from '../../model/build-site.js';
import { type ImageRef, parseImage } from '../../model/image-ref.js';
import { ABSENT, type Known, known, type Origin, type Place, settled, unknown } from '../../model/known.js';
import { literal } from '../../model/text.js';
import type { GroovyString } from '../../syntax/groovy.js';
import { readShell } from '../../syntax/shell.js';
import { machine, type RunArguments, readRunText } from '../machine.js';
import type { DockerAgent } from './agents.js';
import { literalOf } from './environment.js';
import { prefixOf } from './registry.js';
import { decode, innerPlace, type JenkinsFile, placeAt, sourceRange, textOf } from './strings.js';

/** A container as its arguments and its image set it up. */
export interface ReadAgent {
  readonly run: RunArguments;
  readonly image: Known<ImageUse>;
  readonly command: Known<readonly string[]>;
}

/** Without a literal for its arguments, all about it is open. */
export function containerOf(file: JenkinsFile, name: string, agent: DockerAgent): ReadAgent {
  const { args } = agent;
  const decoded = args && decode(args);
  const run = readRunText(name, decoded?.text ?? '', (start, end) => {
    if (!args || !decoded) return placeAt(file, agent.span.start, agent.span.end);
    const range = sourceRange(args, decoded, start, end);
    return placeAt(file, range.start, range.end);
  });
  const container = agent.open ? machine(name) : ownFolders(run.container, agent);
  const place = placeAt(file, agent.span.start, agent.span.end);
  return {
    run: { ...run, container: { ...container, place } },
    image: imageOf(file, agent, run.entrypoint),
    command: agent.command ? words(file, agent.command) : ABSENT,
  };
}

/** A folder that docker makes for it has a name by which others can take it. */
function ownFolders(container: Container, { span }: DockerAgent): Container {
  const { mounts } = container;
  if (mounts.state !== 'known') return container;
  const named = mounts.value.map(one => ({
    ...one,
    source: one.source ?? `anonymous:${span.start}${one.target}`,
  }));
  return { ...container, mounts: { ...mounts, value: named } };
}

/** `--volumes-from` of the one container beside it, which `--link` names in the same way. */
export function withVolumes(
  { container, volumesFrom, links }: RunArguments,
  beside: Container | undefined,
): Container {
  const { mounts } = container;
  if (!beside || volumesFrom.length === 0 || mounts.state !== 'unknown') return container;
  const linked = links.map(link => link.replace(/:[\w.-]+$/, ''));
  const isIts = volumesFrom.every(from => linked.includes(from.replace(/:r[ow]$/, '')));
  if (!isIts || beside.mounts.state === 'unknown') return container;
  const own = mounts.likely ?? [];
  const taken = (settled(beside.mounts) ?? []).filter(
    ({ target }) => !own.some(one => one.target === target),
  );
  const place = container.place as Place;
  const all = [...own, ...taken.map(mount => ({ ...mount, taken: true as const }))];
  return { ...container, mounts: known(all, { place, way: 'own' }) };
}

function words(file: JenkinsFile, string: GroovyString): Known<readonly string[]> {
  const origin: Origin = { place: innerPlace(file, string), way: 'own' };
  if (string.holes.length > 0) return unknown('Groovy puts something into it', origin);
  const found = readShell(decode(string).text).commands[0]?.words ?? [];
  return known(
    found.map(({ text }) => text),
    origin,
  );
}

function imageOf(
  file: JenkinsFile,
  { image: string, registry, settings }: DockerAgent,
  entrypoint: Known<readonly string[]>,
): Known<ImageUse> {
  if (!string) return unknown('no literal names the image');
  const written = textOf(string, name => literalOf(settings, name));
  const prefix = prefixOf(registry);
  const holes = registry === undefined ? ['…', ...written.holes] : written.holes;
  const origin: Origin = { place: innerPlace(file, string), way: 'own' };
  const whole = string.holes.length === 0 && string.plain && prefix === '';
  const ref = parseImage({ text: prefix + written.text, holes });
  return known({ ref, origin, whole, entrypoint }, origin);
}

const NO_IMAGE: ImageRef = parseImage(literal(''));

export function serviceOf(
  read: ReadAgent | undefined,
  container: Container,
  origin: Origin,
  variables: Environment,
): Service & { readonly container: Container } {
  const use = read?.image.state === 'known' ? read.image.value : undefined;
  return {
    ref: use?.ref ?? NO_IMAGE,
    origin: use?.origin ?? origin,
    whole: use?.whole ?? false,
    aliases: ABSENT,
    entrypoint: read?.run.entrypoint ?? ABSENT,
    command: read?.command ?? ABSENT,
    variables,
    container,
  };
}

/** A container that runs beside is found by what `--link` calls it. */
export function linked(read: ReadAgent, self: ReadAgent | undefined): Container {
  const names = (self?.run.links ?? []).flatMap(link => {
    const [, alias] = /^[^:]+:([\w.-]+)$/.exec(link.replace(/\$\{[^}]*\}/g, 'x')) ?? [];
    return alias === undefined ? [] : [alias];
  });
  return { ...read.run.container, names };
}
