/** Flags socket proxies that let builds through, and not what BuildKit needs. */

import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { proxyAllows } from '../trace/proxy-switches.js';
import { defineRule } from './define.js';
import { proxyIn, switchOf } from './socket-proxy-facts.js';

export default defineRule({
  id: 'socket-proxy-build-missing-session',
  severity: 'warning',
  profile: 'default',
  dialects: ['compose'],
  ...prose({
    title: 'A socket proxy that refuses builds with BuildKit',
    why: 'BuildKit, with which docker builds since 23.0, talks to the daemon over /session and /grpc. A proxy that lets /build through alone answers "403 Forbidden".',
    remedy:
      'Set SESSION and GRPC to 1 as well, and IMAGES and AUTH for pushing. Little is kept out then: builds may better go to rootless BuildKit.',
    sources: [
      'https://github.com/Tecnativa/docker-socket-proxy/blob/master/haproxy.cfg',
      'https://github.com/Tecnativa/docker-socket-proxy#grant-or-revoke-access-to-certain-api-sections',
    ],
  }),
  fixable: false,
  *site(context) {
    const proxy = proxyIn(context);
    if (!proxy || proxyAllows(proxy, 'POST', '/v1.44/build') !== true) return;
    const lacks = ['SESSION', 'GRPC'].filter(
      name => proxyAllows(proxy, 'POST', `/v1.44/${name.toLowerCase()}`) === false,
    );
    if (lacks.length === 0) return;
    yield {
      at: switchOf(proxy, 'BUILD'),
      message: `${titleOf(context.site)} lets builds through, and not ${lacks.join(' and ')}, which BuildKit needs.`,
    };
  },
});
