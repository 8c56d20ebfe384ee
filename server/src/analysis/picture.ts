/** Draws a trace as a small picture: site, services, daemon and socket, with ports, TLS, certificates and privilege, in red where it breaks. */
import type { Trace } from '../trace/types.js';
import type { Theme } from './api.js';
import { inLine } from './markdown.js';
import { certificates, link } from './picture-links.js';
import { type Area, badge, box, frame, lock, svg, type Tone, type Words, words } from './picture-parts.js';
import { fitted, listed } from './picture-text.js';
import { lineOf } from './summary.js';
import { type Opening, standingOf, type Topology, topologyOf } from './topology.js';

/** Pixels. A hover is 500 wide with its margins. */
const WIDTH = 476;
/** The frame, and the boxes in it. */
const FRAME = 2;
const EDGE = 14;
const BOX = 154;
/** Below the name of the frame. */
const TOP = 30;
const LINE = 15;

/** SVG of a trace, less than 14 kB; nothing in it is loaded from elsewhere. */
export function pictureOf(trace: Trace, theme: Theme): string {
  return drawTopology(topologyOf(trace, []), theme);
}

export function drawTopology(topology: Topology, theme: Theme): string {
  const site = siteLines(topology);
  const target = targetLines(topology);
  const height = 46 + LINE * Math.max(site.length, target.length, 1);
  const top = isFramed(topology) ? TOP : EDGE / 2;
  const left: Area = { x: EDGE, y: top, width: BOX, height };
  const right: Area = { ...left, x: WIDTH - EDGE - BOX };
  const parts = [
    ...siteBox(topology, left, site),
    ...(topology.dial ? link(topology, left, right) : []),
    ...targetBox(topology, right, target),
  ];
  let bottom = top + height;
  if (topology.certificates) {
    parts.push(...certificates(topology, topology.certificates, left, right));
    bottom += 34;
  }
  if (topology.beside.length > 0) {
    parts.push(beside(topology, bottom + 19));
    bottom += 24;
  }
  bottom += EDGE - 2;
  const width = isInside(topology) ? WIDTH - 2 * FRAME : BOX + EDGE + 2;
  const around: Area = { x: FRAME, y: 6, width, height: bottom - 6 };
  const title = `${topology.words.site} ${topology.name}: ${lineOf(topology)}`;
  const size = { width: WIDTH, height: bottom + 4 };
  return svg(size, theme, title, [...surroundings(topology, around), ...parts]);
}

/** A picture as the address of an image, for Markdown: of VS Code's hovers only such images are shown. */
export function pictureUri(picture: string): string {
  const bytes = Array.from(new TextEncoder().encode(picture), byte => String.fromCharCode(byte));
  return `data:image/svg+xml;base64,${btoa(bytes.join(''))}`;
}

/** A picture for Markdown, with `sentences` for those who cannot see it. */
export function pictureMarkdown(topology: Topology, theme: Theme, sentences: string): string {
  return `![${inLine(sentences)}](${pictureUri(drawTopology(topology, theme))})`;
}

interface Detail {
  readonly text: string;
  readonly mono?: true;
  readonly tone?: Tone | 'dim';
  /** A padlock in front. */
  readonly lock?: { readonly shut: boolean; readonly tone: Tone };
}

function detailed(area: Area, y: number, details: readonly Detail[]): readonly string[] {
  return details.flatMap(({ text, mono, tone, lock: padlock }, i) => {
    const at = y + i * LINE;
    const indent = padlock ? 14 : 0;
    const face = mono ? 'mono' : 'sans';
    const shown = words(area.x + 10 + indent, at, area.width - 20 - indent, {
      text,
      face,
      ...(tone ? { tone } : {}),
    });
    return padlock ? [lock(area.x + 10, at - 10, padlock.shut, padlock.tone), shown] : [shown];
  });
}

/** Whether the daemon stands where the site does. */
function isInside({ daemon, dial }: Topology): boolean {
  return dial !== undefined && daemon.kind !== 'remote';
}

/** Of a machine that is one of many, and is not known, a builder that does not mind says nothing. */
function isFramed({ runner, dial, words: { paired } }: Topology): boolean {
  return runner !== undefined || dial !== undefined || !paired;
}

/** How sure it is that the runner is the one. */
const HOW: Readonly<Partial<Record<string, string>>> = {
  'only-one': ', likely',
  candidate: ', one of several',
};

/** The machine that all this runs on. */
function surroundings(topology: Topology, area: Area): readonly string[] {
  if (!isFramed(topology)) return [];
  const { runner } = topology;
  const { machine, paired, executors } = topology.words;
  const unseen = paired && !runner;
  const any = topology.verdict === 'cannot-tell' ? `${machine} not known` : `any ${machine}`;
  const name = runner ? `${machine} ${runner.name}` : unseen ? any : machine;
  const sure = runner ? (HOW[runner.how] ?? '') : '';
  const wide = area.width > 2 * BOX;
  const isTold = wide && executors && runner?.executor !== undefined;
  const executor = isTold ? ` · ${runner.executor} executor` : '';
  const text = words(area.x + 12, area.y + 16, area.width - 24, {
    text: name + sure + executor,
    tone: 'dim',
  });
  return [frame(area, unseen), text];
}

function siteLines({ image, way, strategy, dial, fault, errors }: Topology): readonly Detail[] {
  return [
    ...(image === undefined ? [] : [{ text: image, mono: true } as const]),
    ...(way === undefined ? [] : [{ text: way, tone: 'dim' } as const]),
    ...(dial || strategy === undefined ? [] : [{ text: `builds with ${strategy}` }]),
    ...(fault?.part === 'site' ? [{ text: 'is not started', tone: 'bad' } as const] : []),
    ...errors.slice(0, 1).map(({ rule }) => ({ text: rule, tone: 'bad' }) as const),
  ];
}

function siteBox(topology: Topology, area: Area, details: readonly Detail[]): readonly string[] {
  const { words: noun, name, scripted, fault } = topology;
  const broken = fault?.part === 'site' || (!fault && standingOf(topology) === 'fails');
  const caption = scripted ? `${noun.site}, by its script` : noun.site;
  return [
    box(area, broken ? 'bad' : 'plain'),
    ...heads(area, caption, { text: name, face: 'bold' }),
    ...detailed(area, area.y + 51, details),
    ...(broken ? [badge(area.x + area.width - 15, area.y + 15, 'bad')] : []),
  ];
}

function heads(area: Area, caption: string, title: Words): readonly string[] {
  const width = area.width - 20;
  return [
    words(area.x + 10, area.y + 17, width - 16, { text: caption, tone: 'dim' }),
    words(area.x + 10, area.y + 34, width, title),
  ];
}

const CAPTIONS: Readonly<Record<Topology['daemon']['kind'], string>> = {
  dind: 'service',
  'dind-rootless': 'rootless service',
  'host-socket': 'on the host',
  'socket-proxy': 'service',
  hosted: 'on the machine',
  remote: 'elsewhere',
  none: 'nobody answers',
  unknown: 'not known',
};

const TITLES: Readonly<Record<Topology['daemon']['kind'], string>> = {
  dind: 'docker daemon',
  'dind-rootless': 'docker daemon',
  'host-socket': "host's daemon",
  'socket-proxy': 'socket proxy',
  hosted: 'its own daemon',
  remote: 'another daemon',
  none: 'no daemon',
  unknown: 'which daemon?',
};

function targetLines({ daemon, dial, fault, runner, verdict }: Topology): readonly Detail[] {
  if (!dial) return [];
  const { kind, privilege, openings } = daemon;
  const mounted = kind === 'host-socket' && runner?.executor !== 'shell';
  return [
    // What docker dials is the socket itself.
    ...(kind === 'host-socket' || kind === 'hosted'
      ? []
      : openings.slice(0, 2).map(one => openingLine(one, verdict))),
    ...(kind === 'socket-proxy' ? [{ text: "to the host's socket" }] : []),
    ...(mounted ? [{ text: 'root on the host', tone: 'open' } as const] : []),
    ...(privilege === undefined ? [] : [PRIVILEGES[privilege]]),
    ...(fault?.part === 'daemon' && privilege !== 'denied'
      ? [{ text: 'does not start', tone: 'bad' } as const]
      : []),
  ];
}

const PRIVILEGES: Readonly<Record<NonNullable<Topology['daemon']['privilege']>, Detail>> = {
  granted: { text: 'privileged' },
  denied: { text: 'not privileged', tone: 'bad' },
  needed: { text: 'needs privileged', tone: 'open' },
  other: { text: 'runtime of its own' },
};

function openingLine({ address, tls }: Opening, verdict: Topology['verdict']): Detail {
  const tone = tls && verdict === 'reaches' ? 'good' : 'plain';
  return address.startsWith('/')
    ? { text: address, mono: true }
    : { text: `port ${address} · ${tls ? 'TLS' : 'no TLS'}`, lock: { shut: tls, tone } };
}

function targetBox(topology: Topology, area: Area, details: readonly Detail[]): readonly string[] {
  const { daemon, dial, fault } = topology;
  if (!dial) return alone(area);
  const { kind, image } = daemon;
  const nobody = kind === 'none';
  const broken = fault?.part === 'daemon';
  const tone = broken || (nobody && fault) ? 'bad' : kind === 'unknown' || nobody ? 'open' : 'plain';
  return [
    box(area, tone, nobody || kind === 'unknown'),
    ...heads(
      area,
      CAPTIONS[kind],
      image === undefined ? { text: TITLES[kind], face: 'bold' } : { text: image, face: 'mono' },
    ),
    ...detailed(area, area.y + 51, details),
    ...(broken ? [badge(area.x + area.width - 15, area.y + 15, 'bad')] : []),
  ];
}

/** A builder that goes without a daemon. */
function alone(area: Area): readonly string[] {
  const y = area.y + area.height / 2;
  return [
    badge(area.x - 60, y, 'good'),
    words(area.x - 42, y + 4, area.width + 40, { text: 'needs no daemon', face: 'bold' }),
  ];
}

function beside({ beside }: Topology, y: number): string {
  const texts = beside.map(({ image, openings }) => {
    const ports = openings.map(({ address, tls }) => `${address}${tls ? ' TLS' : ''}`).join(', ');
    return fitted(image, 150, 11) + (ports === '' ? '' : ` (${ports})`);
  });
  const width = WIDTH - 2 * EDGE;
  return words(EDGE, y, width, { text: `beside it: ${listed(texts, width - 60, 11)}`, tone: 'dim' });
}
