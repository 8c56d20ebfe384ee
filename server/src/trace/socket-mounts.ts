/** Finds the mounts that put a daemon's socket of the host into a container. */
import type { Container, Mount } from '../model/build-site.js';
import { written } from '../model/known.js';
import { HOLE } from '../model/text.js';
import { plainPath } from './sharing.js';

/** Sockets of docker and podman, also those of a user. */
const SOCKET = /(?:^|\/)(?:docker|podman)\.sock$/;
const PIPE = /pipe[\\/]+docker_engine$/i;

/** Folders of a host in which they lie. */
const FOLDERS = /^(?:\/run|\/var)$/;

export type SocketMount = Mount & { readonly source: string };

/** Binds, as far as they are in view, of a socket, or of a folder of the host that holds one. */
export function socketMounts({ mounts }: Pick<Container, 'mounts'>): readonly SocketMount[] {
  return (written(mounts) ?? []).flatMap(mount => {
    const { source } = mount;
    return source !== undefined && (isSocket(source, mount.target) || isFolder(source))
      ? [{ ...mount, source }]
      : [];
  });
}

/** Whoever gives a group along with the socket is taken to give that of the socket. */
export function hasGroup({ groups = [] }: Pick<Container, 'groups'>): boolean {
  return groups.length > 0;
}

/** What a variable stands for shows in where it is put. */
function isSocket(source: string, target: string): boolean {
  // What a file of the project is, or leads to, nobody knows.
  if (/^(?:volume|external|anonymous|tmpfs):|^\.\//.test(source)) return false;
  if (SOCKET.test(source) || PIPE.test(source)) return true;
  return source.includes(HOLE) && SOCKET.test(target);
}

/** The folder that holds the socket of docker on a host. */
export function isFolder(source: string): boolean {
  return FOLDERS.test(plainPath(source)) && !source.includes(HOLE);
}
