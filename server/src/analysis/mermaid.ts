/** Writes topologies as a Mermaid flow chart, for places that draw those from text: GitLab, GitHub, many wikis. */
import type { Topology } from './topology.js';

/** A topology with the sites that share it. */
export interface Shared {
  readonly topology: Topology;
  readonly names: readonly string[];
}

const MOST_NAMES = 4;
const LONGEST = 60;
const RED = '#cf222e';

/** The chart, without the fence around it. */
export function mermaidOf(groups: readonly Shared[]): string {
  const lines: string[] = [];
  let edges = 0;
  const styles: string[] = [];
  groups.forEach((group, i) => {
    const drawn = drawGroup(group, i + 1, edges);
    lines.push(...drawn.lines);
    styles.push(...drawn.styles);
    edges += drawn.edges;
  });
  return ['flowchart LR', ...[...lines, ...styles].map(line => `  ${line}`)].join('\n');
}

interface Drawn {
  readonly lines: readonly string[];
  readonly styles: readonly string[];
  readonly edges: number;
}

function drawGroup({ topology, names }: Shared, id: number, edge: number): Drawn {
  const { dial, daemon, certificates, fault, image } = topology;
  const site = node(`s${id}`, [namesOf(names), ...(image === undefined ? [] : [image])]);
  if (!dial) {
    const tool = node(`d${id}`, [topology.strategy ?? '', 'needs no daemon']);
    return { lines: [site, tool, `s${id} --- d${id}`], styles: [], edges: 1 };
  }
  const target = node(`d${id}`, targetOf(topology));
  const inside = daemon.kind !== 'remote';
  const isSocket = dial.endpoint?.startsWith('unix:') ?? false;
  const lines = [
    `subgraph r${id}[${quoted([machineOf(topology)])}]`,
    `  ${site}`,
    ...(inside ? [`  ${target}`] : []),
    'end',
    ...(inside ? [] : [target]),
    `s${id} ${arrow(topology)}|${quoted([dial.endpoint ?? 'not known', isSocket ? '' : TLS[dial.tls]])}| d${id}`,
    ...(certificates
      ? [`d${id} -.->|${quoted([CERTIFICATES[certificates.state], certificates.folder ?? ''])}| s${id}`]
      : []),
  ];
  const broken = {
    site: `style s${id}`,
    daemon: `style d${id}`,
    link: `linkStyle ${edge}`,
    certificates: `linkStyle ${edge + 1}`,
  };
  const styles = fault ? [`${broken[fault.part]} stroke:${RED},color:${RED}`] : [];
  return { lines, styles, edges: certificates ? 2 : 1 };
}

function arrow({ verdict, fault }: Topology): string {
  if (fault?.part === 'link') return '--x';
  return verdict === 'cannot-tell' ? '-.->' : '-->';
}

const TLS: Readonly<Record<NonNullable<Topology['dial']>['tls'], string>> = {
  verify: 'TLS',
  unverified: 'TLS, not verified',
  none: 'no TLS',
  unknown: '',
};

const CERTIFICATES = {
  shared: 'certificates',
  missing: 'no certificates',
  open: 'certificates?',
} as const;

const TARGETS: Readonly<Record<Topology['daemon']['kind'], string>> = {
  dind: 'docker daemon',
  'dind-rootless': 'rootless docker daemon',
  'host-socket': "the host's docker daemon",
  'socket-proxy': 'socket proxy',
  hosted: "the machine's own docker daemon",
  remote: 'a docker daemon elsewhere',
  none: 'no daemon',
  unknown: 'which daemon?',
};

function targetOf({ daemon: { kind, image, openings, privilege }, fault }: Topology): readonly string[] {
  return [
    image ?? TARGETS[kind],
    ...openings
      .slice(0, 2)
      .map(({ address, tls }) =>
        address.startsWith('/') ? address : `port ${address}, ${tls ? 'TLS' : 'no TLS'}`,
      ),
    ...(privilege === 'denied'
      ? ['not privileged']
      : privilege === 'granted'
        ? ['privileged']
        : privilege === 'needed'
          ? ['needs privileged']
          : []),
    ...(fault?.part === 'daemon' && privilege !== 'denied' ? ['does not start'] : []),
  ];
}

function machineOf({ runner, verdict, words: { machine, paired } }: Topology): string {
  if (runner) return `${machine} ${runner.name}`;
  if (!paired) return machine;
  return verdict === 'cannot-tell' ? `${machine} not known` : `any ${machine}`;
}

function namesOf(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).map(shortened).join(', ');
  return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
}

function node(id: string, lines: readonly string[]): string {
  return `${id}[${quoted(lines)}]`;
}

/** Lines as one label. What means something to Mermaid, or to the HTML that it makes, becomes an entity of Mermaid's. */
function quoted(lines: readonly string[]): string {
  const safe = lines
    .filter(line => line !== '')
    .map(line => shortened(line).replace(/[^\p{L}\p{M}\p{N} .,:/\-_+=?@…]/gu, entity));
  return `"${safe.join('<br/>')}"`;
}

function entity(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  // Controls and changes of direction have no business in a chart.
  return /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(character) ? ' ' : `#${code};`;
}

function shortened(text: string): string {
  const characters = Array.from(text.slice(0, 2_000));
  if (characters.length <= LONGEST) return text;
  return `${characters.slice(0, LONGEST / 2).join('')}…${characters.slice(-LONGEST / 2).join('')}`;
}
