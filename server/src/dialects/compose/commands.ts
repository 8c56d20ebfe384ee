/** What a Compose service runs: its entrypoint and command as words, and the scripts in them. */
import type { ScriptText } from '../../model/build-site.js';
import { type Known, known, type Place, unknown } from '../../model/known.js';
import { HOLE, isLiteral } from '../../model/text.js';
import { readShell } from '../../syntax/shell.js';
import type { Interpolated } from './interpolate.js';
import { itemsOf, type Layer, originOf, partOf, placeIn, textOf } from './layers.js';
import { last, missing, type Written } from './values.js';

/** A text split as a shell does, or a list of words. An empty list counts as none for a command. */
export function readCommand(written: Written, key: 'command' | 'entrypoint'): Known<readonly string[]> {
  const layer = last(written, key);
  if (!layer) return missing(written);
  const origin = originOf(layer);
  const words = wordsOf(layer);
  return words ? known(words, origin) : unknown(`its ${key} holds parts that are not known`, origin);
}

function wordsOf(layer: Layer): readonly string[] | undefined {
  if (layer.node.kind === 'seq') {
    const texts = itemsOf(layer).map(textOf);
    if (!texts.every(text => text !== undefined && isLiteral(text))) return undefined;
    return texts.map(text => text?.text ?? '');
  }
  const text = textOf(layer);
  if (!text || !isLiteral(text)) return undefined;
  // Variables that are left for the container are plain characters here. Source: mattn/go-shellwords.
  return readShell(text.text).commands[0]?.words.map(word => word.text) ?? [];
}

const SHELL = /^(?:.*\/)?(?:ba|da|a)?sh$/;
const SCRIPT_FLAG = /^-[a-z]*c$/;

/** The script that a shell gets with `-c`, else the words of entrypoint and command as one line. */
export function readScripts(written: Written): readonly ScriptText[] {
  const layers = [last(written, 'entrypoint'), last(written, 'command')].flatMap(layer => layer ?? []);
  const items = layers.flatMap(itemsOf);
  const flag = items.findIndex(item => SCRIPT_FLAG.test(textOf(item)?.text ?? ''));
  const script = flag > 0 && SHELL.test(wordIn(items[flag - 1])) ? items[flag + 1] : undefined;
  if (script) return [scriptOf(script)];
  return layers.flatMap(layer =>
    layer.node.kind === 'seq' ? listScript(layer) : [{ ...scriptOf(layer), bare: true }],
  );
}

function wordIn(item: Layer | undefined): string {
  return (item && textOf(item)?.text) ?? '';
}

/** A variable that is not known is one to the shell as well. */
function shown(text: Interpolated): string {
  let next = 0;
  return text.text.replaceAll(HOLE, () => {
    const name = text.holes[next] ?? '';
    next += 1;
    return /^\w+$/.test(name) ? `\${${name}}` : name;
  });
}

function scriptOf(layer: Layer): ScriptText {
  const text = textOf(layer);
  const origin = originOf(layer);
  const whole = placeIn(layer);
  // Where a hole got a name, offsets are no longer those of the text.
  const known = text !== undefined && isLiteral(text) ? text : undefined;
  return {
    text: text ? shown(text) : '',
    part: 'main',
    origin: { ...origin, place: whole },
    place: (start, end): Place => (known ? partOf(layer, known, start, end) : whole),
  };
}

/** Words without a shell: quoted, so that they stay what they are. */
function listScript(layer: Layer): readonly ScriptText[] {
  const items = itemsOf(layer);
  const spans: { readonly start: number; readonly end: number; readonly item: Layer }[] = [];
  let text = '';
  for (const item of items) {
    const word = textOf(item);
    if (text !== '') text += ' ';
    const start = text.length;
    text += word ? quoted(word) : "''";
    spans.push({ start, end: text.length, item });
  }
  const whole = placeIn(layer);
  return [
    {
      text,
      part: 'main',
      bare: true,
      origin: { ...originOf(layer), place: whole },
      place(start, end): Place {
        const [first, final] = [
          spans.find(span => span.end >= start),
          spans.findLast(span => span.start < Math.max(end, start + 1)),
        ];
        if (!first || !final) return whole;
        const [from, to] = [placeIn(first.item), placeIn(final.item)];
        return from.block === to.block ? { ...from, end: Math.max(from.end, to.end) } : from;
      },
    },
  ];
}

function quoted(word: Interpolated): string {
  if (!isLiteral(word)) return `"${shown(word).replace(/(["\\`])/g, '\\$1')}"`;
  return /^[\w./:=@%+,-]+$/.test(word.text) ? word.text : `'${word.text.replaceAll("'", "'\\''")}'`;
}
