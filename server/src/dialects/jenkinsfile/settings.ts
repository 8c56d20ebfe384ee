/** The variables that a pipeline sets: in blocks of their own, and for the whole run. */
import type { GroovyArgument, GroovyCall, GroovyString } from '../../syntax/groovy.js';
import type { Span } from '../../syntax/tree.js';
import { asString } from './strings.js';

/** A variable as a step sees it; `value` is missing where it is no literal. */
export interface Setting {
  readonly name: string;
  readonly value: GroovyString | undefined;
  /** Name and value. */
  readonly span: Span;
  /** Set by `env.NAME = …`, which counts for the whole run, and less than blocks of variables do. */
  readonly global?: true;
}

/** Variables that code sets for the whole run: nobody can tell when, but behind the one line that does so. */
export function globalsIn(call: GroovyCall): readonly Setting[] {
  const name = globalName(call);
  const own = name === undefined ? [] : [globalOf(call, name, undefined)];
  return [...own, ...callsIn(call).flatMap(globalsIn)];
}

/** The variable that `env.NAME = …` sets. */
export function globalName({ kind, name }: GroovyCall): string | undefined {
  return kind === 'assign' ? /^env\.(\w+)$/.exec(name)?.[1] : undefined;
}

export function globalOf({ start, end }: GroovyCall, name: string, value: GroovyString | undefined): Setting {
  return { name, value, span: { start, end }, global: true };
}

/** The calls within one: in its closures, and what it is made on. */
export function callsIn({ on, body, args }: GroovyCall): readonly GroovyCall[] {
  return [...(on ? [on] : []), ...(body ?? []), ...closuresIn(args)];
}

/** What the closures among arguments run, also those in lists and maps. */
export function closuresIn(args: readonly GroovyArgument[]): readonly GroovyCall[] {
  return args.flatMap(({ value }) => {
    if (value.kind === 'closure') return value.calls;
    return value.kind === 'list' ? closuresIn(value.items) : [];
  });
}

/** `NAME = value` of an environment block. */
export function assigned(calls: readonly GroovyCall[]): readonly Setting[] {
  return calls
    .filter(({ kind, name }) => kind === 'assign' && /^\w+$/.test(name))
    .map(({ name, args, start, end }) => ({ name, value: asString(args[0]?.value), span: { start, end } }));
}

/** What `withCredentials([…])` puts into variables, which nobody sees; `*` where that is not written here. */
export function bound(arg: GroovyArgument | undefined): readonly Setting[] {
  const items = arg?.value.kind === 'list' ? arg.value.items : arg ? [arg] : [];
  return items.flatMap(({ value }) => {
    const args = value.kind === 'made' ? value.args : value.kind === 'list' ? value.items : undefined;
    const names = (args ?? []).filter(({ name }) => /variable$/i.test(name ?? ''));
    if (!args) return [{ name: '*', value: undefined, span: value }];
    return names.map(one => ({ name: asString(one.value)?.text ?? '*', value: undefined, span: one.value }));
  });
}

/** `['NAME=value', …]` of withEnv; a name that cannot be read may be any, and is `*`. */
export function listed(arg: GroovyArgument | undefined): readonly Setting[] {
  if (arg?.value.kind !== 'list')
    return [{ name: '*', value: undefined, span: arg?.value ?? { start: 0, end: 0 } }];
  return arg.value.items.map(({ value }) => {
    const string = asString(value);
    const [name] = /^[^=\\]*(?==)/.exec(string?.text ?? '') ?? [];
    const at = name?.length ?? 0;
    if (!string || name === undefined || string.holes.some(({ start }) => start < at))
      return { name: '*', value: undefined, span: value };
    // Escapes would shift what stands behind them.
    if (!string.plain) return { name, value: undefined, span: string };
    const inner = { start: string.inner.start + at + 1, end: string.inner.end };
    const holes = string.holes.map(({ start, end }) => ({ start: start - at - 1, end: end - at - 1 }));
    const own = { ...string, inner, text: string.text.slice(at + 1), holes };
    return { name, value: own, span: string };
  });
}
