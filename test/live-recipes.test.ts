/**
 * Recipes that run on a Debian machine, only where DRYDOCK_LIVE=1 asks for it (as root; packages buildah,
 * docker-registry, openssl): what each platform has for Buildah builds, pushes to a real registry, and finds its cache.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { load } from 'js-yaml';
import { planFiles, platforms } from '../server/src/analysis/plan.js';
import { strategyInfos } from '../server/src/analysis/strategy-infos.js';
import { shell, unwanted } from './support/live.js';

let folder = '';
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'drydock-live-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

const USER = 'ci';
const PASSWORD = 'live-test';
/** Of the password above. */
const HASH = '$2b$04$6Qs8tCtT5RV6qEMlXINJ1upJwawCs3yFtVyxROenvFxneYmLFj6w6';

type Variables = Readonly<Record<string, string>>;

/** The script of a recipe and what its platform sets, with the registry of the test in place of its own. */
interface Run {
  readonly shell: 'sh' | 'bash';
  readonly script: string;
  readonly variables: Variables;
}

/** How the script is had from the pipeline of each platform. */
const RUNS: Readonly<Record<string, (text: string, address: string, own: string) => Run>> = {
  'gitlab-docker': (text, address) => {
    const job = (load(text) as Record<string, GitlabJob>)['build-image'];
    assert.ok(job);
    const variables = {
      ...job.variables,
      CI_REGISTRY: address,
      CI_REGISTRY_IMAGE: `${address}/group/project`,
      CI_REGISTRY_USER: USER,
      CI_REGISTRY_PASSWORD: PASSWORD,
      CI_COMMIT_SHA: '0123abcd',
    };
    return { shell: 'sh', script: [...job.before_script, ...job.script].join('\n'), variables };
  },
  'github-hosted': (text, address, own) => {
    const { jobs } = load(text) as { jobs: Record<string, { steps: readonly { run?: string }[] }> };
    const script = jobs['build-image']?.steps.find(({ run }) => run)?.run ?? '';
    const variables = {
      BUILDAH_FORMAT: 'docker',
      GITHUB_ACTOR: USER,
      GITHUB_REPOSITORY: 'Group/Project',
      GITHUB_SHA: '0123abcd',
      REGISTRY_PASSWORD: PASSWORD,
      RUNNER_TEMP: own,
    };
    return { shell: 'bash', script: script.replaceAll('ghcr.io', address), variables };
  },
  'jenkins-docker': (text, address) => {
    const script = /sh '''(.*?)'''/s.exec(text)?.[1] ?? '';
    const variables = {
      ...Object.fromEntries(
        [...text.matchAll(/-e (\w+)=(\S+?)[' ]/g)].map(([, name, value]) => [name, value]),
      ),
      REGISTRY_USR: USER,
      REGISTRY_PSW: PASSWORD,
      GIT_COMMIT: '0123abcd',
    };
    return { shell: 'sh', script: toRegistry(script, address), variables };
  },
  compose: (text, address, own) => {
    const { services } = load(text) as {
      services: Record<string, { command: readonly string[]; environment: Variables }>;
    };
    const service = services['build-image'];
    assert.ok(service);
    const script = toRegistry(service.command.at(-1) ?? '', address)
      .replaceAll('$$', '$')
      .replaceAll('/run/secrets/registry_password', join(own, 'password'));
    writeFileSync(join(own, 'password'), PASSWORD);
    return {
      shell: 'sh',
      script,
      variables: { ...service.environment, REGISTRY_USER: USER, TAG: '0123abcd' },
    };
  },
};

interface GitlabJob {
  readonly variables: Variables;
  readonly before_script: readonly string[];
  readonly script: readonly string[];
}

function toRegistry(script: string, address: string): string {
  return script
    .replaceAll('registry.example.com/team/app', `${address}/group/project`)
    .replaceAll('registry.example.com', address);
}

/** Runs the script of the recipe as its platform would, in storage of its own. */
async function runRecipe(
  id: string,
  own: string,
  address: string,
): Promise<{ code: number | null; output: string }> {
  const strategy = strategyInfos().find(one => one.id === 'buildah');
  const platform = platforms().find(one => one.id === id);
  const files = strategy && platform && planFiles(strategy, platform);
  assert.ok(files && typeof files !== 'string');
  const run = RUNS[id]?.(files[0]?.text ?? '', address, own);
  assert.ok(run);
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
    ...run.variables,
  };
  const child = spawn(run.shell, ['-ec', run.script], { cwd: join(own, 'context'), env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += chunk));
  const code = await new Promise<number | null>(done => child.on('close', done));
  return { code, output };
}

describe('live: the recipe of buildah', { skip: unwanted('buildah', 'docker-registry', 'openssl') }, () => {
  for (const id of Object.keys(RUNS))
    it(`builds on ${id}, pushes to a registry that asks for a password, and finds its cache there`, async t => {
      const own = join(folder, id);
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
      const first = await runRecipe(id, own, address);
      assert.equal(first.code, 0, first.output);
      const pushed = shell('ls registry/docker/registry/v2/repositories/group/project/_manifests/tags', own);
      assert.equal(pushed, '0123abcd\n');
      rmSync(join(own, 'storage'), { recursive: true, force: true });
      const second = await runRecipe(id, own, address);
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
