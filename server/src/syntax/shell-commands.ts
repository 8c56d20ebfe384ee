/** Reads lists of shell commands: simple commands, operators, and where compound commands begin and end. */
import {
  AMPERSAND,
  atWordEnd,
  BAR,
  CLOSE_PAREN,
  type Cursor,
  GREATER,
  HASH,
  LESS,
  NEWLINE,
  OPEN_PAREN,
  peek,
  SEMICOLON,
  skipBlanks,
  skipComment,
} from './shell-cursor.js';
import { arithmeticEnd, readInside } from './shell-expansions.js';
import { readCasePatterns, readFunctionMark, readKeyword } from './shell-keywords.js';
import { readBodies, readRedirect } from './shell-redirects.js';
import {
  addCommand,
  begin,
  type CommandDraft,
  close,
  contextNow,
  type List,
  nearest,
  newList,
  open,
  separate,
} from './shell-scopes.js';
import type { ShellCommand } from './shell-types.js';
import { assignmentOf, readWord } from './shell-words.js';

/** Reads the commands up to the cursor's end or, if `closes`, up to an unmatched `)`; nothing stops it earlier. */
export function readCommands(cursor: Cursor, closes: boolean): readonly ShellCommand[] {
  const list = newList(cursor);
  while (cursor.pos < cursor.end) {
    const at = cursor.pos;
    skipBlanks(cursor);
    if (closes && peek(cursor) === CLOSE_PAREN && !nearest(list.scope, 'paren')) break;
    readNext(list);
    if (cursor.pos === at) cursor.pos++;
  }
  return list.commands;
}

function readNext(list: List): void {
  const { cursor } = list;
  const code = peek(cursor);
  if (code === NEWLINE) readNewline(list);
  else if (code === HASH) skipComment(cursor);
  else if (code === SEMICOLON) readSemicolon(list);
  else if (code === AMPERSAND && peek(cursor, 1) !== GREATER) readAmpersand(list);
  else if (code === BAR) readBar(list);
  else if (code === OPEN_PAREN) readOpening(list);
  else if (code === CLOSE_PAREN) {
    cursor.pos++;
    close(list, 'paren');
  } else if (cursor.pos < cursor.end && !readKeyword(list)) readSimple(list);
}

/** Ends the line at the position. A line end behind an operator or a keyword changes nothing. */
function readNewline(list: List): void {
  list.cursor.pos++;
  readBodies(list.cursor);
  if (list.scope.done) separate(list, 'newline');
}

function readSemicolon(list: List): void {
  const { cursor } = list;
  cursor.pos++;
  const endsBranch = peek(cursor) === SEMICOLON || peek(cursor) === AMPERSAND;
  if (endsBranch) cursor.pos += peek(cursor, 1) === AMPERSAND ? 2 : 1;
  const branches = endsBranch ? nearest(list.scope, 'case') : undefined;
  if (branches) {
    list.scope = branches;
    begin(list, 'keyword');
    readCasePatterns(list);
  } else separate(list, ';');
}

function readAmpersand(list: List): void {
  const isAnd = peek(list.cursor, 1) === AMPERSAND;
  list.cursor.pos += isAnd ? 2 : 1;
  separate(list, isAnd ? '&&' : '&');
}

function readBar(list: List): void {
  const next = peek(list.cursor, 1);
  list.cursor.pos += next === BAR || next === AMPERSAND ? 2 : 1;
  separate(list, next === BAR ? '||' : next === AMPERSAND ? '|&' : '|');
}

function readOpening(list: List): void {
  const { cursor } = list;
  const end = peek(cursor, 1) === OPEN_PAREN ? arithmeticEnd(cursor, cursor.pos + 2) : undefined;
  if (end === undefined) {
    cursor.pos++;
    open(list, 'paren', 'subshell', false);
  } else {
    cursor.context = contextNow(list.scope);
    cursor.pos += 2;
    readInside(cursor, end);
    cursor.pos = end + 2;
    list.scope.done = true;
  }
}

/** Reads a simple command, the head of a function, or the redirections of the compound command just closed. */
function readSimple(list: List): void {
  const { cursor } = list;
  const context = contextNow(list.scope);
  const draft: CommandDraft = { assignments: [], words: [], redirects: [] };
  const start = cursor.pos;
  let end = start;
  for (;;) {
    cursor.context = context;
    const item = readItem(cursor, draft);
    if (!item) break;
    end = item.end;
    const isHead = draft.words.length === 1 && draft.assignments.length === 0 && item === draft.words[0];
    if (isHead && readFunctionMark(list)) return;
    skipBlanks(cursor);
  }
  const ofCompound = list.scope.done && draft.words.length + draft.assignments.length === 0;
  if (end === start || ofCompound) return;
  addCommand(list, start, end, draft);
}

/** Reads one assignment, word or redirection; undefined where the command ends. */
function readItem(cursor: Cursor, draft: CommandDraft): { readonly end: number } | undefined {
  const code = peek(cursor);
  if (code === HASH) return undefined;
  const redirect = readRedirect(cursor);
  if (redirect) {
    draft.redirects.push(redirect);
    return redirect;
  }
  const isSubstitution = (code === LESS || code === GREATER) && peek(cursor, 1) === OPEN_PAREN;
  if (atWordEnd(cursor) && !isSubstitution) return undefined;
  const word = readWord(cursor);
  if (word.end === word.start) return undefined;
  const assignment = draft.words.length === 0 ? assignmentOf(cursor.text, word) : undefined;
  if (assignment) draft.assignments.push(assignment);
  else draft.words.push(word);
  return word;
}
