/**
 * Real runs on a Debian machine, only where DRYDOCK_LIVE=1 asks for them (as root; packages docker.io and openssl): what the trace says of ten configurations against a real daemon and client.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Trace } from '../server/src/trace/types.js';
import { shell, unwanted } from './support/live.js';
import { failureOf, runner, traceJob } from './trace-case.js';

let folder = '';
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'drydock-live-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** One configuration: what the trace is to say of it, and what docker prints. `T` stands for a folder of its own. */
interface Configuration {
  readonly variables?: string;
  readonly service?: string;
  readonly image?: string;
  /** `volumes` of the runner. */
  readonly volumes?: string;
  readonly says: string;
  readonly prints: RegExp;
}

const SHARED = '["T/certs/client"]';
const TLS = 'DOCKER_TLS_CERTDIR: "T/certs"';
const BY_HAND = 'DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "T/certs/client"';
const SERVER = /Server:[\s\S]*API version/;

const CONFIGURATIONS: Readonly<Record<string, Configuration>> = {
  'TLS, as the image sets it up': { variables: TLS, volumes: SHARED, says: 'reaches', prints: SERVER },
  'TLS, every variable by hand': {
    variables: `${TLS}, ${BY_HAND}, DOCKER_HOST: "tcp://docker:2376"`,
    volumes: SHARED,
    says: 'reaches',
    prints: SERVER,
  },
  'no TLS': {
    variables: 'DOCKER_TLS_CERTDIR: "", DOCKER_HOST: "tcp://docker:2375"',
    says: 'reaches',
    prints: SERVER,
  },
  'a socket in a shared folder': {
    variables: `${TLS}, DOCKER_HOST: "unix://T/shared/docker.sock"`,
    volumes: '["T/shared"]',
    says: 'reaches',
    prints: SERVER,
  },
  'DOCKER_TLS_VERIFY that says no': {
    variables: `${TLS}, DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_VERIFY: "0", DOCKER_CERT_PATH: "T/certs/client"`,
    volumes: SHARED,
    says: 'reaches',
    prints: SERVER,
  },
  'port 2375 of a daemon with TLS': {
    variables: `${TLS}, DOCKER_HOST: "tcp://docker:2375"`,
    volumes: SHARED,
    says: 'fails tls-port-mismatch-2375',
    prints: /Cannot connect to the Docker daemon at tcp:\/\/docker:2375/,
  },
  'port 2376 of a daemon without': {
    variables: 'DOCKER_TLS_CERTDIR: "", DOCKER_HOST: "tcp://docker:2376"',
    says: 'fails tls-port-mismatch-2376',
    prints: /Cannot connect to the Docker daemon at tcp:\/\/docker:2376/,
  },
  'a client without TLS on a port with it': {
    variables: `${TLS}, DOCKER_HOST: "tcp://docker:2376"`,
    image: '{name: docker:29.7.2-cli, entrypoint: [""]}',
    volumes: SHARED,
    says: 'fails tls-client-not-enabled',
    prints: /Client sent an HTTP request to an HTTPS server/,
  },
  'a folder without client certificates': {
    variables: `${TLS}, DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "T/certs"`,
    volumes: '["T/certs"]',
    says: 'fails tls-cert-path-wrong',
    prints: /ca\.pem: no such file or directory/,
  },
  'a name that the certificate does not have': {
    variables: `${TLS}, ${BY_HAND}, DOCKER_HOST: "tcp://dind:2376"`,
    service: '{name: docker:29.7.2-dind, alias: dind}',
    volumes: SHARED,
    says: 'fails tls-san-mismatch',
    prints: /certificate is valid for docker, localhost, not dind/,
  },
};

function traceOf({ variables = '', service, image, volumes = '[]' }: Configuration, own: string): Trace {
  const text = `job:
  image: ${image ?? 'docker:29.7.2-cli'}
  services: [${service ?? 'docker:29.7.2-dind'}]
  variables: {${variables}}
  script: [docker version]
`;
  const config = runner(`privileged = true\n    volumes = ${volumes}`);
  const [row] = traceJob(
    text.replaceAll('"T/', `"${own}/`).replaceAll('//T/', `//${own}/`),
    config.replaceAll('"T/', `"${own}/`),
  );
  assert.ok(row);
  return row;
}

/** The certificates that the entrypoint of dind makes, with shorter keys. */
const CERTIFICATES = `
mkdir -p certs/ca certs/server certs/client shared && cd certs
openssl req -new -newkey rsa:2048 -nodes -keyout ca/key.pem -out ca/cert.pem -subj '/CN=docker:dind CA' -x509 -days 2 -addext keyUsage=critical,digitalSignature,keyCertSign
for side in server client; do
  openssl req -new -newkey rsa:2048 -nodes -keyout $side/key.pem -out $side/csr.pem -subj "/CN=docker:dind $side"
  printf '[ x ]\\nextendedKeyUsage = %sAuth\\n' $side > $side/openssl.cnf
  [ $side = client ] || echo 'subjectAltName = DNS:docker,DNS:localhost,IP:127.0.0.1' >> $side/openssl.cnf
  openssl x509 -req -in $side/csr.pem -CA ca/cert.pem -CAkey ca/key.pem -CAcreateserial -out $side/cert.pem -days 2 -extfile $side/openssl.cnf -extensions x
  cp ca/cert.pem $side/ca.pem
done
`;

/** Starts a daemon as the trace sees it, asks it as the trace sees the client, and ends it again. */
function runScript({ client, beside }: Trace, own: string): string {
  const listens = beside[0]?.listens ?? [];
  const hosts = listens.map(({ endpoint }) => endpoint.replace('/var/run/docker.sock', `${own}/own.sock`));
  const tls = listens.some(one => one.tls === 'verify')
    ? `--tlsverify --tlscacert ${own}/certs/server/ca.pem --tlscert ${own}/certs/server/cert.pem --tlskey ${own}/certs/server/key.pem`
    : '';
  const environment = [
    ...(client?.endpoint ? [`DOCKER_HOST=${client.endpoint}`] : []),
    ...(client?.tls === 'verify' ? ['DOCKER_TLS_VERIFY=1'] : []),
    ...(client?.certPath ? [`DOCKER_CERT_PATH=${client.certPath}`] : []),
  ].join(' ');
  const control = hosts.find(host => host.startsWith('unix:')) ?? '';
  return `
mount --make-rprivate / && printf '127.0.0.1 localhost docker dind\\n' > hosts && mount --bind hosts /etc/hosts
ip link set lo up
dockerd --data-root ${own}/data --exec-root ${own}/exec --pidfile ${own}/pid --storage-driver=vfs --bridge=none --iptables=false ${hosts.map(host => `--host=${host}`).join(' ')} ${tls} > log 2>&1 &
daemon=$!
tries=0
until docker --host ${control} info > /dev/null 2>&1; do tries=$((tries + 1)); [ $tries -lt 100 ] || break; sleep 0.1; done
env -u DOCKER_HOST -u DOCKER_TLS_VERIFY -u DOCKER_CERT_PATH HOME=${own} ${environment} docker version 2>&1
kill $daemon; wait $daemon
`;
}

describe('live: what the trace says is what docker does', {
  skip: unwanted('dockerd', 'docker', 'openssl', 'unshare', 'ip'),
}, () => {
  Object.entries(CONFIGURATIONS).forEach(([name, configuration], i) => {
    it(name, () => {
      const own = join(folder, `daemon-${i}`);
      mkdirSync(own);
      const row = traceOf(configuration, own);
      const failure = failureOf(row)?.id;
      assert.equal(failure === undefined ? row.verdict : `${row.verdict} ${failure}`, configuration.says);
      shell(CERTIFICATES, own);
      assert.match(shell(runScript(row, own), own, ['unshare', '--net', '--mount']), configuration.prints);
    });
  });
});
