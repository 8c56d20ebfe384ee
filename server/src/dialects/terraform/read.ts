/** Reads the heredocs of a Terraform file that configure runners; loaded when the first such file comes up. */
import { type Block, newBlock, type ParsedBlock, type ScalarNode, type Tree } from '../../syntax/tree.js';
import type { Embedded } from '../dialect.js';

const RUNNERS = /^[ \t]*\[\[[ \t]*runners[ \t]*\]\]/m;

/**
 * A tree with a block for each heredoc that holds a table of runners, and the text of the heredoc as its root; the
 * rest of the file is left out. A heredoc that stayed the same keeps its block.
 */
export function readHeredocs(text: string, previous?: Tree): Tree {
  const before = previous?.documents.flatMap(({ blocks }) => blocks) ?? [];
  const starts = new Map<Block, number>();
  const blocks: ParsedBlock[] = [];
  for (const { start, end } of heredocsIn(text)) {
    const source = text.slice(start, end);
    if (!RUNNERS.test(source)) continue;
    const same = before.find(({ block }) => block.text === source && !starts.has(block));
    const parsed = same ?? parse(newBlock(source));
    starts.set(parsed.block, start);
    blocks.push(parsed);
  }
  return {
    text,
    documents: [{ blocks, entries: [] }],
    problems: [],
    isTainted: () => false,
    startOf: block => starts.get(block),
    resolve: node => node,
  };
}

/** Comments and strings, in which nothing opens a heredoc, and what does: `<<EOT` or `<<-EOT` at the end of a line. */
const TOKEN = /(?:#|\/\/).*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|<<-?([A-Za-z_][\w-]*)[ \t]*\r?\n/g;

/** The heredocs of a file, from the marks that open them to the end of those that close them. */
function heredocsIn(text: string): readonly { readonly start: number; readonly end: number }[] {
  const found: { start: number; end: number }[] = [];
  const token = new RegExp(TOKEN);
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [whole, name] = match;
    if (name === undefined) continue;
    const body = match.index + whole.length;
    const close = new RegExp(`^[ \\t]*${name}[ \\t]*\\r?$`, 'gm');
    close.lastIndex = body;
    const last = close.exec(text);
    if (!last) return found;
    token.lastIndex = last.index + last[0].length;
    found.push({ start: match.index, end: token.lastIndex });
  }
  return found;
}

function parse(block: Block): ParsedBlock {
  const { text } = block;
  const lines = text.split('\n').map(line => line.replace(/\r$/, ''));
  const body = lines.slice(1, -1);
  const indent = text.startsWith('<<-') ? indentOf(body) : 0;
  const stripped = body.map(line => line.slice(Math.min(indent, leading(line))));
  const root: ScalarNode = {
    kind: 'scalar',
    block,
    start: 0,
    end: text.length,
    text: stripped.map(line => `${line}\n`).join(''),
    style: 'literal',
  };
  return { block, root, problems: [], anchors: new Map() };
}

/** What all lines that hold something have in common. */
function indentOf(lines: readonly string[]): number {
  return Math.min(...lines.filter(line => line.trim() !== '').map(leading));
}

function leading(line: string): number {
  return line.length - line.replace(/^[ \t]+/, '').length;
}

/** The first line with content is a key of YAML: values of the chart. */
const YAML_FIRST = /^(?:\s*(?:#[^\n]*)?\n)*[ \t]*(?:---\s*\n)?[\w.-]+:(?:\s|$)/;
/** The first line with content is one of TOML, or of a template for it. */
const TOML_FIRST = /^(?:[ \t]*(?:#(?!!)[^\n]*)?\n)*[ \t]*(?:\[|[\w."-]+[ \t]*=|[$%]\{)/;

/** TOML and values of the chart; scripts that write a file of their own are neither. */
export function embeddedTexts(tree: Tree): readonly Embedded[] {
  return tree.documents
    .flatMap(({ blocks }) => blocks)
    .flatMap(({ root }) => {
      if (root?.kind !== 'scalar') return [];
      const dialect = dialectIn(root.text);
      return dialect ? [{ dialect, node: root, host: { dialect: 'gitlab-runner', filledIn: true } }] : [];
    });
}

function dialectIn(text: string): Embedded['dialect'] | undefined {
  const above = text.slice(0, text.search(RUNNERS));
  if (YAML_FIRST.test(above)) return 'helm-values';
  return TOML_FIRST.test(text) && !above.includes('<<') ? 'gitlab-runner' : undefined;
}
