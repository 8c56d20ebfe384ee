/** Lowers and writes Dockerfiles; loaded when the first one of ours comes up. */
import type { Instruction, JSONInstruction, PropertyInstruction } from 'dockerfile-ast';
import type { BuildSite, ImageUse } from '../../model/build-site.js';
import { parseImage } from '../../model/image-ref.js';
import type { Intent, Written } from '../../model/intent.js';
import { ABSENT, type Known, known, type Origin, type Place, unknown } from '../../model/known.js';
import { HOLE, literal, type Text } from '../../model/text.js';
import { createLineIndex } from '../../syntax/line-index.js';
import { readShell } from '../../syntax/shell.js';
import type { Block } from '../../syntax/tree.js';
import type { Lowered, Unit } from '../dialect.js';
import { environmentOf, machine } from '../machine.js';
import { type Stage, stagesOf } from './stages.js';
import { writeStages } from './write.js';

type Range = ReturnType<Instruction['getRange']>;

interface DockerFile {
  readonly path: string;
  readonly block: Block;
  place(range: Range): Place;
}

export function lowerDockerfile({ path, tree }: Unit): Lowered {
  const block = tree.documents[0]?.blocks[0]?.block;
  if (!block) return { sites: [], runners: [] };
  const index = createLineIndex(tree.text);
  const file: DockerFile = {
    path,
    block,
    place: ({ start, end }) => ({ path, block, start: index.offset(start), end: index.offset(end) }),
  };
  const sites = stagesOf(tree.text).map((stage, i, all) => ({
    name: String(i),
    key: String(i),
    shared: String(block.id),
    lower: () => siteOf(file, stage, i === all.length - 1 ? 'final' : String(i)),
  }));
  return { sites, runners: [] };
}

export function writeDockerfile(intents: readonly Intent[], unit: Unit): Written {
  return writeStages(intents, unit);
}

function siteOf(file: DockerFile, { from, others, isStage }: Stage, label: string): readonly BuildSite[] {
  const written = from.getImage();
  const range = from.getImageRange();
  if (!written || !range || isStage) return [];
  const text = withHoles(written);
  const isLast = label === 'final';
  const name = from.getBuildStage() ?? label;
  const origin: Origin = { place: file.place(range), way: 'own' };
  const entrypoint = wordsOf(file, others, 'ENTRYPOINT');
  const image: ImageUse = { ref: parseImage(text), origin, whole: text.holes.length === 0, entrypoint };
  const env = environmentOf(settingsOf(file, others));
  return [
    {
      dialect: 'dockerfile',
      path: file.path,
      root: file.path,
      name,
      place: origin.place,
      hidden: false,
      everyRef: false,
      image: known(image, origin),
      services: ABSENT,
      self: {
        ...image,
        aliases: ABSENT,
        // What is run in the end may still say otherwise.
        entrypoint: isLast ? entrypoint : unknown('it is no stage that is run'),
        command: isLast ? wordsOf(file, others, 'CMD') : unknown('it is no stage that is run'),
        variables: env,
        container: {
          ...machine(name),
          user: isLast ? userOf(file, others) : unknown('it is no stage that is run'),
        },
      },
      neighbours: [],
      env,
      scripts: [],
      commands: [],
      tags: ABSENT,
      gaps: [],
    },
  ];
}

/** Arguments of a build have any value. */
function withHoles(written: string): Text {
  const holes: string[] = [];
  const text = written.replace(/\$\{([^}]*)\}|\$(\w+)/g, (_, braced?: string, bare?: string) => {
    holes.push((braced ?? bare ?? '').replace(/\W.*$/, ''));
    return HOLE;
  });
  return { text, holes };
}

/** Commands that give users or their subordinate ids. */
const USERS = /subuid|subgid|\/etc\/passwd|\b(?:usermod|groupmod|adduser|useradd|addgroup|groupadd)\b/;

function userOf(file: DockerFile, others: readonly Instruction[]): Known<string> {
  const last = others.findLast(one => one.getKeyword() === 'USER');
  const text = last?.getArgumentsContent()?.trim();
  const range = last?.getArgumentsRange();
  if (!last || !text || !range) return ABSENT;
  const origin: Origin = { place: file.place(range), way: 'own', entry: file.place(last.getRange()) };
  const changes = others.some(
    one => USERS.test(one.getArgumentsContent() ?? '') || /^(?:COPY|ADD)$/.test(one.getKeyword()),
  );
  if (changes || text.includes('$')) return unknown('the image may have that user', origin);
  return known(text, origin);
}

function wordsOf(
  file: DockerFile,
  others: readonly Instruction[],
  keyword: string,
): Known<readonly string[]> {
  const last = others.findLast(one => one.getKeyword() === keyword) as JSONInstruction | undefined;
  const range = last?.getArgumentsRange();
  if (!last || !range) return ABSENT;
  const origin: Origin = { place: file.place(range), way: 'own' };
  const strings = last.getJSONStrings();
  if (strings.length > 0)
    return known(
      strings.map(one => unquoted(one.getValue())),
      origin,
    );
  const words = readShell(last.getArgumentsContent() ?? '').commands[0]?.words ?? [];
  return known(['/bin/sh', '-c', words.map(({ text }) => text).join(' ')], origin);
}

function unquoted(json: string): string {
  try {
    return String(JSON.parse(json));
  } catch {
    return json.replace(/^"|"$/g, '');
  }
}

function settingsOf(file: DockerFile, others: readonly Instruction[]): ReadonlyMap<string, Known<Text>> {
  const values = new Map<string, Known<Text>>();
  for (const instruction of others.filter(one => one.getKeyword() === 'ENV')) {
    for (const property of (instruction as PropertyInstruction).getProperties()) {
      const value = property.getValue() ?? '';
      const origin: Origin = {
        place: file.place(property.getValueRange() ?? property.getRange()),
        way: 'own',
        entry: file.place(property.getRange()),
      };
      values.set(
        property.getName(),
        value.includes('$') ? unknown('it holds a variable', origin) : known(literal(value), origin),
      );
    }
  }
  return values;
}
