/** What scripts do to the settings of docker: from which line on, for which command, and how sure that is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureOf, GOOD, lines, runner, traceJob, writtenAt } from './trace-case.js';

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
    'script tcp://docker:2376 - - -',
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
  [
    '--host wins',
    'script tcp://docker:2376 none dind fails tls-port-mismatch-2376',
    job(PLAIN, 'docker --host tcp://docker:2376 info'),
  ],
  [
    '-H in one word',
    'script tcp://docker:2376 none dind fails tls-port-mismatch-2376',
    job(PLAIN, 'docker -Htcp://docker:2376 info'),
  ],
  [
    '-H with a variable',
    'script tcp://docker:2376 none dind fails tls-port-mismatch-2376',
    job(`${PLAIN}, PORT: "2376"`, 'docker -H=tcp://docker:$PORT info'),
  ],
  ['a flag of run is no global one', REACHES_PLAIN, job(PLAIN, 'docker run -c 512 -h tcp://x alpine true')],
  [
    '--tls does not check',
    'script tcp://docker:2376 unverified dind reaches',
    job(
      'DOCKER_TLS_CERTDIR: "/certs"',
      'docker --tls --tlscacert=/certs/client/ca.pem --tlscert=/certs/client/cert.pem --tlskey=/certs/client/key.pem -H tcp://docker:2376 info',
      'ubuntu:24.04',
    ),
  ],
  [
    '--tlsverify=false turns TLS on',
    'script tcp://docker:2375 unverified dind fails tls-verify-without-cert-path',
    job(PLAIN, 'docker --tlsverify=false info'),
  ],
  [
    '--tlsverify without certificates',
    'script tcp://docker:2376 verify dind fails tls-verify-without-cert-path',
    job('DOCKER_HOST: "tcp://docker:2376"', 'docker --tlsverify info', 'ubuntu:24.04'),
  ],
  [
    'a context by name',
    'script tcp://docker:2376 none dind fails tls-port-mismatch-2376',
    job(PLAIN, 'docker context create c --docker host=tcp://docker:2376\ndocker --context c info'),
  ],
  [
    'a context with certificates',
    'script tcp://docker:2376 verify dind reaches',
    job(
      'DOCKER_TLS_CERTDIR: "/certs"',
      'docker context create c --docker "host=tcp://docker:2376,ca=/certs/client/ca.pem,cert=/certs/client/cert.pem,key=/certs/client/key.pem"\ndocker context use c\ndocker info',
      'ubuntu:24.04',
    ),
  ],
  [
    'DOCKER_HOST wins over the context in use',
    REACHES_PLAIN.replace('job', 'script'),
    job(PLAIN, 'docker context create c --docker host=tcp://docker:2376\ndocker context use c\ndocker info'),
  ],
  [
    'DOCKER_CONTEXT',
    'script tcp://docker:2375 none dind reaches',
    job(
      'DOCKER_TLS_CERTDIR: ""',
      'docker context create c --docker host=tcp://docker:2375\nexport DOCKER_CONTEXT=c\ndocker info',
      'ubuntu:24.04',
    ),
  ],
  [
    '-H wins over DOCKER_CONTEXT',
    'script tcp://docker:2375 none dind reaches',
    job('DOCKER_TLS_CERTDIR: "", DOCKER_CONTEXT: x', 'docker -H tcp://docker:2375 info', 'ubuntu:24.04'),
  ],
  [
    '--host and --context at once',
    'script - unknown unknown cannot-tell',
    job(PLAIN, 'docker -H tcp://docker:2375 -c x info'),
  ],
  [
    'a context that nobody makes',
    'script - unknown unknown cannot-tell',
    job(PLAIN, 'docker -c elsewhere info'),
  ],
  [
    'a context that copies the environment',
    REACHES_TLS,
    job(TLS, 'docker context create tls\ndocker buildx create tls --use\ndocker buildx build .'),
  ],
  [
    'back to the default context',
    'script unix:///var/run/docker.sock none none fails docker-host-unset-no-entrypoint',
    job(
      'DOCKER_TLS_CERTDIR: ""',
      'docker context create c --docker host=tcp://docker:2375\ndocker context use c\ndocker context use default\ndocker info',
      'ubuntu:24.04',
    ),
  ],
  [
    'env -u',
    'script unix:///var/run/docker.sock none none fails docker-host-unset-no-entrypoint',
    job(PLAIN, 'env -u DOCKER_HOST docker info'),
  ],
  [
    'env with a variable',
    'script tcp://docker:2376 none dind fails tls-port-mismatch-2376',
    job(PLAIN, 'env DOCKER_HOST=tcp://docker:2376 docker info'),
  ],
  ['sudo keeps few variables', 'job - unknown unknown cannot-tell', job(PLAIN, 'sudo docker info')],
  ['sudo -E keeps them', REACHES_PLAIN, job(PLAIN, 'sudo -E docker info')],
  [
    'a remote daemon over ssh',
    'script ssh://me@example.com none remote cannot-tell',
    job(PLAIN, 'export DOCKER_HOST=ssh://me@example.com\ndocker info'),
  ],
  [
    'no docker command, so nobody knows from which line on',
    'job - unknown unknown cannot-tell',
    job(PLAIN, 'export DOCKER_HOST=tcp://docker:2376\nmake'),
  ],
  [
    'a script of the runner in front',
    'script tcp://docker:2376 none dind fails tls-port-mismatch-2376',
    job(PLAIN, 'docker info'),
    runner('privileged = true', 'docker', '  pre_build_script = "export DOCKER_HOST=tcp://docker:2376"'),
  ],
  [
    'kaniko beside docker',
    `${REACHES_PLAIN}\nno-daemon-needed`,
    job(PLAIN, 'docker info\n/kaniko/executor --context .'),
  ],
  [
    'a builder that is not docker’s',
    'no-daemon-needed',
    'job:\n  image: docker:29.7.2-cli\n  script: ["docker buildx create --driver remote tcp://buildkitd:1234 --use", "docker buildx build ."]\n',
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
