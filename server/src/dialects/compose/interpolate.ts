/** Puts variables into the values of a Compose file, and remembers where each character came from. */
import { HOLE, type Text } from '../../model/text.js';

/** The value of a variable; `undefined` where nothing in view sets it, so that the shell may. */
export type Lookup = (name: string) => string | undefined;

/** A value with its variables put in. */
export interface Interpolated extends Text {
  /** The range of the raw text that a range of the result came from; UTF-16 offsets. */
  toRaw(start: number, end: number): { readonly start: number; readonly end: number };
  /** It stands in the file as it is. */
  readonly verbatim: boolean;
}

/** A stretch of the result and of the raw text; `copied` character by character. */
interface Piece {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly copied: boolean;
}

const START = /\$(?:\$|([A-Za-z_]\w*)|\{)|\{\{.*?\}\}|\{%.*?%\}|<%.*?%>/gs;

/**
 * `$NAME`, `${NAME}` and its forms `:-`, `-`, `:+`, `+`, `:?`, `?`, which may hold others inside; `$$` stands for `$`.
 * A variable that nothing sets takes its default, and without one it is a hole, as is a mark of a template language.
 * Source: compose-spec/compose-go template/template.go.
 */
export function interpolate(raw: string, lookup: Lookup): Interpolated {
  if (!/[$]|\{[{%]|<%/.test(raw)) return asIs(raw);
  const holes: string[] = [];
  return joined(raw, piecesOf(raw, lookup, holes, 0), holes);
}

/** A text of which every character stands for itself. */
export function asIs(raw: string): Interpolated {
  return { text: raw, holes: [], toRaw: (start, end) => ({ start, end }), verbatim: true };
}

const MAX_DEPTH = 10;

function piecesOf(raw: string, lookup: Lookup, holes: string[], depth: number): readonly Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  const pattern = new RegExp(START);
  for (let match = pattern.exec(raw); match; match = pattern.exec(raw)) {
    if (match.index > done) pieces.push(copy(raw, done, match.index));
    const end = match[0] === '${' ? closing(raw, match.index + 1) : match.index + match[0].length;
    pieces.push({
      text: valueFor(raw.slice(match.index, end), lookup, holes, depth),
      from: match.index,
      to: end,
      copied: false,
    });
    done = end;
    pattern.lastIndex = end;
  }
  if (done < raw.length) pieces.push(copy(raw, done, raw.length));
  return pieces;
}

function copy(raw: string, from: number, to: number): Piece {
  return { text: raw.slice(from, to), from, to, copied: true };
}

/** Behind the brace that closes the one at `at`, or the end of the text. */
function closing(raw: string, at: number): number {
  let depth = 0;
  for (let i = at; i < raw.length; i++) {
    if (raw[i] === '{') depth += 1;
    if (raw[i] === '}') depth -= 1;
    if (depth === 0) return i + 1;
  }
  return raw.length;
}

const FORM = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+?])(.*))?\})$/s;

function valueFor(reference: string, lookup: Lookup, holes: string[], depth: number): string {
  if (reference === '$$') return '$';
  const [, bare, braced, form, word = ''] = FORM.exec(reference) ?? [];
  const name = bare ?? braced;
  const value = name === undefined ? undefined : lookup(name);
  const empty = value === '' && (form?.startsWith(':') ?? false);
  const given = value !== undefined && !empty;
  if (form?.endsWith('-') && !given && depth < MAX_DEPTH) return inner(word, lookup, holes, depth);
  if (form?.endsWith('+') && given && depth < MAX_DEPTH) return inner(word, lookup, holes, depth);
  if (value !== undefined && !(form?.endsWith('?') && empty)) return value;
  holes.push(name ?? reference);
  return HOLE;
}

function inner(word: string, lookup: Lookup, holes: string[], depth: number): string {
  return piecesOf(word, lookup, holes, depth + 1)
    .map(({ text }) => text)
    .join('');
}

function joined(raw: string, pieces: readonly Piece[], holes: readonly string[]): Interpolated {
  const text = pieces.map(piece => piece.text).join('');
  return {
    text,
    holes,
    verbatim: text === raw,
    toRaw(start, end) {
      let at = 0;
      let first: number | undefined;
      let last = raw.length;
      for (const piece of pieces) {
        const stop = at + piece.text.length;
        if (first === undefined && (start < stop || (start === stop && end === stop)))
          first = piece.copied ? piece.from + start - at : piece.from;
        if (end <= stop) {
          last = piece.copied ? piece.from + end - at : piece.to;
          break;
        }
        at = stop;
      }
      return { start: first ?? raw.length, end: Math.max(last, first ?? 0) };
    },
  };
}
