/** Takes the path of a Dockerfile apart into its folder and its name. */
import type { BuildSite } from '../../model/build-site.js';
import { settledText } from '../../rules/docker-commands.js';
import type { ShellPart } from '../../syntax/shell.js';
import { inQuotes, readValue, type Value } from './values.js';

export interface FilePath {
  readonly folder: Value;
  readonly name: Value;
}

/** Folder and name of a path; where the words do not show them, commands that work them out when the job runs. */
export function splitPath(site: BuildSite, path: Value): FilePath | undefined {
  const cut = lastSlash(path);
  const { parts } = path.word;
  const behind = parts.slice(cut ? parts.indexOf(cut.part) + 1 : 0);
  if (!behind.every(part => holdsNoSlash(site, path, part))) return workedOut(path);
  if (!cut) return both(readValue('.'), path);
  const quote = { none: '', single: "'", double: '"' }[cut.part.quote];
  const head = path.source.slice(0, cut.at);
  const folder = readValue(head === '' ? '/' : head + quote);
  const name = readValue(quote + path.source.slice(cut.at + 1));
  if (!folder || !name) return workedOut(path);
  const whole = folder.word.text === '/' ? `/${name.word.text}` : `${folder.word.text}/${name.word.text}`;
  return whole === path.word.text ? { folder, name } : workedOut(path);
}

/** The last slash that is written out: its offset in the source, and the part that holds it. */
function lastSlash({ source, word }: Value): { readonly at: number; readonly part: ShellPart } | undefined {
  for (const part of word.parts.toReversed()) {
    const at = part.kind === 'text' ? source.slice(part.start, part.end).lastIndexOf('/') : -1;
    if (at >= 0) return { at: part.start + at, part };
  }
  return undefined;
}

function holdsNoSlash(site: BuildSite, { source }: Value, part: ShellPart): boolean {
  if (part.kind === 'text') return !part.text.includes('/');
  const text = settledText(site, source.slice(part.start, part.end));
  return text !== undefined && !text.includes('/');
}

function workedOut(path: Value): FilePath | undefined {
  const quoted = inQuotes(path);
  if (quoted === undefined) return undefined;
  return both(readValue(`"$(dirname ${quoted})"`), readValue(`"$(basename ${quoted})"`));
}

function both(folder: Value | undefined, name: Value | undefined): FilePath | undefined {
  return folder && name && { folder, name };
}
