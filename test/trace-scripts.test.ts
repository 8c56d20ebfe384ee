/** What scripts do to the settings of docker: from which line on, for which command, and how sure that is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureOf, GOOD, lines, traceJob, writtenAt } from './trace-case.js';

const TLS =
  'DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/certs/client", DOCKER_TLS_CERTDIR: "/certs"';
const PLAIN = 'DOCKER_HOST: "tcp://docker:2375", DOCKER_TLS_CERTDIR: ""';
const REACHES_TLS = 'job tcp://docker:2376 verify dind reaches';
const REACHES_PLAIN = 'job tcp://docker:2375 none dind reaches';

/** A job with dind whose variables and script are given; a script is lines, of which each is an entry. */
function job(variables: string, script: string, image = 'docker:29.7.2-cli', more = ''): string {
  const entries = script.split('\n').map(line => `    - ${JSON.stringify(line)}\n`);
  return `job:\n  image: ${image}\n  services: [docker:29.7.2-dind]\n  variables: {${variables}}\n${more}  script:\n${entries.join('')}`;
}

const CASES: readonly (readonly [string, string, string, string?])[] = [
  [
    'an export for all that follows',
    'script tcp://docker:2375 none dind fails tls-port-mismatch-2375',
    job(TLS, 'export DOCKER_HOST=tcp://docker:2375\nunset DOCKER_TLS_VERIFY DOCKER_CERT_PATH\ndocker info'),
  ],
  [
    'docker before and after an export',
    `${REACHES_TLS}\nscript tcp://docker:2377 verify dind cannot-tell`,
    job(TLS, 'docker info\nexport DOCKER_HOST=tcp://docker:2377\ndocker info'),
  ],
  [
    'an export that mends what the job says',
    'script tcp://docker:2375 none dind reaches',
    job(
      'DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: ""',
      'export DOCKER_HOST=tcp://docker:2375\ndocker info',
    ),
  ],
  [
    'a variable in front of one command',
    `script tcp://docker:2376 none dind fails tls-port-mismatch-2376\n${REACHES_PLAIN}`,
    job(PLAIN, 'DOCKER_HOST=tcp://docker:2376 docker info\ndocker info'),
  ],
  [
    'a variable of the job in the value',
    'script tcp://docker:2376 none dind fails tls-port-mismatch-2376',
    job(`${PLAIN}, PORT: "2376"`, 'export DOCKER_HOST=tcp://docker:$PORT\ndocker info'),
  ],
  [
    'a variable of the script in the value',
    'script tcp://docker:2376 none dind fails tls-port-mismatch-2376',
    job(PLAIN, 'PORT=2376\nexport DOCKER_HOST="tcp://docker:${PORT}"\ndocker info'),
  ],
  [
    'a variable that nobody sets',
    'script - unknown unknown cannot-tell',
    job(PLAIN, 'export DOCKER_HOST=tcp://docker:$PORT\ndocker info'),
  ],
  [
    'a value from a command',
    'script - unknown unknown cannot-tell',
    job(PLAIN, 'export DOCKER_HOST=$(cat host)\ndocker info'),
  ],
  [
    'a condition',
    'script - unknown unknown cannot-tell',
    job(PLAIN, 'if [ -n "$CI" ]; then export DOCKER_HOST=tcp://docker:2376; fi\ndocker info'),
  ],
  [
    'a condition on one variable leaves the others',
    'script tcp://docker:2376 none dind fails tls-port-mismatch-2376',
    job(PLAIN, 'if [ -n "$CI" ]; then export OTHER=1; fi\nexport DOCKER_HOST=tcp://docker:2376\ndocker info'),
  ],
  [
    'a condition by &&',
    'script - unknown unknown cannot-tell',
    job(PLAIN, '[ -n "$CI" ] && export DOCKER_HOST=tcp://docker:2376\ndocker info'),
  ],
  [
    'two exports joined by &&',
    'script tcp://docker:2376 verify dind reaches',
    job(
      '',
      'export DOCKER_HOST=tcp://docker:2376 DOCKER_TLS_VERIFY=1 && export DOCKER_CERT_PATH=/certs/client\ndocker info',
    ),
    GOOD,
  ],
  [
    'in case of failure',
    'script - unknown unknown cannot-tell',
    job(PLAIN, 'docker info || export DOCKER_HOST=tcp://docker:2376\ndocker ps').replace(
      '- "docker info ||',
      '- "true ||',
    ),
  ],
  [
    'a default for what is set',
    REACHES_PLAIN.replace('job', 'script'),
    job(PLAIN, 'export DOCKER_HOST=${DOCKER_HOST:-tcp://docker:2376}\ndocker info'),
  ],
  [
    'a default for what is not set',
    'script tcp://docker:2375 none dind reaches',
    job(
      'DOCKER_TLS_CERTDIR: ""',
      'export DOCKER_HOST=${DOCKER_HOST:-tcp://docker:2375}\ndocker info',
      'ubuntu:24.04',
    ),
  ],
  [
    'a plain assignment of a variable that is exported',
    'script tcp://docker:2376 none dind fails tls-port-mismatch-2376',
    job(PLAIN, 'DOCKER_HOST=tcp://docker:2376\ndocker info'),
  ],
  [
    'a plain assignment that no program sees',
    'script unix:///var/run/docker.sock none none fails docker-host-unset-no-entrypoint',
    job('DOCKER_TLS_CERTDIR: ""', 'DOCKER_HOST=tcp://docker:2375\ndocker info', 'ubuntu:24.04'),
  ],
  [
    'an assignment that is exported later',
    'script tcp://docker:2375 none dind reaches',
    job(
      'DOCKER_TLS_CERTDIR: ""',
      'DOCKER_HOST=tcp://docker:2375\nexport DOCKER_HOST\ndocker info',
      'ubuntu:24.04',
    ),
  ],
  [
    'unset behind the entrypoint',
    'script unix:///var/run/docker.sock none none fails docker-host-unset-no-entrypoint',
    job('', 'unset DOCKER_HOST DOCKER_TLS_VERIFY DOCKER_CERT_PATH\ndocker info'),
  ],
  [
    'export -n',
    'script unix:///var/run/docker.sock none none fails docker-host-unset-no-entrypoint',
    job(PLAIN, 'export -n DOCKER_HOST\ndocker info'),
  ],
  [
    'an empty host is none',
    'script unix:///var/run/docker.sock none none fails docker-host-unset-no-entrypoint',
    job(PLAIN, 'export DOCKER_HOST=\ndocker info'),
  ],
  [
    'TLS without a host dials its own machine',
    'script tcp://localhost:2376 verify none fails docker-host-localhost-docker-executor',
    job('', 'unset DOCKER_HOST\ndocker info'),
  ],
  [
    'the folder of certificates by the variable of the image',
    'script tcp://docker:2376 verify dind reaches',
    job(
      'DOCKER_HOST: "tcp://docker:2376"',
      'export DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=$DOCKER_TLS_CERTDIR/client\ndocker info',
    ),
  ],
  [
    'the same variable in another image',
    'script tcp://docker:2376 verify dind fails tls-cert-path-wrong',
    job(
      'DOCKER_HOST: "tcp://docker:2376"',
      'export DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=$DOCKER_TLS_CERTDIR/client\ndocker info',
      'ubuntu:24.04',
    ),
  ],
  [
    'TLS switched off for one line',
    `${REACHES_TLS}\nscript tcp://docker:2376 none dind fails tls-client-not-enabled`,
    job(TLS, 'docker info\nDOCKER_TLS_VERIFY= docker info'),
  ],
  [
    'DOCKER_TLS_CERTDIR in a script does nothing',
    REACHES_TLS,
    job('', 'export DOCKER_TLS_CERTDIR=""\ndocker info'),
  ],
  [
    'a subshell',
    `script tcp://docker:2376 none dind fails tls-port-mismatch-2376\n${REACHES_PLAIN}`,
    job(PLAIN, '(export DOCKER_HOST=tcp://docker:2376; docker info)\ndocker info'),
  ],
  [
    'two subshells',
    REACHES_PLAIN,
    job(PLAIN, '(export DOCKER_HOST=tcp://docker:2376; true) && (docker info)'),
  ],
  [
    'a shell of its own',
    `script tcp://docker:2376 none dind cannot-tell\n${REACHES_PLAIN}`,
    job(PLAIN, "sh -c 'export DOCKER_HOST=tcp://docker:2376; docker info'\ndocker info"),
  ],
  [
    'a pipe',
    'script - unknown unknown cannot-tell',
    job(PLAIN, 'echo x | export DOCKER_HOST=tcp://docker:2376\ndocker info'),
  ],
  [
    'a function',
    'script - unknown unknown cannot-tell',
    job(PLAIN, 'f() { export DOCKER_HOST=tcp://docker:2376; }\nf\ndocker info'),
  ],
  [
    'docker in a function that is called later',
    'script - unknown unknown cannot-tell',
    job(PLAIN, 'f() { docker info; }\nexport DOCKER_HOST=tcp://docker:2376\nf'),
  ],
  [
    'a file read into the shell',
    'script - unknown unknown cannot-tell',
    job(PLAIN, 'source vars.sh\ndocker info'),
  ],
  [
    'a value set behind a file read into the shell',
    'script tcp://docker:2376 none dind fails tls-port-mismatch-2376',
    job(
      PLAIN,
      'source vars.sh\nexport DOCKER_HOST=tcp://docker:2376 DOCKER_TLS_VERIFY= DOCKER_TLS=\ndocker info',
    ),
  ],
  ['an agent for ssh', REACHES_PLAIN, job(PLAIN, 'eval $(ssh-agent -s)\ndocker info')],
  [
    'eval of something else',
    'script - unknown unknown cannot-tell',
    job(PLAIN, 'eval $(docker-machine env x)\ndocker info'),
  ],
  [
    'names that only come up when it runs',
    'script - unknown unknown cannot-tell',
    job(PLAIN, 'export $(cat .env)\ndocker info'),
  ],
  ['read', 'script - unknown unknown cannot-tell', job(PLAIN, 'read DOCKER_HOST < host\ndocker info')],
  [
    'before_script and script share a shell',
    'script tcp://docker:2376 none dind fails tls-port-mismatch-2376',
    job(PLAIN, 'docker info', undefined, '  before_script: ["export DOCKER_HOST=tcp://docker:2376"]\n'),
  ],
  [
    'after_script has a shell of its own',
    'script tcp://docker:2376 none dind fails tls-port-mismatch-2376\njob tcp://docker:2375 none dind reaches',
    job(
      PLAIN,
      'export DOCKER_HOST=tcp://docker:2376\ndocker info',
      undefined,
      '  after_script: [docker ps]\n',
    ),
  ],
];

for (const [name, expected, pipeline, config] of CASES) {
  test(`script: ${name}`, () => assert.equal(lines(pipeline, config ?? GOOD), expected));
}

test('a fault of the script stands on the word of the script', () => {
  const at = (script: string): string | undefined => {
    const [row] = traceJob(job(PLAIN, script), GOOD);
    const fault = row && failureOf(row);
    return fault && writtenAt(fault);
  };
  assert.equal(at('export DOCKER_HOST=tcp://docker:2376\ndocker info'), 'tcp://docker:2376');
  assert.equal(at('docker -H tcp://docker:2376 info'), 'tcp://docker:2376');
  assert.equal(at('unset DOCKER_HOST\ndocker info'), 'DOCKER_HOST');
});

test('what the script exports does not change the services', () => {
  const [row] = traceJob(job(PLAIN, 'export DOCKER_TLS_CERTDIR=/certs\ndocker info'), GOOD);
  assert.deepEqual(
    row?.beside.map(({ certDir }) => certDir),
    [undefined],
  );
});
