/** Lowers shell scripts into build sites: the script itself, and each container that it starts. */
import type { BuildSite, Container, ImageUse, ScriptText, Service } from '../../model/build-site.js';
import { type ImageRef, parseImage } from '../../model/image-ref.js';
import { ABSENT, type Known, known, type Place, settled, unknown } from '../../model/known.js';
import { commandsOf } from '../../model/script.js';
import { HOLE, literal, show, type Text } from '../../model/text.js';
import type { ShellWord } from '../../syntax/shell.js';
import type { Lowered, SiteSource, Unit } from '../dialect.js';
import { environmentOf, machine } from '../machine.js';
import { namesBetween, toldApart } from './names.js';
import { type File, placeAt, type Run, runsOf, scriptOf } from './runs.js';

/** More containers than this are started by no script that people write. */
const MAX_RUNS = 100;

export function lowerScript({ path, tree }: Unit): Lowered {
  const block = tree.documents[0]?.blocks[0]?.block;
  if (!block) return { sites: [], runners: [] };
  const file: File = { path, block, name: path.replace(/^.*\//, '') };
  const script = scriptOf(file);
  const commands = commandsOf([script]);
  const source = (key: string, lower: () => BuildSite): SiteSource => ({
    name: key,
    key,
    shared: String(block.id),
    lower: () => [lower()],
  });
  const runs = runsOf(file, commands).slice(0, MAX_RUNS);
  const named = toldApart(runs).map(run => ({ ...run, service: containerOf(file, run) }));
  return {
    sites: [
      source('script', () => ({ ...frame(file), scripts: [script], commands })),
      ...runs.map((run, i) => source(`run ${i}`, () => containerSite(file, run, named))),
    ],
    runners: [],
  };
}

const NO_IMAGE: ImageRef = parseImage(literal(''));

/** A script on a machine that is not in view. */
function frame(file: File): BuildSite {
  const newline = file.block.text.indexOf('\n');
  const place = placeAt(file, 0, newline < 0 ? file.block.text.length : newline);
  const env = environmentOf(new Map());
  return {
    dialect: 'shell',
    path: file.path,
    root: file.path,
    name: file.name,
    place,
    hidden: false,
    everyRef: false,
    image: unknown('it runs on a machine that is not in view'),
    services: ABSENT,
    self: serviceOf(NO_IMAGE, place, { ...machine(file.name), entered: 'machine' }, ABSENT, ABSENT),
    neighbours: [],
    env,
    scripts: [],
    commands: [],
    tags: ABSENT,
    gaps: [],
  };
}

function serviceOf(
  ref: ImageRef,
  place: Place,
  container: Container,
  entrypoint: Known<readonly string[]>,
  command: Known<readonly string[]>,
  variables = environmentOf(new Map()),
): Service & { readonly container: Container } {
  const origin = { place, way: 'own' } as const;
  return {
    ref,
    origin,
    whole: ref.text.holes.length === 0,
    aliases: ABSENT,
    entrypoint,
    command,
    variables,
    container,
  };
}

function textOf(word: ShellWord): Text {
  if (word.literal) return literal(word.text);
  const holes: string[] = [];
  const text = word.text.replace(
    /\$\{([^}]*)\}|\$(\w+)|\$\([^)]*\)|`[^`]*`/g,
    (_, braced?: string, bare?: string) => {
      holes.push((braced ?? bare ?? '…').replace(/\W.*$/, ''));
      return HOLE;
    },
  );
  return { text, holes };
}

type NamedRun = Run & { readonly service: Service & { readonly container: Container } };

function containerSite(file: File, run: Run, named: readonly NamedRun[]): BuildSite {
  const { image } = run;
  const self = containerOf(file, run);
  const origin = { place: placeAt(file, image.start, image.end), way: 'own' } as const;
  const use: ImageUse = {
    ref: self.ref,
    origin,
    whole: self.whole,
    entrypoint: run.run.entrypoint,
  };
  const neighbours = named
    .filter(other => other.image !== run.image)
    .map(({ run: other, service }) => ({
      ...service,
      container: { ...service.container, names: namesBetween(run.run, other) },
    }));
  const scripts = innerScript(file, run);
  return {
    ...frame(file),
    place: origin.place,
    image: known(use, origin),
    self,
    neighbours,
    env: self.variables,
    scripts,
    // Operators that are written there would be those of the script outside.
    commands: commandsOf(scripts).map(command => ({ ...command, nested: true })),
  };
}

/** What the container is told to run. Variables in it have the values of the script outside, so that none are taken. */
function innerScript(file: File, { rest, run }: Run): readonly ScriptText[] {
  const [first] = rest;
  const last = rest.at(-1);
  const plain = rest.every(({ text, literal: word }) => word && !text.includes('$'));
  if (!first || !last || !plain || run.entrypoint.state !== 'absent') return [];
  const text = file.block.text.slice(first.start, last.end);
  const place = (start: number, end: number) => placeAt(file, first.start + start, first.start + end);
  return [{ text, part: 'main', bare: true, origin: { place: place(0, text.length), way: 'own' }, place }];
}

/** What `docker run` starts, as its words tell. */
function containerOf(file: File, { run, image, rest }: Run): Service & { readonly container: Container } {
  const ref = parseImage(textOf(image));
  const words = rest.every(({ literal: plain }) => plain);
  const place = placeAt(file, image.start, image.end);
  const command: Known<readonly string[]> =
    rest.length === 0
      ? ABSENT
      : words
        ? known(
            rest.map(({ text }) => text),
            { place: placeAt(file, rest[0]?.start ?? 0, rest.at(-1)?.end ?? 0), way: 'own' },
          )
        : unknown('a variable is among its arguments', { place, way: 'own' });
  const container = { ...run.container, name: settled(run.called) ?? show(ref.text) };
  const service = serviceOf(ref, place, container, run.entrypoint, command, environmentOf(run.env));
  return { ...service, whole: image.literal };
}
