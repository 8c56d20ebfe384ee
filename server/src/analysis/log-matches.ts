/** Finds the error texts of the catalogue in a job log. */
import type { LogSignature } from '../catalog/log-signatures.js';
import type { LogText } from './log-text.js';

/** A place where a log says one of the texts. */
export interface LogMatch {
  readonly signature: LogSignature;
  /** From 0, in the source of the log. */
  readonly line: number;
  /** Offset in the plain text. */
  readonly start: number;
  /** The words that matched, as one line. */
  readonly text: string;
  /** How often the log says the same. */
  readonly times: number;
}

/** What is looked at around a hit, in UTF-16 units: no message is longer, and a line may have megabytes. */
const REACH = 1500;
/** Places that are looked at closely; a job that tries again for an hour says the same each time. */
const MAX_LOOKS = 100_000;
/** Windows that are remembered, since they come again. */
const MAX_KNOWN = 1000;
/** Matches that are told; of a log with more, those that come first. */
const MAX_MATCHES = 100;
/** So few lines are what somebody picked out, and not a log. */
const EXCERPT_LINES = 3;

/** What only a log of container builds says. Echoed commands as GitLab Runner and GitHub print them; BuildKit's steps. */
const BUILDS =
  /^(?:\$|##\[group\]Run|\+) (?:.*[\s;&|(])?(?:\/kaniko\/executor|docker|buildah|podman|nerdctl|buildctl(?:-daemonless\.sh)?)(?= )|^#\d+ \[|\[internal\] load build definition|Error response from daemon: |^Step \d+\/\d+ : |^Starting service \S*docker\S*/m;
/**
 * What stands before words that are no outcome: a command that the log repeats, the title of a test, what a test wants to
 * see or saw instead, the name that Node gives to an error of its own.
 */
const REHEARSED =
  /^(?:\$|\+{1,3}|[E>] {2,}.*) |\b(?:assert\w*|expect\w*|should|prints?|returns?|throws?|raises?|received|actual)\b|\b(?:got|left|right): |[✓✔✗✘×√]|\b(?:not )?ok \d+ |--- (?:PASS|FAIL|SKIP)|=== RUN|\bEADDRINUSE: /i;

/** The texts that a log says, each of them once, in the order of the log. */
export function findMatches(log: LogText, signatures: readonly LogSignature[]): readonly LogMatch[] {
  const { text } = log;
  const found = scan(text, signatures.map(compiled));
  const builds = (): boolean =>
    found.some(({ signature }) => !signature.generic) || BUILDS.test(text) || isExcerpt(text);
  const kept = found.some(({ signature }) => signature.generic) && !builds() ? [] : found;
  const once = new Map<string, LogMatch>();
  for (const { signature, start, end } of kept) {
    const words = text
      .slice(start, end)
      .replace(/\s+/g, ' ')
      .replace(/[.,;:]+$/, '');
    const known = once.get(words);
    if (known) once.set(words, { ...known, times: known.times + 1 });
    else if (once.size < MAX_MATCHES)
      once.set(words, { signature, line: log.lineAt(start), start, text: words, times: 1 });
  }
  return [...once.values()];
}

interface Compiled {
  readonly signature: LogSignature;
  /** The longest part without holes. */
  readonly anchor: string;
  readonly whole: RegExp;
}

interface Span {
  readonly signature: LogSignature;
  readonly start: number;
  readonly end: number;
}

/** Anchors first, all at once: most logs hold none. */
function scan(text: string, all: readonly Compiled[]): readonly Span[] {
  const flat = text.replaceAll('\n', ' ');
  const anchors = new RegExp([...new Set(all.map(({ anchor }) => escaped(anchor)))].join('|'), 'g');
  const found: Span[] = [];
  const known = new Map<string, readonly Span[]>();
  let hit = anchors.exec(flat);
  for (let looked = 0; hit && looked < MAX_LOOKS; looked++) {
    const from = lineStart(text, hit.index);
    const to = nextLineEnd(text, anchors.lastIndex);
    // What begins later may be cut off by the window, and has a hit of its own.
    const safe = anchors.lastIndex + REACH / 2;
    const window = text.slice(from, to);
    const inWindow = known.get(window) ?? spansIn(window, flat.slice(from, to), all);
    if (known.size < MAX_KNOWN) known.set(window, inWindow);
    const spans = inWindow
      .map(span => ({ ...span, start: span.start + from, end: span.end + from }))
      .filter(({ start }) => start >= (found.at(-1)?.end ?? 0) && start < safe && !isRehearsed(text, start));
    found.push(...spans);
    anchors.lastIndex = Math.max(anchors.lastIndex, spans.at(-1)?.end ?? 0);
    hit = anchors.exec(flat);
  }
  return found;
}

/** Within reach: a line may have megabytes. */
function lineStart(text: string, offset: number): number {
  const from = Math.max(0, offset - REACH);
  return from + text.slice(from, offset).lastIndexOf('\n') + 1;
}

/** The end of the line after that of an offset, since a terminal may have broken the message. */
function nextLineEnd(text: string, offset: number): number {
  const near = text.slice(offset, offset + REACH);
  const end = near.indexOf('\n');
  const next = end < 0 ? -1 : near.indexOf('\n', end + 1);
  return offset + (next < 0 ? near.length : next);
}

/** Where texts overlap the first of the table wins; in the order in which they stand. */
function spansIn(window: string, flat: string, all: readonly Compiled[]): readonly Span[] {
  const spans: Span[] = [];
  for (const { signature, whole } of all.filter(({ anchor }) => flat.includes(anchor))) {
    for (const match of window.matchAll(whole)) {
      const span = { signature, start: match.index, end: match.index + match[0].length };
      if (spans.every(other => other.end <= span.start || span.end <= other.start)) spans.push(span);
    }
  }
  return spans.sort((a, b) => a.start - b.start);
}

function isRehearsed(text: string, start: number): boolean {
  return REHEARSED.test(text.slice(lineStart(text, start), start));
}

function isExcerpt(text: string): boolean {
  return (
    text.length < REACH * EXCERPT_LINES &&
    text.split('\n').filter(line => line.trim() !== '').length <= EXCERPT_LINES
  );
}

const HOLE = /\*|\{\w+\}/;

const compiledOnce = new WeakMap<LogSignature, Compiled>();

function compiled(signature: LogSignature): Compiled {
  const known = compiledOnce.get(signature);
  if (known) return known;
  const { text } = signature;
  const literals = text.split(HOLE).sort((a, b) => b.length - a.length);
  const made = {
    signature,
    anchor: literals[0] ?? text,
    whole: new RegExp(before(text) + parts(text) + after(text), 'g'),
  };
  compiledOnce.set(signature, made);
  return made;
}

function parts(text: string): string {
  return text
    .split(/(\*|\{\w+\})/)
    .map((part, index, list) =>
      HOLE.test(part) ? hole(part, index === list.length - 2 && list.at(-1) === '') : literal(part),
    )
    .join('');
}

function hole(part: string, last: boolean): string {
  if (part === '*') return '[^\\r\\n]{0,400}?';
  return `${part === '{host}' ? '[\\w-]' : `[^\\s"']`}{1,300}${last ? '' : '?'}`;
}

/** A blank may have become a line break in a terminal. */
function literal(text: string): string {
  return escaped(text).replaceAll(' ', '[ \\n]');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

function before(text: string): string {
  return /^\w/.test(text) ? '(?<![\\w-])' : '';
}

function after(text: string): string {
  return /\w$/.test(text) ? '(?![\\w-]|\\.\\w)' : '';
}
