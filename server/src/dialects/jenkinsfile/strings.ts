/** What strings of Groovy come to: as texts with holes, and as scripts for a shell. */
import type { ScriptText } from '../../model/build-site.js';
import type { Place } from '../../model/known.js';
import { HOLE, type Text } from '../../model/text.js';
import { type GroovyString, type GroovyValue, isEscape } from '../../syntax/groovy.js';
import type { Block } from '../../syntax/tree.js';

/** A file as one block. */
export interface JenkinsFile {
  readonly path: string;
  readonly block: Block;
}

export function placeAt({ path, block }: JenkinsFile, start: number, end: number): Place {
  return { path, block, start, end };
}

export function innerPlace(file: JenkinsFile, { inner }: GroovyString): Place {
  return placeAt(file, inner.start, inner.end);
}

export function asString(value: GroovyValue | undefined): GroovyString | undefined {
  return value?.kind === 'string' ? value : undefined;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '\n': '' };

/** The text that Groovy makes of a string, interpolations left as they are, and where each character stands. */
export interface Decoded {
  readonly text: string;
  /** Offsets into the file; one more than there are characters. */
  readonly offsets: readonly number[] | undefined;
}

export function decode(string: GroovyString): Decoded {
  if (string.plain) return { text: string.text, offsets: undefined };
  const offsets: number[] = [];
  let text = '';
  for (let i = 0; i < string.text.length; i++) {
    offsets.push(string.inner.start + i);
    const made = isEscape(string.escapes, string.text[i], string.text[i + 1])
      ? unescaped(string, string.text[++i] ?? '')
      : string.text[i];
    // A backslash at the end of a line joins it to the next.
    if (made === '') offsets.pop();
    text += made;
  }
  offsets.push(string.inner.end);
  return { text, offsets };
}

function unescaped({ escapes }: GroovyString, char: string): string {
  return escapes === 'backslash' ? (ESCAPES[char] ?? char) : char;
}

/** The range of the file that a range of the decoded text stands at. */
export function sourceRange(
  string: GroovyString,
  { offsets }: Decoded,
  start: number,
  end: number,
): { readonly start: number; readonly end: number } {
  const from = string.inner.start;
  if (!offsets) return { start: from + start, end: from + end };
  return { start: offsets[start] ?? string.inner.end, end: offsets[end] ?? string.inner.end };
}

/** A text of which what Groovy puts in is a hole, but for variables that `lookup` knows. */
export function textOf(string: GroovyString, lookup: (name: string) => string | undefined): Text {
  const { text } = decode(string);
  if (!string.interpolates) return { text, holes: [] };
  const holes: string[] = [];
  const filled = text.replace(
    /\$\{([^{}]*(?:\{[^}]*\}[^{}]*)*)\}|\$([A-Za-z_][\w.]*)/g,
    (_, braced?: string, bare?: string) => {
      const name = (braced ?? bare ?? '').trim().replace(/^env\./, '');
      const value = /^\w+$/.test(name) ? lookup(name) : undefined;
      if (value !== undefined) return value;
      holes.push(name);
      return HOLE;
    },
  );
  return { text: filled, holes };
}

/** What Groovy puts in is a variable to the shell, of the same length so that offsets stay. */
function forShell(text: string): string {
  return text
    .replace(/\$\{([^{}]*(?:\{[^}]*\}[^{}]*)*)\}/g, (_, name: string) => `\${${name.replace(/\W/g, '_')}}`)
    .replace(/\$([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+)/g, (_, name: string) => `$${name.replaceAll('.', '_')}`);
}

/** A script that a step hands to a shell. */
export function scriptOf(file: JenkinsFile, string: GroovyString, part: ScriptText['part']): ScriptText {
  const decoded = decode(string);
  return {
    text: string.interpolates ? forShell(decoded.text) : decoded.text,
    part,
    origin: { place: innerPlace(file, string), way: 'own' },
    place(start, end): Place {
      const range = sourceRange(string, decoded, start, end);
      return placeAt(file, range.start, range.end);
    },
  };
}
