/** The commands that log in to a registry, and how their arguments are read. */

/** A program that logs in to registries, and takes the password with `-p`. */
export interface LoginProgram {
  /** The words in front of `login`. */
  readonly before: readonly string[];
  /** The long form of `-p`. */
  readonly password: string;
  /** What takes the password from standard input. */
  readonly stdin: string;
}

const COMMON = { before: [], password: '--password', stdin: '--password-stdin' };

/** By the name of the program. Sources: command references of each; regclient docs/regctl, go-containerregistry cmd/crane. */
export const LOGINS: Readonly<Record<string, LoginProgram>> = {
  docker: COMMON,
  podman: COMMON,
  buildah: COMMON,
  skopeo: COMMON,
  nerdctl: COMMON,
  oras: COMMON,
  cosign: COMMON,
  helm: { ...COMMON, before: ['registry'] },
  crane: { ...COMMON, before: ['auth'] },
  regctl: { before: ['registry'], password: '--pass', stdin: '--pass-stdin' },
};

/** Flags of these logins that take a value. Sources: docker/cli, containers/common, helm and regctl command references. */
export const LOGIN_FLAGS_WITH_VALUE: ReadonlySet<string> = new Set([
  '-u',
  '--user',
  '--username',
  '-p',
  '--password',
  '--pass',
  '--authfile',
  '--cert-dir',
  '--compat-auth-file',
  '--secret',
  '--config',
  '--ca-file',
  '--cert-file',
  '--key-file',
  '-H',
  '--host',
  '-l',
  '--log-level',
  '-c',
  '--context',
]);
