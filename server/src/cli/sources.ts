/** Turns places in the core's terms into those of reports: paths from the current folder, lines and characters. */
import type { Range } from '../analysis/index.js';
import { createLineIndex, type LineIndex, type Position } from '../syntax/line-index.js';
import type { LoadedProject } from './project-files.js';

/** As in LSP: lines and UTF-16 characters from 0, half-open. */
export interface LineRange {
  readonly start: Position;
  readonly end: Position;
}

export interface Located {
  readonly path: string;
  readonly range: LineRange;
}

/** The texts of a project as they are now; to be made anew once they change. */
export interface Sources {
  shown(path: string): string;
  locate(range: Range): Located;
  /** The line as text, without its end. */
  line(path: string, line: number): string;
}

export function sourcesOf({ project, shown }: LoadedProject): Sources {
  const indexes = new Map<string, LineIndex>();
  const text = (path: string) => project.text(path) ?? '';
  const indexOf = (path: string) => {
    const index = indexes.get(path) ?? createLineIndex(text(path));
    indexes.set(path, index);
    return index;
  };
  return {
    shown,
    locate({ path, start, end }) {
      const index = indexOf(path);
      return { path: shown(path), range: { start: index.position(start), end: index.position(end) } };
    },
    line(path, line) {
      const { start, end } = indexOf(path).line(line);
      return text(path).slice(start, end);
    },
  };
}

/** `path:line:column` as terminals and editors link it, from 1. */
export function link({ path, range }: Located): string {
  return `${path}:${range.start.line + 1}:${range.start.character + 1}`;
}
