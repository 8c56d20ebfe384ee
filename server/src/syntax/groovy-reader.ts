/** What the readers of Groovy share: calls and values, and a place among the tokens. */
import type { GroovyString, GroovyToken } from './groovy-tokens.js';
import type { Span } from './tree.js';

/** A value as far as it is literal; `made`: what `name(…)` gives. */
export type GroovyValue =
  | GroovyString
  | ({ readonly kind: 'list'; readonly items: readonly GroovyArgument[] } & Span)
  | ({ readonly kind: 'word'; readonly text: string } & Span)
  | ({ readonly kind: 'made'; readonly by: string; readonly args: readonly GroovyArgument[] } & Span)
  | ({ readonly kind: 'closure'; readonly calls: readonly GroovyCall[] } & Span)
  | ({ readonly kind: 'other' } & Span);

/** `value`, or `name: value`. */
export interface GroovyArgument {
  readonly name: string | undefined;
  readonly value: GroovyValue;
}

/** `name args { … }`, `a.b(args)`, `name = value`, or `if (…) …`. An element that is set is called `name[]`. */
export interface GroovyCall extends Span {
  /** With the dots: `docker.image`. */
  readonly name: string;
  readonly nameSpan: Span;
  /**
   * `assign`: its one argument is what it is set to. `define`: a method, whose body is run by others. `branch`: what
   * stands behind `if`, `for` and the like, or in braces of its own.
   */
  readonly kind: 'call' | 'assign' | 'define' | 'branch';
  readonly args: readonly GroovyArgument[];
  /** What the call is made on: `docker.image('x')` of `.inside { }`. */
  readonly on: GroovyCall | undefined;
  /** The closure behind it. */
  readonly body: readonly GroovyCall[] | undefined;
  readonly bodySpan: Span | undefined;
}

export interface GroovyScript {
  readonly calls: readonly GroovyCall[];
  readonly problems: readonly Span[];
}

/** A place among the tokens. */
export interface Reader {
  readonly tokens: readonly GroovyToken[];
  at: number;
  readonly problems: Span[];
  /** For the place of each `(` and `[` that of the mark which closes it. */
  readonly closing: ReadonlyMap<number, number>;
  /** Reads a closure that starts here. */
  readonly braces: (depth: number) => Braces | undefined;
}

export function is(token: GroovyToken | undefined, text: string): boolean {
  return token?.kind === 'mark' && token.text === text;
}

export function isName(token: GroovyToken | undefined): token is GroovyToken & { kind: 'word' } {
  return token?.kind === 'word' && !/^\d/.test(token.text);
}

export interface Braces extends Span {
  readonly calls: readonly GroovyCall[];
}

export function wordAt({ tokens }: Reader, at: number): string | undefined {
  const token = tokens[at];
  return token?.kind === 'word' ? token.text : undefined;
}

/** Deeper nesting is no script that people write. */
export const MAX_DEPTH = 120;

/** Words whose statement may run once, never, or often. */
export const BRANCHES = /^(?:if|else|for|while|switch|try|catch|finally|do)$/;

/** Words of the language that look like the name of a call. */
export const NO_CALLS =
  /^(?:import|package|class|interface|enum|new|if|else|for|while|switch|case|try|catch|finally|do|return|throw|assert|in|instanceof|default|as)$/;
