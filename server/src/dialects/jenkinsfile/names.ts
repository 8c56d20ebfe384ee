/** Puts in the literals that names of a script stand for: a pod, an image or a script that is set once, at the top. */
import type { GroovyArgument, GroovyCall, GroovyString } from '../../syntax/groovy.js';
import { callsIn } from './settings.js';
import { asString } from './strings.js';

type Literals = ReadonlyMap<string, GroovyString>;

/** The same calls, with strings in the place of names that can be nothing else. */
export function withLiterals(calls: readonly GroovyCall[]): readonly GroovyCall[] {
  const counts = new Map<string, number>();
  for (const { name } of assignmentsIn(calls)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const literals = new Map<string, GroovyString>();
  for (const { kind, name, args } of calls) {
    const value = asString(args[0]?.value);
    // What a branch sets, or what is set again, may be one thing or the other.
    if (kind === 'assign' && value && counts.get(name) === 1 && /^\w+$/.test(name)) literals.set(name, value);
  }
  return literals.size > 0 ? calls.map(call => resolved(call, literals)) : calls;
}

function assignmentsIn(calls: readonly GroovyCall[]): readonly GroovyCall[] {
  return calls.flatMap(call => [...(call.kind === 'assign' ? [call] : []), ...assignmentsIn(callsIn(call))]);
}

function resolved(call: GroovyCall, literals: Literals): GroovyCall {
  // Variables of a method are its own.
  if (call.kind === 'define') return call;
  return {
    ...call,
    args: call.args.map(arg => withValue(arg, literals)),
    on: call.on && resolved(call.on, literals),
    body: call.body?.map(one => resolved(one, literals)),
  };
}

function withValue({ name, value }: GroovyArgument, literals: Literals): GroovyArgument {
  switch (value.kind) {
    case 'word':
      return { name, value: literals.get(value.text) ?? value };
    case 'list':
      return { name, value: { ...value, items: value.items.map(item => withValue(item, literals)) } };
    case 'closure':
      return { name, value: { ...value, calls: value.calls.map(one => resolved(one, literals)) } };
    default:
      return { name, value };
  }
}
