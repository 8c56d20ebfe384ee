/** Hover: what the core has to say about the place under the pointer. */
import { type Hover, MarkupKind, type Position } from 'vscode-languageserver';
import type { Range, Showing } from '../analysis/index.js';
import type { Root } from './root.js';
import { toRange } from './to-lsp.js';
import type { Located } from './workspace.js';

/** The hover at a position of an open document; `null`, as the protocol wants, where there is nothing to say. */
export function hoverAt({ root, path }: Located, position: Position): Hover | null {
  if (!root.enabled) return null;
  const project = root.current();
  const document = root.document(path);
  if (!document || project.dialectOf(path) === undefined) return null;
  const { markdown: showsMarkdown } = root.client;
  const { theme, ...links } = showingOf(root);
  const showing = showsMarkdown ? { ...links, theme } : links;
  const hover = project.hover(path, document.offsetAt(position), showing);
  if (!hover) return null;
  const { markdown } = hover;
  const contents = root.client.markdown
    ? { kind: MarkupKind.Markdown, value: markdown }
    : { kind: MarkupKind.PlainText, value: plainText(markdown) };
  return { contents, range: toRange(hover, root) };
}

/** Where texts of the core can lead to, and the theme of the editor. */
export function showingOf(root: Root): Showing {
  const { strategyPageBase, theme } = root.client;
  return {
    link: (range, label) => linkTo(range, root, label),
    page: strategyPageBase === undefined ? undefined : id => `${strategyPageBase}${id}`,
    theme,
  };
}

/**
 * The editor opens a file at the line that the fragment of its URI names, from 1; VS Code also at a character in it.
 * @param toValue leads to the very place, where the editor has the fix at hand
 */
export function linkTo(range: Range, root: Root, label?: string, toValue = false): string {
  const { start } = toRange(range, root);
  const line = start.line + 1;
  const name = `${range.path}:${line}`.replace(/([\\`*_[\]<>])/g, '\\$1');
  const character = toValue ? `,${start.character + 1}` : '';
  return `[${label ?? name}](${root.uriOf(range.path)}#L${line}${character})`;
}

/** Markdown without its marks, for clients that show plain text. */
export function plainText(markdown: string): string {
  return markdown
    .replace(/!\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^#+ +/gm, '')
    .replace(/^```.*\n?/gm, '')
    .replace(/\*\*([^*]+)\*\*/g, '$1')
    .replace(/(^|[^\w*])[*_]([^*_\n]+)[*_](?!\w)/g, '$1$2')
    .replace(/`([^`\n]*)`/g, '$1')
    .replace(/\\([\\`*_{}[\]()#+\-.!<>|])/g, '$1')
    .trim();
}
