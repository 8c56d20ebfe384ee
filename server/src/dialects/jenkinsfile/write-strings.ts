/** Writes texts into the strings of a Jenkinsfile, as Groovy has them. */
import { type GroovyString, groovyTokens } from '../../syntax/groovy-tokens.js';
import type { TextEdit } from '../../syntax/patch.js';
import type { Span } from '../../syntax/tree.js';

export const SLASHY = 'the string is written in a way that cannot hold the change';

export function stringsOf(text: string): readonly GroovyString[] {
  return groovyTokens(text).tokens.filter(token => token.kind === 'string');
}

/** The string that has a range between its quotes. */
export function stringAround(
  strings: readonly GroovyString[],
  { start, end }: Span,
): GroovyString | undefined {
  return strings.find(({ inner }) => inner.start <= start && inner.end >= end);
}

/** A text as it stands between the quotes of a string. */
export function escaped(string: GroovyString, value: string): string | undefined {
  if (string.escapes !== 'backslash' || (value.includes('\n') && !string.lines)) return undefined;
  const quote = string.interpolates ? '"' : "'";
  const plain = value.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`);
  return string.interpolates ? plain.replaceAll('$', '\\$') : plain;
}

/** A string of its own. */
export function quoted(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** Arguments of docker run are split at spaces; one with anything that Groovy or a shell might read is not written. */
export function isPlainWord(word: string): boolean {
  return /^[\w./:@=,+-]+$/.test(word);
}

export function putFlag(string: GroovyString, { start, end }: Span, words: string): TextEdit | string {
  if (!words.trim().split(' ').every(isPlainWord)) return SLASHY;
  const newText = escaped(string, words);
  return newText === undefined ? SLASHY : { start, end, newText };
}
