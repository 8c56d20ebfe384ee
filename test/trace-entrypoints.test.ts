/** Holds the model of docker's entrypoints against what the real scripts did, row by row. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type Era, startClient, startDaemon } from '../server/src/trace/entrypoints.js';

interface Row {
  readonly era: string;
  readonly role: string;
  readonly case: string;
  readonly inputs: {
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    readonly sockets_present: readonly string[];
    readonly client_certs_present: boolean;
    readonly files_present: readonly string[];
    readonly user: string;
  };
  readonly observed: {
    readonly exec?: string;
    readonly exit?: number;
    readonly summary?: {
      readonly listen_args?: readonly string[];
      readonly tls_flags?: boolean;
      readonly client_endpoint?: string;
      readonly client_tls?: boolean;
      /** `null` where the command in the container did not print it. */
      readonly cert_path?: string | null;
    };
  };
}

const { rows } = JSON.parse(readFileSync('test/data/entrypoint-observed.json', 'utf8')) as {
  rows: readonly Row[];
};

const ERAS: readonly (readonly [RegExp, Era])[] = [
  [/^d17\.06/, 'before-tls'],
  [/^d18\.09\.8/, 'first-tls'],
  [/^d19\.03\.1-initial/, 'first-19.03.1'],
  [/^d19\.03\.2|^d20\.10\.7/, 'tls-or-plain'],
  [/^d23|^d24|^d29/, 'tls-or-exit'],
];

function eraOf(row: Row): Era {
  const found = ERAS.find(([pattern]) => pattern.test(row.era));
  assert.ok(found, row.era);
  return found[1];
}

function title(row: Row, i: number): string {
  return `row ${i}: ${row.era} ${row.role}: ${row.case}`;
}

rows.forEach((row, i) => {
  // Certificates that somebody put into the daemon's folder by hand are not part of any file that we read.
  if (row.inputs.files_present.length > 0) return;
  test(title(row, i), () => (row.role === 'client' ? checkClient(row) : checkDaemon(row)));
});

function checkDaemon(row: Row): void {
  const { args, env, user } = row.inputs;
  const outcome = startDaemon({ era: eraOf(row), env, args, uid: Number(user.split(':')[0]) });
  if (row.observed.exec !== 'dockerd') {
    assert.equal(outcome.runs, 'other');
    return;
  }
  assert.equal(outcome.runs, 'dockerd');
  if (outcome.runs !== 'dockerd') return;
  const { listen_args: listens = [], tls_flags: tls } = row.observed.summary ?? {};
  const expected = listens.length > 0 ? [...new Set(listens)] : ['unix:///var/run/docker.sock'];
  assert.deepEqual(
    outcome.listens.map(({ endpoint }) => endpoint),
    expected,
  );
  const tcp = outcome.listens.filter(({ endpoint }) => endpoint.startsWith('tcp:'));
  assert.ok(tcp.every(listener => listener.tls === (tls ? 'verify' : 'none')));
  assert.equal(outcome.certDir, tls ? env.DOCKER_TLS_CERTDIR : undefined);
}

function checkClient(row: Row): void {
  const { env, sockets_present: sockets, client_certs_present: hasCertificates } = row.inputs;
  const { summary } = row.observed;
  // Rows that show something other than the docker CLI have no view of its variables.
  if (summary?.client_endpoint === undefined) {
    assert.notEqual(row.observed.exec, 'docker');
    return;
  }
  const seen = startClient({ era: eraOf(row), env, sockets, hasCertificates });
  const plain = (text: string | undefined): string => (text === '<unset>' || text === undefined ? '' : text);
  assert.equal(plain(seen.DOCKER_HOST), plain(summary.client_endpoint));
  assert.equal((seen.DOCKER_TLS_VERIFY ?? '') !== '', summary.client_tls);
  if (summary.cert_path !== null) assert.equal(plain(seen.DOCKER_CERT_PATH), plain(summary.cert_path));
}

test('every row is accounted for', () => {
  assert.equal(rows.length, 371);
  assert.equal(rows.filter(row => row.inputs.files_present.length > 0).length, 2);
});
