/** Puts texts of others into Markdown so that they stay what they are. */

/** Words that are no Markdown: `DOCKER_*` and `ci/*.yml` keep their stars. */
export function escaped(text: string): string {
  return text.replace(/([\\*_[\]])/g, '\\$1');
}

/** The same for one line outside of lists and hovers, where tags, code and tables count, too. */
export function inLine(text: string): string {
  return escaped(text.replace(/\s+/g, ' ')).replace(/[<>&|`#~$!]/g, '\\$&');
}

/** A name as code, whatever stands in it. `|` would end the cell of a table, and code knows no escape but that one. */
export function code(text: string, longest = 80): string {
  const line = text.replace(/\s+/g, ' ');
  const shown = line.length > longest ? `${line.slice(0, longest / 2)}…${line.slice(-longest / 2)}` : line;
  const fence = '`'.repeat(Math.max(0, ...Array.from(shown.matchAll(/`+/g), ([ticks]) => ticks.length)) + 1);
  const pad = /^`|`$/.test(shown) ? ' ' : '';
  return `${fence}${pad}${shown.replaceAll('|', '\\|').replace(/\p{Cs}/gu, '')}${pad}${fence}`;
}

/** Markdown takes `<word>` for a tag and hides it; in code it stays what it is. */
export function withoutTags(markdown: string): string {
  return markdown
    .split('`')
    .map((part, i) => (i % 2 === 0 ? part.replaceAll('<', '\\<') : part))
    .join('`');
}
