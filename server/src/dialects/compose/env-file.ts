/** Reads `.env` and the files of `env_file`. */
import { isLiteral } from '../../model/text.js';
import { interpolate, type Lookup } from './interpolate.js';

const NAME = /^(?:export\s+)?([\w.-]+)[ \t]*[=:][ \t]*/;

/**
 * The variables of a file, with those before them and of `outer` put in; `undefined` for one that cannot be told.
 * Source: compose-spec/compose-go dotenv/parser.go.
 */
export function readEnvFile(text: string, outer: Lookup): ReadonlyMap<string, string | undefined> {
  const values = new Map<string, string | undefined>();
  const lookup: Lookup = name => outer(name) ?? values.get(name);
  let rest = text;
  while (rest !== '') {
    rest = rest.replace(/^(?:\s+|#.*)+/, '');
    const start = NAME.exec(rest);
    if (!start) {
      rest = behindLine(rest);
      continue;
    }
    const found = valueAt(rest.slice(start[0].length));
    rest = found.rest;
    const value = found.raw ? found.text : settled(found.text, lookup);
    values.set(start[1] ?? '', value);
  }
  return values;
}

function settled(text: string, lookup: Lookup): string | undefined {
  const value = interpolate(text, lookup);
  return isLiteral(value) ? value.text : undefined;
}

interface FoundValue {
  readonly text: string;
  /** Variables in it are left alone. */
  readonly raw: boolean;
  readonly rest: string;
}

function valueAt(text: string): FoundValue {
  const quote = text[0];
  if (quote === '"' || quote === "'") {
    const end = closingQuote(text, quote);
    if (end !== undefined) {
      const inside = text.slice(1, end);
      const value = quote === '"' ? unescaped(inside) : inside.replaceAll("\\'", "'");
      return { text: value, raw: quote === "'", rest: behindLine(text.slice(end)) };
    }
  }
  const line = /^.*/.exec(text)?.[0] ?? '';
  return {
    text: line.replace(/(?:^|[ \t])#.*$/, '').trimEnd(),
    raw: false,
    rest: behindLine(text),
  };
}

function closingQuote(text: string, quote: string): number | undefined {
  for (let i = 1; i < text.length; i++) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === quote) return i;
  }
  return undefined;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', $: '$$' };

function unescaped(text: string): string {
  return text.replace(/\\([nrt$"\\])/g, (_, one: string) => ESCAPES[one] ?? one);
}

function behindLine(text: string): string {
  const newline = text.indexOf('\n');
  return newline < 0 ? '' : text.slice(newline + 1);
}
