/** Flags socket proxies whose switches let through what they are there to keep out. */

import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { proxyAllows } from '../trace/proxy-switches.js';
import { defineRule, type Report, type SiteContext } from './define.js';
import { proxyIn, switchOf } from './socket-proxy-facts.js';

const SOURCES = [
  'https://github.com/Tecnativa/docker-socket-proxy#grant-or-revoke-access-to-certain-api-sections',
  'https://github.com/wollomatic/socket-proxy',
];

export default [
  defineRule({
    id: 'socket-proxy-exec',
    severity: 'warning',
    profile: 'default',
    dialects: ['compose'],
    ...prose({
      title: 'A socket proxy that lets clients run commands in containers',
      why: 'exec runs any command in any container of the host, with the rights of that container. One that is privileged or has the socket makes its client root on the host.',
      remedy:
        'Leave EXEC at 0, or POST, or CONTAINERS; with wollomatic/socket-proxy leave /exec out of allowPOST.',
      sources: SOURCES,
    }),
    fixable: false,
    *site(context) {
      // A command is made at its container, and then started.
      const proxy = proxyIn(context);
      if (!proxy || proxyAllows(proxy, 'POST', '/v1.44/containers/abc/exec') !== true) return;
      yield* allowed(
        context,
        'EXEC',
        ['POST', '/v1.44/exec/abc/start'],
        'lets its clients run commands in every container',
      );
    },
  }),
  defineRule({
    id: 'socket-proxy-containers-post',
    severity: 'warning',
    profile: 'default',
    dialects: ['compose'],
    ...prose({
      title: 'A socket proxy that lets clients start containers',
      why: 'Who may create containers may create a privileged one with the disk of the host in it. Proxies filter paths, not what is asked for there, so this is root on the host.',
      remedy:
        'Leave POST at 0 where clients only read. Where they restart containers, a proxy that filters by path (wollomatic/socket-proxy with allowPOST) lets just that through. For builds, rootless BuildKit needs no daemon.',
      sources: SOURCES,
    }),
    fixable: false,
    site: context =>
      allowed(
        context,
        'POST',
        ['POST', '/v1.44/containers/create'],
        'lets its clients create containers, which makes them root on the host',
      ),
  }),
  defineRule({
    id: 'socket-proxy-containers-read',
    severity: 'info',
    profile: 'default',
    dialects: ['compose'],
    ...prose({
      title: 'A socket proxy that lets clients read all containers',
      why: 'Reading containers covers their variables, passwords in them included, and with /archive and /export every file of every container.',
      remedy:
        'Take it into account, or use a proxy that filters by path: wollomatic/socket-proxy with allowGET of just what the client asks for.',
      sources: ['https://github.com/Tecnativa/docker-socket-proxy/issues/182', ...SOURCES],
    }),
    fixable: false,
    *site(context) {
      // Whoever may create containers reads them as well.
      const proxy = proxyIn(context);
      if (!proxy || proxyAllows(proxy, 'POST', '/v1.44/containers/create') !== false) return;
      yield* allowed(
        context,
        'CONTAINERS',
        ['GET', '/v1.44/containers/abc/archive'],
        'lets its clients read variables and files of every container',
      );
    },
  }),
];

function* allowed(
  context: SiteContext,
  name: string,
  [method, path]: readonly ['GET' | 'POST', string],
  says: string,
): Iterable<Report> {
  const proxy = proxyIn(context);
  if (!proxy || proxyAllows(proxy, method, path) !== true) return;
  yield { at: switchOf(proxy, name), message: `${titleOf(context.site)} ${says}.` };
}
