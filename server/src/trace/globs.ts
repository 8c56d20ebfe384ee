/** Matches the image patterns of a runner's allow-lists. */

import type { Runner } from '../model/build-site.js';
import type { Place } from '../model/known.js';

/** A list of patterns in a runner's configuration. */
export interface AllowList {
  readonly place: Place;
  /** Whether an image is let in; `undefined` when that cannot be told. */
  allows(image: string): boolean | undefined;
}

/** The list under `path`; `undefined` where there is none, or an empty one, which lets everything in. */
export function allowList(runner: Runner, path: string): AllowList | undefined {
  const setting = runner.setting(path);
  if (!setting) return undefined;
  const { value, place } = setting;
  if (value.kind !== 'array') return { place, allows: () => undefined };
  if (value.items.length === 0) return undefined;
  const patterns = value.items.map(({ value: item }) =>
    item.kind === 'string' && !item.templated ? patternOf(item.text) : undefined,
  );
  return {
    place,
    allows(image) {
      if (patterns.some(pattern => pattern?.test(image))) return true;
      return patterns.includes(undefined) ? undefined : false;
    },
  };
}

const SPECIAL = /^(?:\*\*\/|\/\*\*$|[*]{1,}|[?{},]|\[!?\^?\]?[^\]]*\]|\\.)/;

/**
 * A pattern of bmatcuk/doublestar, by which gitlab-runner compares whole image names (common/allowed_images.go):
 * `*` and `?` stop at a slash, `**` as a whole path segment does not, `{a,b}` and `[a-z]` as usual. `undefined` for
 * one that is not well formed.
 */
export function patternOf(pattern: string): RegExp | undefined {
  let source = '';
  let depth = 0;
  let rest = pattern;
  while (rest !== '') {
    const special = SPECIAL.exec(rest)?.[0];
    const atSegment = source === '' || rest.length === pattern.length || pattern.at(-rest.length - 1) === '/';
    if (special === undefined) source += escaped(rest.charAt(0));
    else if (special === '**/' && atSegment) source += '(?:.*/)?';
    else if (special === '/**') source += '(?:/.*)?';
    else if (special === '**' && atSegment && rest === '**') source += '.*';
    else if (special.startsWith('*')) source += special.endsWith('/') ? '[^/]*/' : '[^/]*';
    else if (special === '?') source += '[^/]';
    else if (special.startsWith('[')) source += `(?!/)${special.replace(/^\[!/, '[^')}`;
    else if (special.startsWith('\\')) source += escaped(special.slice(1));
    else if (special === ',') source += depth > 0 ? '|' : ',';
    else {
      depth += special === '{' ? 1 : -1;
      source += special === '{' ? '(?:' : ')';
    }
    if (depth < 0) return undefined;
    rest = rest.slice(special?.length ?? 1);
  }
  return depth === 0 ? compiled(source) : undefined;
}

function compiled(source: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${source})$`, 's');
  } catch {
    return undefined;
  }
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
