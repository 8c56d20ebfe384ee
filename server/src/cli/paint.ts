/** Colours for a terminal; plain text elsewhere. */
import type { CliIo } from './io.js';

export type Style = 'error' | 'warning' | 'info' | 'good' | 'bold' | 'frame' | 'dim';

export type Paint = (style: Style, text: string) => string;

const CODES: Readonly<Record<Style, string>> = {
  error: '1;31',
  warning: '1;33',
  info: '1;36',
  good: '1;32',
  bold: '1',
  frame: '1;34',
  dim: '2',
};

export const plain: Paint = (_style, text) => text;

/** Colours only on a terminal, and not where NO_COLOR is set (https://no-color.org) or the terminal is dumb. */
export function createPaint(io: CliIo): Paint {
  const colours = io.isTTY && !io.env.NO_COLOR && io.env.TERM !== 'dumb';
  return colours ? (style, text) => `\u001b[${CODES[style]}m${text}\u001b[0m` : plain;
}
