/** What programs ask of a docker daemon, as the sections of its API that a socket proxy has to let through, and how they are told where it is. */

/** Sections by the name that Tecnativa's proxy gives them. It lets EVENTS, PING and VERSION through unless told otherwise. */
export type ApiSection = 'AUTH' | 'BUILD' | 'CONTAINERS' | 'GRPC' | 'IMAGES' | 'INFO' | 'POST' | 'SESSION';

/** A program that only reads. */
export interface SocketReader {
  /** Without registry. */
  readonly repository: RegExp;
  readonly sections: readonly ApiSection[];
  /** A variable that holds the address of the daemon. */
  readonly variable?: string;
  /** A flag of its command that does. */
  readonly flag?: string;
  /** A variable with which it writes as well. */
  readonly writes?: RegExp;
  readonly source: string;
}

export const SOCKET_READERS: readonly SocketReader[] = [
  {
    repository: /(?:^|\/)traefik$/,
    sections: ['CONTAINERS'],
    flag: '--providers.docker.endpoint',
    source: 'doc.traefik.io, Docker provider, "endpoint" and "Docker API Access"; read on 2026-11-29',
  },
  {
    repository: /(?:^|\/)amir20\/dozzle$/,
    sections: ['CONTAINERS', 'INFO'],
    variable: 'DOZZLE_REMOTE_HOST',
    writes: /^DOZZLE_ENABLE_(?:ACTIONS|SHELL)$/,
    source: 'dozzle.dev, Remote Host Setup, "Connecting with a socket proxy"; read on 2026-11-29',
  },
];

/**
 * What subcommands of docker need; those that start containers are left out, for a proxy that lets that through
 * protects nothing. Source: github.com/Tecnativa/docker-socket-proxy, haproxy.cfg; docker/cli and moby api/swagger.yaml.
 */
const DOCKER: readonly (readonly [RegExp, readonly ApiSection[]])[] = [
  [
    /^(?:(?:buildx|image|builder) )?build$|^buildx b$/,
    ['AUTH', 'BUILD', 'GRPC', 'IMAGES', 'INFO', 'POST', 'SESSION'],
  ],
  [/^(?:image )?(?:push|pull)$|^login$/, ['AUTH', 'IMAGES', 'INFO', 'POST']],
  [/^(?:image )?(?:tag|rmi|rm|prune)$|^rmi$/, ['IMAGES', 'POST']],
  [/^images$|^image (?:ls|list|inspect|history)$|^history$/, ['IMAGES']],
  [/^(?:system )?info$/, ['INFO']],
  [/^(?:version|logout|events|help)$/, []],
];

/** The sections that a subcommand of docker needs; `undefined` for one that starts containers, or that is not known. */
export function sectionsOfDocker(subcommand: string): readonly ApiSection[] | undefined {
  return DOCKER.find(([names]) => names.test(subcommand))?.[1];
}
