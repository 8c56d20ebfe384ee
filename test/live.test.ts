/**
 * Real runs on a Debian machine, only where DRYDOCK_LIVE=1 asks for them (as root; packages docker.io, docker-registry,
 * buildah, openssl): what the trace says of ten configurations against a real daemon and client, and a recipe that runs.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { load } from 'js-yaml';
import { planFiles, platforms } from '../server/src/analysis/plan.js';
import { strategyInfos } from '../server/src/analysis/strategy-infos.js';
import type { Trace } from '../server/src/trace/types.js';
import { failureOf, runner, traceJob } from './trace-case.js';

/** Why the runs are left out; `false` where they are wanted and possible. */
function unwanted(...programs: readonly string[]): string | false {
  if (process.env.DRYDOCK_LIVE !== '1') return 'DRYDOCK_LIVE=1 asks for it';
  const missing = programs.filter(program => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0);
  if (missing.length > 0) return `not installed: ${missing.join(', ')}`;
  return process.getuid?.() === 0 ? false : 'it needs root';
}

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

function shell(script: string, cwd: string, wrap: readonly string[] = []): string {
  const [program = 'sh', ...args] = [...wrap, 'sh', '-c', script];
  const { stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8', timeout: 60_000 });
  if (error) throw error;
  return `${stdout}${stderr}`;
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

const USER = 'ci';
const PASSWORD = 'live-test';
/** Of the password above. */
const HASH = '$2b$04$6Qs8tCtT5RV6qEMlXINJ1upJwawCs3yFtVyxROenvFxneYmLFj6w6';

describe('live: the recipe of buildah', { skip: unwanted('buildah', 'docker-registry', 'openssl') }, () => {
  it('builds, pushes to a registry that asks for a password, and finds its cache there', async t => {
    const own = join(folder, 'buildah');
    mkdirSync(join(own, 'context'), { recursive: true });
    const port = await freePort();
    const registry = startRegistry(own, port);
    t.after(() => registry.kill());
    const address = `127.0.0.1:${port}`;
    await answering(port);
    writeFileSync(
      join(own, 'context/Dockerfile'),
      'FROM scratch\nCOPY greeting /greeting\nLABEL made=live\n',
    );
    writeFileSync(join(own, 'context/greeting'), 'hello\n');
    const first = await runRecipe(own, address);
    assert.equal(first.code, 0, first.output);
    const pushed = shell('ls registry/docker/registry/v2/repositories/group/project/_manifests/tags', own);
    assert.equal(pushed, '0123abcd\n');
    rmSync(join(own, 'storage'), { recursive: true, force: true });
    const second = await runRecipe(own, address);
    assert.equal(second.code, 0, second.output);
    assert.match(second.output, /[Cc]ache pulled from remote/);
  });
});

function startRegistry(own: string, port: number) {
  writeFileSync(join(own, 'htpasswd'), `${USER}:${HASH}\n`);
  shell(
    'openssl req -new -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj /CN=registry -x509 -days 2 -addext subjectAltName=IP:127.0.0.1',
    own,
  );
  const config = [
    'version: 0.1',
    `storage: {filesystem: {rootdirectory: ${join(own, 'registry')}}}`,
    `http: {addr: "127.0.0.1:${port}", tls: {certificate: ${own}/cert.pem, key: ${own}/key.pem}}`,
    `auth: {htpasswd: {realm: live, path: ${join(own, 'htpasswd')}}}`,
  ];
  writeFileSync(join(own, 'registry.yml'), `${config.join('\n')}\n`);
  return spawn('docker-registry', ['serve', join(own, 'registry.yml')], { stdio: 'ignore' });
}

/** Runs the script of the recipe as a runner would, in storage of its own. */
async function runRecipe(own: string, address: string): Promise<{ code: number | null; output: string }> {
  const strategy = strategyInfos().find(({ id }) => id === 'buildah');
  const platform = platforms().find(({ id }) => id === 'gitlab-docker');
  const files = strategy && platform && planFiles(strategy, platform);
  assert.ok(files && typeof files !== 'string');
  const pipeline = load(files[0]?.text ?? '') as Record<string, Job>;
  const job = pipeline['build-image'];
  assert.ok(job);
  const storage = join(own, 'storage');
  writeFileSync(
    join(own, 'storage.conf'),
    `[storage]\ndriver = "vfs"\ngraphroot = "${storage}/graph"\nrunroot = "${storage}/run"\n`,
  );
  const env = {
    PATH: process.env.PATH,
    HOME: own,
    SSL_CERT_FILE: join(own, 'cert.pem'),
    CONTAINERS_STORAGE_CONF: join(own, 'storage.conf'),
    REGISTRY_AUTH_FILE: join(own, 'auth.json'),
    ...job.variables,
    CI_REGISTRY: address,
    CI_REGISTRY_IMAGE: `${address}/group/project`,
    CI_REGISTRY_USER: USER,
    CI_REGISTRY_PASSWORD: PASSWORD,
    CI_COMMIT_SHA: '0123abcd',
  };
  const script = ['set -e', ...job.before_script, ...job.script].join('\n');
  const child = spawn('sh', ['-c', script], { cwd: join(own, 'context'), env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += chunk));
  const code = await new Promise<number | null>(done => child.on('close', done));
  return { code, output };
}

interface Job {
  readonly variables: Readonly<Record<string, string>>;
  readonly before_script: readonly string[];
  readonly script: readonly string[];
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer().once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function answering(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const open = await new Promise<boolean>(done => {
      const socket = connect(port, '127.0.0.1', () => done(true)).once('error', () => done(false));
      socket.once('connect', () => socket.end());
    });
    if (open) return;
    await new Promise(done => setTimeout(done, 50));
  }
  throw new Error(`nothing listens on ${port}`);
}
