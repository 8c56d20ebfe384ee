/** The commands that log in to a registry, and how their arguments are read. */

/** Programs whose `login` takes `-p`, with the words in front of `login`. */
export const LOGINS: Readonly<Record<string, readonly string[]>> = {
  docker: [],
  podman: [],
  buildah: [],
  skopeo: [],
  helm: ['registry'],
};

/** Flags of these logins that take a value. Sources: docker/cli, containers/common and helm command references. */
export const LOGIN_FLAGS_WITH_VALUE: ReadonlySet<string> = new Set([
  '-u',
  '--username',
  '-p',
  '--password',
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
