/** Text in which parts are not known: variables that no file in view defines. */

/** Stands for one unknown part inside `Text.text`. No file of ours may hold this character as itself. */
export const HOLE = '\uFFFC';

/** A value after variables were put in: each unknown part is one `HOLE`, named in `holes` in order. */
export interface Text {
  readonly text: string;
  readonly holes: readonly string[];
}

export function literal(text: string): Text {
  return { text, holes: [] };
}

export function isLiteral(text: Text): boolean {
  return text.holes.length === 0;
}

/** The text for people: each unknown part is shown as the variable it would come from. */
export function show(text: Text): string {
  let next = 0;
  return text.text.replaceAll(HOLE, () => {
    const name = text.holes[next] ?? '?';
    next += 1;
    return /^\w+$/.test(name) ? `$${name}` : name;
  });
}

const REFERENCE =
  /\$\{\{(.*?)\}\}|\$(?:\$|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\}|\[\[([^\]]*)\]\])|%([A-Za-z_]\w*)%/g;
const MAX_DEPTH = 10;

/**
 * Puts variables into `raw` as GitLab Runner does: `$NAME`, `${NAME}`, `%NAME%`; `$$` stands for `$`.
 * `lookup` answers with the raw value of a variable, `''` for one that is not set, or `undefined` where that
 * cannot be told. `$[[ inputs.x ]]` is always a hole; of `${{ name }}` it is asked for `name`. Values refer to further variables, ten levels deep.
 */
export function expand(raw: string, lookup: (name: string) => string | undefined, depth = 0): Text {
  if (!raw.includes('$') && !raw.includes('%')) return literal(raw);
  const holes: string[] = [];
  const text = raw.replace(
    REFERENCE,
    (all: string, expression?: string, bare?: string, braced?: string, input?: string, percent?: string) => {
      if (all === '$$') return '$';
      const name = expression?.trim() ?? bare ?? braced ?? percent;
      const value = name === undefined || depth >= MAX_DEPTH ? undefined : lookup(name);
      if (expression !== undefined && value !== undefined) return value;
      if (value === undefined) {
        holes.push(expression !== undefined ? all : (name ?? `$[[${input ?? ''}]]`));
        return HOLE;
      }
      const inner = expand(value, lookup, depth + 1);
      holes.push(...inner.holes);
      return inner.text;
    },
  );
  return { text, holes };
}
