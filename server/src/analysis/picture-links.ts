/** Draws what goes between the boxes of a picture: the connection, and the certificates for it. */
import { type Area, badge, line, type Tone, tip, words } from './picture-parts.js';
import { widthOf } from './picture-text.js';
import type { Topology } from './topology.js';

const TLS: Readonly<Record<NonNullable<Topology['dial']>['tls'], string>> = {
  verify: 'TLS, verified',
  unverified: 'TLS, not verified',
  none: 'no TLS',
  unknown: 'TLS not known',
};

/** What the client dials, and what comes of it. */
export function link({ dial, verdict, fault }: Topology, left: Area, right: Area): readonly string[] {
  const from = left.x + left.width;
  const to = right.x;
  const y = left.y + Math.min(left.height / 2, 44);
  const middle = (from + to) / 2;
  const broken = fault?.part === 'link';
  const tone: Tone = broken ? 'bad' : fault ? 'faint' : verdict === 'reaches' ? 'good' : 'open';
  const sign = tone === 'faint' ? [] : [badge(middle, y, tone)];
  const socket = dial?.endpoint?.startsWith('unix:') ?? false;
  const shown = {
    text: dial?.endpoint?.replace(/^unix:\/\//, '') ?? 'not known',
    face: 'mono',
    anchor: 'mid',
  } as const;
  const secured = {
    text: socket ? 'socket' : TLS[dial?.tls ?? 'unknown'],
    tone: 'dim',
    anchor: 'mid',
  } as const;
  return [
    line(`M${from} ${y}H${broken ? middle : to - 8}`, tone, tone === 'open'),
    ...(broken ? [line(`M${middle} ${y}H${to - 8}`, 'bad', true)] : []),
    tip(to, y, 'right', tone),
    ...sign,
    words(middle, y - 15, to - from - 6, broken ? { ...shown, tone: 'bad' } : shown),
    words(middle, y + 23, to - from - 6, secured),
  ];
}

const CERTIFICATES = {
  shared: { tone: 'good', text: 'certificates shared', dashed: false },
  missing: { tone: 'bad', text: 'no certificates', dashed: true },
  open: { tone: 'open', text: 'certificates shared?', dashed: true },
} as const;

/** From the daemon that makes them to the client that reads them. */
export function certificates(
  { verdict }: Topology,
  { folder, state }: NonNullable<Topology['certificates']>,
  left: Area,
  right: Area,
): readonly string[] {
  const { text, dashed } = CERTIFICATES[state];
  const tone = state === 'shared' && verdict !== 'reaches' ? 'plain' : CERTIFICATES[state].tone;
  const start = left.x + left.width / 2;
  const end = right.x + right.width / 2;
  const top = left.y + left.height;
  const y = top + 22;
  const middle = (start + end) / 2;
  const shown = folder ?? '~/.docker';
  const half = Math.ceil(Math.min(100, Math.max(widthOf(shown, 11, 'mono'), widthOf(text, 11)) / 2 + 8));
  const turn = 'a6 6 0 0 ';
  const sign = tone === 'plain' || tone === 'good' ? [] : [badge(middle - half - 12, y, tone)];
  return [
    line(`M${end} ${top}V${y - 6}${turn}1 -6 6H${middle + half}`, tone, dashed),
    line(`M${middle - half} ${y}H${start + 6}${turn}1 -6 -6V${top + 8}`, tone, dashed),
    tip(start, top, 'up', tone),
    words(middle, y - 3, half * 2 - 8, { text: shown, face: 'mono', anchor: 'mid' }),
    words(middle, y + 11, half * 2 - 8, { text, anchor: 'mid', tone: state === 'shared' ? 'dim' : tone }),
    ...sign,
  ];
}
