/** Follows which compound commands are open while a list of commands is read, and what applies to those inside. */
import type { Cursor, Mutable } from './shell-cursor.js';
import type {
  ShellAssignment,
  ShellBefore,
  ShellCommand,
  ShellContext,
  ShellRedirect,
  ShellWord,
} from './shell-types.js';

export type ScopeKind = 'list' | 'if' | 'loop' | 'case' | 'brace' | 'paren';

/** A compound command, or the list itself, with the state of the pipeline that is being read in it. */
export interface Scope {
  readonly kind: ScopeKind;
  readonly parent: Scope | undefined;
  readonly depth: number;
  readonly context: readonly ShellContext[];
  /** What those inside inherit from the pipeline that the compound command is part of. */
  readonly pipedFrom: boolean;
  readonly tested: boolean;
  /** The commands of the condition are being read. */
  inCondition: boolean;
  before: ShellBefore;
  afterPipe: boolean;
  negated: boolean;
  /** The head of a function was read, its body comes next. */
  awaitsBody: boolean;
  /** The command that is due has been read. */
  done: boolean;
  /** Indexes into the list's commands. */
  pipelineStart: number;
  elementStart: number;
}

/** One list of commands: the script, or the inside of one substitution. */
export interface List {
  readonly cursor: Cursor;
  readonly commands: Mutable<ShellCommand>[];
  scope: Scope;
}

/** What a simple command consists of while it is being read. */
export interface CommandDraft {
  readonly assignments: ShellAssignment[];
  readonly words: ShellWord[];
  readonly redirects: ShellRedirect[];
}

const MAX_OPEN = 200;
const MAX_CONTEXT = 64;

export function newList(cursor: Cursor): List {
  const scope = newScope('list', undefined, cursor.context, 0);
  return { cursor, commands: [], scope };
}

/** What a command that starts now stands in, outermost first. */
export function contextNow(scope: Scope): readonly ShellContext[] {
  return scope.negated ? inside(scope.context, 'negated') : scope.context;
}

/** Begins a compound command. One that is nested too deeply is read as part of the one around it. */
export function open(list: List, kind: ScopeKind, label: ShellContext, inCondition: boolean): void {
  const outer = list.scope;
  if (outer.depth < MAX_OPEN) {
    const around = outer.awaitsBody ? inside(contextNow(outer), 'function') : contextNow(outer);
    const context = outer.awaitsBody && label === 'group' ? around : inside(around, label);
    list.scope = newScope(kind, outer, context, list.commands.length);
    list.scope.inCondition = inCondition;
  }
  outer.awaitsBody = false;
}

/** Goes to the part of an `if` or loop that follows a keyword such as `then`; without one around it, starts afresh. */
export function continueWith(list: List, kind: ScopeKind, inCondition: boolean): void {
  const scope = nearest(list.scope, kind);
  if (scope) {
    list.scope = scope;
    scope.inCondition = inCondition;
  }
  begin(list, 'keyword');
}

/** Ends the nearest compound command of the kind and those left open in it; false if there is none. */
export function close(list: List, kind: ScopeKind): boolean {
  const scope = nearest(list.scope, kind);
  if (scope?.parent) list.scope = scope.parent;
  list.scope.done = true;
  return scope !== undefined;
}

/** Makes the list expect the first command of a part. */
export function begin(list: List, before: ShellBefore): void {
  const { scope } = list;
  scope.before = before;
  scope.done = scope.afterPipe = scope.negated = scope.awaitsBody = false;
  scope.pipelineStart = scope.elementStart = list.commands.length;
}

/** Ends a command at an operator or a line end, and tells the commands before it what that means for them. */
export function separate(list: List, operator: Exclude<ShellBefore, 'start' | 'keyword'>): void {
  const { scope, commands } = list;
  const pipes = operator === '|' || operator === '|&';
  if (pipes) for (const command of commands.slice(scope.elementStart)) command.pipedInto = true;
  if (operator === '&&' || operator === '||') {
    for (const command of commands.slice(scope.pipelineStart)) command.tested = true;
  }
  scope.before = operator;
  scope.done = scope.awaitsBody = false;
  scope.elementStart = commands.length;
  scope.afterPipe = pipes;
  if (pipes) return;
  scope.pipelineStart = commands.length;
  scope.negated = false;
}

/** Adds a command that has just been read to its list and to the script. */
export function addCommand(list: List, start: number, end: number, draft: CommandDraft): void {
  const { scope } = list;
  const command: Mutable<ShellCommand> = {
    start,
    end,
    ...draft,
    before: scope.before,
    pipedFrom: scope.pipedFrom || scope.afterPipe,
    pipedInto: false,
    tested: scope.tested || scope.inCondition || scope.negated,
    context: contextNow(scope),
  };
  list.commands.push(command);
  list.cursor.commands.push(command);
  scope.done = true;
  scope.awaitsBody = false;
}

/** The open compound command of the kind that is nearest to `scope`, itself included. */
export function nearest(scope: Scope, kind: ScopeKind): Scope | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) if (at.kind === kind) return at;
  return undefined;
}

function newScope(
  kind: ScopeKind,
  parent: Scope | undefined,
  context: readonly ShellContext[],
  index: number,
): Scope {
  return {
    kind,
    parent,
    depth: parent ? parent.depth + 1 : 0,
    context,
    pipedFrom: parent !== undefined && (parent.pipedFrom || parent.afterPipe),
    tested: parent !== undefined && (parent.tested || parent.inCondition || parent.negated),
    inCondition: false,
    before: kind === 'list' || kind === 'paren' ? 'start' : 'keyword',
    afterPipe: false,
    negated: false,
    awaitsBody: false,
    done: false,
    pipelineStart: index,
    elementStart: index,
  };
}

function inside(context: readonly ShellContext[], label: ShellContext): readonly ShellContext[] {
  return context.length < MAX_CONTEXT ? [...context, label] : context;
}
