/** The list of strategies. */
import { buildah } from './buildah.js';
import { buildkitRootless } from './buildkit-rootless.js';
import { buildxRemote } from './buildx-remote.js';
import type { Strategy } from './define.js';
import { dindPlain } from './dind-plain.js';
import { dindRootless } from './dind-rootless.js';
import { dindSocket } from './dind-socket.js';
import { dindTls } from './dind-tls.js';
import { dood } from './dood.js';
import { hosted } from './hosted.js';
import { kaniko } from './kaniko.js';
import { podman } from './podman.js';
import { socketProxy } from './socket-proxy.js';
import { sysbox } from './sysbox.js';

/** No trace is recognised by two of them, so the order is that of pages and tables. */
export const strategies: readonly Strategy[] = [
  dindTls,
  dindPlain,
  dindSocket,
  dindRootless,
  dood,
  socketProxy,
  sysbox,
  kaniko,
  buildah,
  podman,
  buildkitRootless,
  buildxRemote,
  hosted,
];
