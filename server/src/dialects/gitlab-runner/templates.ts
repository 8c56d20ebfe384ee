/** Blanks out what a template language puts into a runner file, so that the literal rest can be read as TOML. */

import { readToml, type TomlTree } from '../../syntax/toml.js';
import type { SyntaxProblem, Tree } from '../../syntax/tree.js';
import { branchesOf } from './branches.js';

/** A line of nothing but a directive or placeholder: Go and Jinja, ERB, Terraform. */
const WHOLE = /^[ \t]*(?:\{\{.*\}\}|\{%.*%\}|\{#.*#\}|<%.*%>|[%$]\{[^}]*\}?|\{[A-Z][A-Z0-9_]*\}),?[ \t]*\r?$/;

/** A value that a template language fills in, bare behind the equals sign. */
const VALUE =
  /^([ \t]*(?:[\w.-]+|"[^"\n]*")[ \t]*=[ \t]*)(\{\{.*\}\}|\{%.*%\}|<%.*%>|\$\{[^}\n]*\}|\{[A-Z][A-Z0-9_]*\}|<[A-Z][A-Z0-9_ -]*>|\$[A-Za-z_]\w{2,})([ \t]*(?:#.*)?\r?)$/;

/**
 * Reads a runner file that may be a template. What is wrong with the text as it stands ends in `problems`; the tree
 * holds what is literal, and bare values of the template as strings with its marks.
 */
export function readTemplated(text: string): TomlTree {
  const plain = readToml(text);
  if (!plain.isTainted(plain.root.block)) return plain;
  const masked = maskTemplate(text);
  if (masked.text === text) return plain;
  const tree = readToml(masked.text);
  return {
    ...tree,
    text,
    problems: plain.problems,
    isTainted: block => block === tree.root.block && (masked.lost || tree.isTainted(block)),
  };
}

/** Problems of a text in which a template language is at home: those that have nothing to do with it. */
export function literalProblems(tree: Tree): readonly SyntaxProblem[] {
  if (tree.problems.length === 0) return [];
  const { text } = tree;
  const masked = maskTemplate(text);
  return readToml(masked.text).problems.filter(({ start, end }) => {
    if (MARKS.test(text.slice(start, end))) return false;
    // Between directives there may be a key twice, of which one is left out in the end.
    return !masked.lost || readToml(masked.text.slice(start, end)).problems.length > 0;
  });
}

const MARKS = /\{\{|\{%|\$\{|%\{/;

/** An action inside of a string; its own quotes would end that: `"{{ printf "%s" .Values.name }}"`, `"${f("x")}"`. */
const ACTION = /\{\{.*?\}\}|\{%.*?%\}|[$%]\{(?:[^{}]|\{[^{}]*\})*\}/g;

export interface Masked {
  /** As long as the text it was made from, so that offsets stay. */
  readonly text: string;
  /** Whole lines were blanked: they may stand for keys. */
  readonly lost: boolean;
}

/** Replaces lines of a template by blanks, and bare values of one by strings that show that they are not known. */
export function maskTemplate(text: string): Masked {
  const inside: Inside = { long: undefined, depth: 0 };
  const short = withoutLongHoles(text);
  let lost = short !== text;
  const written = short.split('\n');
  const outside: boolean[] = [];
  const lines = written.map(line => {
    outside.push(inside.long === undefined && inside.depth === 0);
    const masked = inside.long === undefined ? maskLine(line, inside.depth) : line;
    // Inside of brackets it stands for items, and the list then shows that it is not known.
    lost ||= masked !== line && inside.depth === 0 && masked.trim() === '';
    advance(masked, inside);
    return masked;
  });
  const { adrift, twofold } = branchesOf(written, line => outside[line] === true);
  const sure = lines.map((line, i) => {
    if (adrift.has(i)) return blankLine(line);
    return twofold.has(i) ? openValue(line) : line;
  });
  return { text: sure.join('\n'), lost: lost || adrift.size > 0 };
}

function blankLine(line: string): string {
  return line.replace(/[^\r]/g, ' ');
}

/** A key on a line of its own, with a value that shows that it is not known; one that is too short goes whole. */
function openValue(line: string): string {
  const [, left = '', value = '', right = ''] = /^([^=]*=[ \t]*)(.*?)([ \t]*\r?)$/.exec(line) ?? [];
  return value.length < 4 ? blankLine(line) : `${left}${unknownString(value.length)}${right}`;
}

/** Blanks what Terraform puts in by an expression of several lines. */
function withoutLongHoles(text: string): string {
  const blank = (from: number, to: number): string => text.slice(from, to).replace(/[^\r\n]/g, ' ');
  let [done, depth, start, shown] = [0, 0, 0, ''];
  for (const { 0: token, index } of text.matchAll(/\$\$\{|%%\{|[$%]\{|[{}]/g)) {
    if (depth === 0 && !/^[$%]\{$/.test(token)) continue;
    if (depth === 0) start = index;
    depth += token === '}' ? -1 : 1;
    if (depth > 0 || !text.slice(start, index).includes('\n')) continue;
    shown += text.slice(done, start) + blank(start, index + 1);
    done = index + 1;
  }
  return shown + text.slice(done);
}

function maskLine(line: string, depth: number): string {
  if (WHOLE.test(line)) return depth > 0 ? item(line) : blankLine(line);
  const [, left, value = '', right] = VALUE.exec(line) ?? [];
  return left === undefined || depth > 0
    ? line.replace(ACTION, action => action.replace(/["'\\]/g, ' '))
    : `${left}${unknownString(value.length)}${right ?? ''}`;
}

/** A string with the mark of a template in it, `length` characters long. */
function unknownString(length: number): string {
  return `"{{${' '.repeat(length - 4)}"`;
}

function item(line: string): string {
  const content = line.trim();
  const start = line.indexOf(content);
  const room = content.length - 1;
  if (room < 4) return blankLine(line);
  return `${line.slice(0, start)}${unknownString(room)},${line.slice(start + content.length)}`;
}

/** What a line starts within: a long string, and how many brackets. */
interface Inside {
  long: '"""' | "'''" | undefined;
  depth: number;
}

const TOKEN = /"""|'''|"(?:[^"\\]|\\.)*"|'[^']*'|#.*|[[\]]/g;

function advance(line: string, inside: Inside): void {
  let rest = line;
  while (rest !== '') {
    if (inside.long !== undefined) {
      const end = rest.indexOf(inside.long);
      if (end < 0) return;
      rest = rest.slice(end + 3);
      inside.long = undefined;
    }
    TOKEN.lastIndex = 0;
    rest = toNextLong(rest, inside);
  }
}

/** Counts brackets up to where a long string opens; returns the text behind that, or nothing at the end of the line. */
function toNextLong(rest: string, inside: Inside): string {
  for (const match of rest.matchAll(TOKEN)) {
    const [token] = match;
    if (token === '"""' || token === "'''") {
      inside.long = token;
      return rest.slice(match.index + 3) || ' ';
    }
    if (token === '[') inside.depth += 1;
    else if (token === ']') inside.depth = Math.max(0, inside.depth - 1);
  }
  return '';
}
