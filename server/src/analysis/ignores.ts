/** Leaves out findings that people have decided to live with, by comment or in `.drydock.yml`. */
import type { ConfigIgnore } from './config.js';
import { matcher } from './globs.js';

/** A finding with its place in the file, as far as ignores look at it. */
export interface Located {
  readonly rule: string;
  readonly path: string;
  readonly site?: string;
  /** 0-based line on which it starts. */
  readonly line: number;
}

/** `# drydock-ignore: RULE -- reason`, with `//` in Groovy; `start` and `end` are offsets of the words from `drydock-ignore` on. */
export interface CommentIgnore {
  readonly rule: string;
  readonly reason: string | undefined;
  readonly start: number;
  readonly end: number;
  /** Lines that it covers: its own, or for a comment that stands alone the next one with content. */
  readonly lines: readonly number[];
}

const COMMENT = /(?:^|[ \t])(#|\/\/)[ \t]*(drydock-ignore:[ \t]*([a-z][\w-]*)?(.*?))[ \t]*\r?$/;
const REASON = /^[ \t]*--[ \t]*(.+)$/;
/** What the quick fix writes until somebody says why. */
const PLACEHOLDER = /^explain why$/;
const MARK = 'drydock-ignore:';

/**
 * Finds the comments; most files have none and cost one search. `isText` tells of an offset whether it lies in a
 * quoted value, where nothing is a comment. `slashes`: two of them begin one as well.
 */
export function commentIgnores(
  text: string,
  isText: (offset: number) => boolean,
  slashes: boolean,
): readonly CommentIgnore[] {
  if (!text.includes(MARK)) return [];
  const found: CommentIgnore[] = [];
  const lines = text.split('\n');
  let offset = 0;
  lines.forEach((line, number) => {
    const match = COMMENT.exec(line);
    if (
      match &&
      (slashes || match[1] === '#') &&
      !isText(offset + line.indexOf(MARK)) &&
      !inShellQuotes(line)
    ) {
      found.push(commentIgnore(match, lines, number, offset));
    }
    offset += line.length + 1;
  });
  return found;
}

/** A `#` behind an open quote is text to the shell. */
function inShellQuotes(line: string): boolean {
  const before = line.slice(0, line.indexOf(MARK));
  return (before.split('"').length - 1) % 2 === 1;
}

function commentIgnore(
  match: RegExpExecArray,
  lines: readonly string[],
  number: number,
  offset: number,
): CommentIgnore {
  const [, , words = '', rule = '', rest = ''] = match;
  const line = lines[number] ?? '';
  const start = offset + line.indexOf(MARK);
  return {
    rule,
    reason: REASON.exec(rest)?.[1]?.replace(PLACEHOLDER, '') || undefined,
    start,
    end: start + words.trimEnd().length,
    lines: /^\s*(?:#|\/\/)/.test(line) ? [number, nextContent(lines, number)] : [number],
  };
}

function nextContent(lines: readonly string[], from: number): number {
  let next = from + 1;
  while (next < lines.length && /^\s*(?:(?:#|\/\/).*)?$/.test(lines[next] ?? '')) next += 1;
  return next;
}

/** Ignores that hold: a reason is given, and the day has not passed. `today` is an ISO date. */
export function holds(
  ignore: { readonly reason: string | undefined; readonly until?: string | undefined },
  today: string,
): boolean {
  return ignore.reason !== undefined && (ignore.until === undefined || ignore.until >= today);
}

export function covers(ignore: ConfigIgnore, finding: Located): boolean {
  if (ignore.rule !== finding.rule) return false;
  if (ignore.site !== undefined && ignore.site !== finding.site) return false;
  return ignore.path === undefined || matcher(ignore.path)(finding.path);
}
