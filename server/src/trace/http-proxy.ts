/** Tells whether an HTTP proxy stands between a client and its daemon. */
import { type Dial, fault, isLoopback } from './run.js';
import { exportedValue, type Variable } from './shell-state.js';

/**
 * docker asks HTTP_PROXY for a daemon in plain TCP, and HTTPS_PROXY where it speaks TLS. Sources: moby client WithHost,
 * go-connections sockets.ConfigureTransport, net/http ProxyFromEnvironment, which leaves localhost alone; seen with
 * docker 28.2.2.
 */
export function checkHttpProxy(dial: Dial, host: string, port: number): void {
  if (isLoopback(host)) return;
  const name = dial.client.tls === 'none' ? 'HTTP_PROXY' : 'HTTPS_PROXY';
  const proxy = firstOf(dial, [name, name.toLowerCase()]);
  if (!proxy) return;
  const except = firstOf(dial, ['NO_PROXY', 'no_proxy']);
  if (!except) {
    dial.unsure.push('whether NO_PROXY, which no file in view sets, holds the name of the daemon');
    return;
  }
  const why = proxy.why ?? except.why;
  if (why !== undefined) {
    dial.unsure.push(`whether an HTTP proxy stands in front of the daemon: ${why}`);
    return;
  }
  if (exempts(except.value ?? '', host, port)) return;
  const because = `${name} is set and NO_PROXY does not hold ${host}, so docker asks the proxy for the daemon.`;
  const related = except.place ? [{ message: 'What goes without the proxy.', place: except.place }] : [];
  fault(dial, 'proxy-blocks-docker-host', because, { place: proxy.place, related });
}

/** The first of two spellings that is set; one that is open counts. */
function firstOf(dial: Dial, names: readonly string[]): Variable | undefined {
  return names
    .map(name => exportedValue(dial.use.settings.variables, name, one => plainly(dial, one)))
    .find(({ value, why }) => why !== undefined || (value ?? '') !== '');
}

/** Here a variable that no file sets is taken as not set. */
function plainly(dial: Dial, name: string): Variable {
  return dial.scene.site.env.get(name).state === 'absent'
    ? { value: undefined, place: undefined }
    : dial.found(name);
}

function exempts(list: string, host: string, port: number): boolean {
  return list
    .split(',')
    .map(entry => entry.trim().toLowerCase())
    .some(entry => {
      if (entry === '*' || entry === host.toLowerCase() || entry === `${host.toLowerCase()}:${port}`)
        return true;
      return entry !== '' && host.toLowerCase().endsWith(entry.startsWith('.') ? entry : `.${entry}`);
    });
}
