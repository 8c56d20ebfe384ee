/** The host names under which the containers find each other that one script starts. */
import { settled } from '../../model/known.js';
import type { RunArguments } from '../machine.js';

/** Networks that docker makes itself, where no names are given. Source: docs.docker.com, Bridge network driver. */
const NAMELESS = /^(?:bridge|default|host|none|container:.*)$/;

/** One that no variable is part of. */
const NAME = /^[\w.-]+$/;

/**
 * The names by which `from` finds `to`. Only what is written out counts: `docker network connect` and what runs
 * already may give further ones.
 */
export function namesBetween(from: RunArguments, to: RunArguments): readonly string[] {
  const name = settled(to.called);
  const own = [...(name === undefined ? [] : [name]), ...to.aliases];
  const linked = from.links.flatMap(link => {
    const [other, alias = other] = link.split(':');
    return alias !== undefined && other === name ? [alias] : [];
  });
  const together = from.networks.some(one => !NAMELESS.test(one) && to.networks.includes(one));
  const inside = from.networks.includes(`container:${name}`) ? ['localhost', '127.0.0.1'] : [];
  return [...new Set([...linked, ...(together ? own : []), ...inside])].filter(one => NAME.test(one));
}

/** Those whose name no other one has: of several, the branch of a script that is taken starts one. */
export function toldApart<T extends { readonly run: RunArguments }>(runs: readonly T[]): readonly T[] {
  const count = (name: string | undefined): number =>
    runs.filter(({ run }) => settled(run.called) === name).length;
  return runs.filter(({ run }) => {
    const name = settled(run.called);
    return name !== undefined && count(name) === 1;
  });
}
