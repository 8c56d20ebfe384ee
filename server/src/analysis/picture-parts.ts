/** The parts that pictures are made of: colours of themes, boxes, lines, badges. */
import type { Theme } from './api.js';
import { escapedXml, type Face, fitted } from './picture-text.js';

/** How a part stands: plain, all right, broken, not known, or nothing that matters here. */
export type Tone = 'plain' | 'good' | 'bad' | 'open' | 'faint';

interface Colours extends Readonly<Record<Tone, string>> {
  readonly text: string;
  readonly dim: string;
  readonly box: string;
  /** Of the glyph on a badge. */
  readonly glyph: string;
}

const COLOURS: Readonly<Record<Theme, Colours>> = {
  light: {
    text: '#1f2328',
    dim: '#59636e',
    box: '#8080801a',
    plain: '#6e7781',
    faint: '#afb8c1',
    good: '#1a7f37',
    bad: '#cf222e',
    open: '#9a6700',
    glyph: '#ffffff',
  },
  dark: {
    text: '#e6e6e6',
    dim: '#a0a0a0',
    box: '#80808026',
    plain: '#8b949e',
    faint: '#5a6069',
    good: '#3fb950',
    bad: '#f85149',
    open: '#d9a22b',
    glyph: '#181818',
  },
  'high-contrast': {
    text: '#ffffff',
    dim: '#ffffff',
    box: '#00000000',
    plain: '#ffffff',
    faint: '#b0b0b0',
    good: '#7ee787',
    bad: '#ff8078',
    open: '#ffd33d',
    glyph: '#000000',
  },
  'high-contrast-light': {
    text: '#000000',
    dim: '#292929',
    box: '#ffffff00',
    plain: '#292929',
    faint: '#6b6b6b',
    good: '#055d20',
    bad: '#a0111f',
    open: '#6b4a00',
    glyph: '#ffffff',
  },
};

const SANS = "system-ui,-apple-system,'Segoe UI',Roboto,Ubuntu,'DejaVu Sans',sans-serif";
const MONO = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace";

/** A picture around its parts, with a title for those who cannot see it. Classes name tones: `t-` fills, `l-` draws lines. */
export function svg({ width, height }: Size, theme: Theme, title: string, parts: readonly string[]): string {
  const colours = COLOURS[theme];
  const tones = (['plain', 'good', 'bad', 'open', 'faint'] as const).map(
    tone => `.t-${tone}{fill:${colours[tone]}}.l-${tone}{stroke:${colours[tone]}}`,
  );
  const style = [
    `text{font:11px ${SANS};fill:${colours.text}}`,
    `.bold{font-weight:600;font-size:13px}.mono{font-family:${MONO}}.mid{text-anchor:middle}`,
    `.dim{fill:${colours.dim}}.box{fill:${colours.box}}.line{fill:none;stroke-width:1.5}.dash{stroke-dasharray:4 3}`,
    `.glyph{fill:none;stroke:${colours.glyph};stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}`,
    ...tones,
  ].join('');
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  const head = `<title>${escapedXml(fitted(title, 1_200, 11))}</title><style>${style}</style>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${head}${parts.join('')}</svg>`;
}

type Size = Pick<Area, 'width' | 'height'>;

export interface Words {
  readonly text: string;
  readonly face?: Face;
  readonly tone?: Tone | 'dim';
  readonly anchor?: 'mid';
}

/** A line of text, shortened to at most `width`. */
export function words(
  x: number,
  y: number,
  width: number,
  { text, face = 'sans', tone, anchor }: Words,
): string {
  const colour = tone === undefined ? [] : [tone === 'dim' ? 'dim' : `t-${tone}`];
  const names = [...(face === 'sans' ? [] : [face]), ...(anchor ? [anchor] : []), ...colour].join(' ');
  const shown = escapedXml(fitted(text, width, face === 'bold' ? 13 : 11, face));
  return `<text x="${x}" y="${y}"${names === '' ? '' : ` class="${names}"`}>${shown}</text>`;
}

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function box({ x, y, width, height }: Area, tone: Tone, dashed = false): string {
  const names = `line box l-${tone}${dashed ? ' dash' : ''}`;
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" class="${names}"/>`;
}

/** Around everything that runs in one place; its name stands in its upper edge. */
export function frame({ x, y, width, height }: Area, dashed: boolean): string {
  const names = `line l-faint${dashed ? ' dash' : ''}`;
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="9" class="${names}"/>`;
}

export function line(path: string, tone: Tone, dashed = false): string {
  return `<path d="${path}" class="line l-${tone}${dashed ? ' dash' : ''}"/>`;
}

/** The head of an arrow whose tip is at the point. */
export function tip(x: number, y: number, direction: 'right' | 'up', tone: Tone): string {
  const path = direction === 'right' ? `M${x} ${y}l-8 -4v8z` : `M${x} ${y}l-4 8h8z`;
  return `<path d="${path}" class="t-${tone}"/>`;
}

const GLYPHS: Readonly<Record<'good' | 'bad' | 'open', string>> = {
  good: 'm-3.6 .3l2.5 2.6l4.7-5.4',
  bad: 'm-2.9-2.9l5.8 5.8m0-5.8l-5.8 5.8',
  open: 'm-2-1.9a2.1 2.1 0 1 1 3.1 2c-.8.5-1.1.9-1.1 1.7m0 2.3v.1',
};

/** A round sign that says by its shape, too, how things stand. */
export function badge(x: number, y: number, tone: 'good' | 'bad' | 'open'): string {
  return `<circle cx="${x}" cy="${y}" r="8.5" class="t-${tone}"/><path d="M${x} ${y}${GLYPHS[tone]}" class="glyph"/>`;
}

/** A padlock, shut or open, 9 by 11, by its upper left corner. */
export function lock(x: number, y: number, shut: boolean, tone: Tone): string {
  const shackle = shut ? 'v-2a2.5 2.5 0 0 1 5 0v2' : 'v-2a2.5 2.5 0 0 1 5-.6';
  return (
    `<path d="M${x + 2} ${y + 5}${shackle}" class="line l-${tone}"/>` +
    `<rect x="${x}" y="${y + 5}" width="9" height="6" rx="1.2" class="t-${tone}"/>`
  );
}
