/** What a POSIX or bash script is read into: its simple commands, in one flat list, every word with its span. */

/**
 * A script's commands in source order, also those inside substitutions, subshells, function bodies and the
 * branches of `if`, loops and `case`. `complete` is false when a quote, an expansion or a here-document was
 * still open at the end of the text, so that its last command may be longer than the author meant.
 */
export interface ShellScript {
  readonly commands: readonly ShellCommand[];
  readonly complete: boolean;
}

/** What a command stands inside of. The body of a function is `function`, without a further `group`. */
export type ShellContext =
  | 'if'
  | 'loop'
  | 'case'
  | 'function'
  | 'subshell'
  | 'substitution'
  | 'group'
  | 'negated';

/** What stands before a command. A keyword, or an operator, at the end of a line counts, not the line's end. */
export type ShellBefore = 'start' | '|' | '|&' | '&&' | '||' | ';' | '&' | 'newline' | 'keyword';

/** One simple command. All offsets are UTF-16 offsets into the text given to `readShell`. */
export interface ShellCommand {
  /** Start of the first assignment, word or redirection. */
  readonly start: number;
  /** End of the last assignment, word or redirection; bodies of here-documents are not counted. */
  readonly end: number;
  /** `NAME=value` in front of the command's name, or on their own. */
  readonly assignments: readonly ShellAssignment[];
  /** The command's name and its arguments. Empty for a line of assignments or redirections alone. */
  readonly words: readonly ShellWord[];
  readonly redirects: readonly ShellRedirect[];
  readonly before: ShellBefore;
  /** Standard input comes from a pipe, directly or through a compound command around it. */
  readonly pipedFrom: boolean;
  /** Standard output goes into a pipe, directly or through a compound command around it. */
  readonly pipedInto: boolean;
  /**
   * Its failure alone does not stop a script under `set -e`: it stands in a condition, after `!`, or before
   * `&&` or `||`, itself or with the compound command around it.
   */
  readonly tested: boolean;
  /** Outermost first. */
  readonly context: readonly ShellContext[];
}

export interface ShellAssignment {
  readonly start: number;
  readonly end: number;
  readonly name: string;
  /** True for `NAME+=value`. */
  readonly append: boolean;
  /** An empty word where nothing follows the `=`; `( … )` of an array is one word of kind `other`. */
  readonly value: ShellWord;
}

export interface ShellRedirect {
  readonly start: number;
  readonly end: number;
  /** `<`, `>`, `>>`, `>|`, `<>`, `<&`, `>&`, `&>`, `&>>`, `<<`, `<<-` or `<<<`. */
  readonly operator: string;
  /** The number or `{name}` written in front of the operator. */
  readonly fd?: string;
  /** The file, descriptor, string or delimiter; missing where none is written. */
  readonly target?: ShellWord;
  /** Present on a here-document whose body was found. */
  readonly body?: HereDocumentBody;
}

/** The lines of a here-document without the delimiter's line. `expands` is false when the delimiter is quoted. */
export interface HereDocumentBody {
  readonly start: number;
  readonly end: number;
  readonly expands: boolean;
}

export interface ShellWord {
  /** The span as written, quotes included. */
  readonly start: number;
  readonly end: number;
  /** Quotes and escapes undone; each expansion (`$x`, `$(…)`, `${{ … }}`) kept as written. */
  readonly text: string;
  /** True when nothing in it is expanded: no `$`, substitution, unquoted pattern, brace list or leading `~`. */
  readonly literal: boolean;
  readonly parts: readonly ShellPart[];
  readonly quoted: 'none' | 'single' | 'double' | 'mixed';
}

interface PartBase {
  /** The piece's span without the quotes around it. */
  readonly start: number;
  readonly end: number;
  /** The quotes that it stands in; `$'…'` is `single`, `$"…"` is `double`. */
  readonly quote: 'none' | 'single' | 'double';
}

/** Text that stands for itself once escapes are undone. Empty only for an empty pair of quotes. */
export interface TextPart extends PartBase {
  readonly kind: 'text';
  readonly text: string;
}

/** `$NAME` or `${NAME…}`; `word` is what follows the operator, as written. */
export interface VariablePart extends PartBase {
  readonly kind: 'variable';
  readonly name: string;
  readonly operator?: string;
  readonly word?: string;
}

/** `$(…)`, backticks, or `<(…)`; its commands are in the script's flat list too. */
export interface CommandPart extends PartBase {
  readonly kind: 'command';
  readonly commands: readonly ShellCommand[];
}

/** Arithmetic, an array, a length or an indirect variable, or an expression of the CI server (`${{ … }}`, `$[[ … ]]`). */
export interface OtherPart extends PartBase {
  readonly kind: 'other';
}

export type ShellPart = TextPart | VariablePart | CommandPart | OtherPart;
