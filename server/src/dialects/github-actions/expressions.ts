/** Puts values into `${{ … }}` as far as the files tell them; what they do not tell is a hole. */
import { HOLE, type Text } from '../../model/text.js';

/** What an expression without operators comes to: `matrix.version`; `undefined` where that is not known. */
export type Resolve = (name: string) => string | undefined;

/** Strings may hold braces; quotes in them are doubled. */
const EXPRESSION = /\$\{\{((?:'(?:[^']|'')*'|[^'}]|\}(?!\}))*)\}\}/g;
const STRING = /^'((?:[^']|'')*)'$/;
const NAME = /^[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*$/;

export function expandExpressions(raw: string, resolve: Resolve): Text {
  if (!raw.includes('${{')) return { text: raw, holes: [] };
  const holes: string[] = [];
  const text = raw.replace(EXPRESSION, (_, inner: string) => {
    const expression = inner.trim();
    const value = resultOf(expression, resolve);
    if (value !== undefined) return value;
    holes.push(`\${{ ${expression} }}`);
    return HOLE;
  });
  return { text, holes };
}

function resultOf(expression: string, resolve: Resolve): string | undefined {
  const string = STRING.exec(expression)?.[1];
  if (string !== undefined) return string.replaceAll("''", "'");
  if (/^(?:true|false|-?\d+)$/.test(expression)) return expression;
  return NAME.test(expression) ? resolve(expression) : undefined;
}

export function holdsExpression(text: string): boolean {
  return /\$\{\{/.test(text);
}

/** Whether a condition rules out for good what it stands at. */
export function isNever(condition: string | undefined): boolean {
  return /^\s*(?:false|\$\{\{\s*false\s*\}\})\s*$/.test(condition ?? '');
}

/** Names of a context that a text refers to: of `matrix` those behind `matrix.`, up to the next dot. */
export function namesOf(text: string, context: string): readonly string[] {
  const found = text.matchAll(new RegExp(`\\b${context}(?:\\.([\\w-]+)|\\[\\s*'([\\w-]+)'\\s*\\])`, 'g'));
  return [...found].flatMap(match => match[1] ?? match[2] ?? []);
}
