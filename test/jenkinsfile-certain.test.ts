/** Holds what is read of Jenkinsfiles to what is certain: variables, names, registries, agents. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { found, rows, SOCKET } from './support/jenkins.js';
import { projectOf } from './support/project.js';

const MOUNT = `docker-sock-mount /var/run/docker.sock:/var/run/docker.sock`;

const INSIDE = `docker.image('docker:29.7.2-cli').inside('${SOCKET} --group-add 998') { sh 'docker info' }`;

test('what code sets for the whole run is unknown but behind the one line that does so', () => {
  const set = "env.DOCKER_HOST = 'http://x:1'";
  assert.deepEqual(rows(`node { ${set}\n${INSIDE} }`), ['pipeline fails docker-host-bad-syntax']);
  for (const text of [
    `node { if (params.A) { ${set} }\n${INSIDE} }`,
    `node { if (params.A) ${set}\n${INSIDE} }`,
    `node { ${INSIDE}\n${set} }`,
    `node { stage('a') { ${set} }\n${INSIDE} }`,
    `def f() { ${set} }\nnode { f()\n${INSIDE} }`,
    `node { ${set}\nenv.DOCKER_HOST = other()\n${INSIDE} }`,
    `node { env['DOCKER_HOST'] = other()\n${INSIDE} }`,
    `node { switch (a) { case 'b': ${set}; break; case 'c': ${INSIDE} } }`,
  ])
    assert.deepEqual(rows(text), ['pipeline cannot-tell'], text);
  // Blocks of variables count more.
  const block = `withEnv(['DOCKER_HOST=tcp://a']) { ${set}\n${INSIDE} }`;
  assert.deepEqual(rows(`node { ${block} }`), ['pipeline cannot-tell tcp://a:2375']);
});

test('blocks with variables that cannot be read may set any, and each counts for itself', () => {
  assert.deepEqual(rows(`node { withEnv(list) { ${INSIDE} } }`), ['pipeline cannot-tell']);
  assert.deepEqual(rows(`node { withEnv(["A=\\\\b"]) { ${INSIDE} } }`), [
    'pipeline reaches unix:///var/run/docker.sock',
  ]);
  const each = (host: string): string => `withEnv(['DOCKER_HOST=${host}']) { sh 'docker info' }`;
  const inside = `docker.image('docker:29.7.2-cli').inside { ${each('tcp://a:1')}\n${each('tcp://b:2')} }`;
  assert.deepEqual(rows(`node { ${inside} }`), [
    'pipeline cannot-tell tcp://a:1',
    'pipeline cannot-tell tcp://b:2',
  ]);
  // docker exec hands the variables of the step on.
  const given = INSIDE.replace("--group-add 998'", "-e DOCKER_HOST=tcp://a:1'");
  assert.deepEqual(rows(`node { ${given} }`), ['pipeline cannot-tell tcp://a:1']);
  assert.deepEqual(rows(`node { withEnv(['DOCKER_HOST=tcp://b:2']) { ${given} } }`), [
    'pipeline cannot-tell tcp://b:2',
  ]);
});

test('what credentials put into variables is unknown', () => {
  const verify = '-e DOCKER_TLS_VERIFY=1 -e DOCKER_HOST=tcp://a:2376';
  const inside = (block: string): string =>
    `node { docker.image('docker:29.7.2-cli').inside('${verify}') { ${block} { sh 'docker info' } } }`;
  const fails = ['pipeline fails tls-verify-without-cert-path'];
  assert.deepEqual(rows(inside('timeout(1)')), fails);
  for (const home of ['-v /home/ci:/home/ci', '-v /home/ci/.docker:/.docker', '-e HOME=/tmp'])
    assert.deepEqual(rows(inside('timeout(1)').replace('-e DOCKER_TLS', `${home} -e DOCKER_TLS`)), [
      'pipeline cannot-tell tcp://a:2376',
    ]);
  const certificates = "dockerCert(credentialsId: 'a', variable: 'DOCKER_CERT_PATH')";
  const old = "[$class: 'DockerServerCredentialsBinding', credentialsId: 'a', variable: 'DOCKER_CERT_PATH']";
  for (const list of [`[${certificates}]`, certificates, `[${old}]`, 'list'])
    assert.deepEqual(
      rows(inside(`withCredentials(${list})`))
        .slice(0, 1)[0]
        ?.split(' ')[1],
      'cannot-tell',
      list,
    );
  assert.deepEqual(rows(inside("withCredentials([string(credentialsId: 'a', variable: 'TOKEN')])")), fails);
});

test('agents of a matrix are those of its stages', () => {
  const text = `pipeline { agent none
  stages { stage('m') { matrix {
    axes { axis { name 'A'; values 'x', 'y' } }
    agent { docker { image 'docker:29.7.2-cli'; args '${SOCKET}' } }
    stages { stage('n') { steps { sh 'docker info' } } }
  } } }
}`;
  assert.ok(found(text).includes(MOUNT));
});

test('pods, images and scripts may have a name that is set once', () => {
  const pod = "'''kind: Pod\nspec:\n  containers:\n    - name: dind\n      image: docker:dind\n'''";
  const agent = (name: string): string =>
    `pipeline { agent { kubernetes { yaml ${name} } }\n stages { stage('a') { steps { echo 'x' } } } }`;
  const latest = 'image-latest docker:dind';
  assert.ok(found(`def pod = ${pod}\n${agent('pod')}`).includes(latest));
  assert.ok(found(`String pod = ${pod}\n${agent('pod')}`).includes(latest));
  for (const more of ['pod += other', "pod = ''", "if (a) { pod = '' }", "def f() { pod = '' }"])
    assert.deepEqual(found(`def pod = ${pod}\n${more}\n${agent('pod')}`), [], more);
  assert.deepEqual(found(`if (a) { pod = ${pod} }\n${agent('pod')}`), []);
  assert.deepEqual(found(`def f() { def pod = ${pod} }\n${agent('pod')}`), []);
  // One text for two agents is one pod.
  const stage = `stage('a') { agent { kubernetes { yaml pod } } steps { container('dind') { sh 'docker ps' } } }`;
  const twice = `def pod = ${pod}\npipeline { agent none\n stages { ${stage}\n${stage} } }`;
  assert.equal(found(twice).filter(one => one === latest).length, 1);
});

test('images come from the registry that Jenkins is told of', () => {
  const inside = "docker.image('docker:latest').inside { sh 'docker info' }";
  const message = (url: string): string | undefined =>
    projectOf([['Jenkinsfile', `node { docker.withRegistry(${url}) { ${inside} } }`]]).check()[0]?.findings[0]
      ?.message;
  assert.match(
    message("'https://registry.example.com:5000/v2/', 'x'") ?? '',
    /^registry\.example\.com:5000\/docker:latest,/,
  );
  assert.match(message("'https://index.docker.io/v1/', 'x'") ?? '', /^docker:latest,/);
  assert.match(message("''") ?? '', /^docker:latest,/);
  const run = inside.replace('inside', 'withRun');
  assert.ok(
    found(`node { docker.withRegistry('https://r.example.com') { ${run} } }`).includes(
      'image-latest docker:latest',
    ),
  );
});

test('an image takes no variables of its own stage', () => {
  const text = (outer: string, inner: string): string => `pipeline { agent none
  environment { ${outer} }
  stages { stage('a') { environment { ${inner} }
    agent { docker { image "docker:\${TAG}" } } steps { sh 'docker info' } } } }`;
  assert.deepEqual(found(text("TAG = 'latest'", "A = 'b'")), ['image-latest docker:${TAG}']);
  assert.deepEqual(found(text("A = 'b'", "TAG = 'latest'")), []);
});

test('what adds containers to a pod leaves it open, and the first line says so', () => {
  const pod = "yaml '''kind: Pod\nspec:\n  containers:\n    - name: a\n      image: docker:dind\n'''";
  const agents = [
    `pipeline { agent { kubernetes { ${pod}\n containerTemplate { name 'x'; image 'docker:dind' } } } }`,
    `podTemplate(yaml: '') { podTemplate(${pod.replace('yaml', 'yaml:')}) { node(POD_LABEL) { sh 'x' } } }`,
    `pipeline { agent { kubernetes { yamlFile 'pod.yaml' } } }`,
  ];
  for (const text of agents) {
    assert.deepEqual(found(text), [], text);
    const hover = projectOf([['Jenkinsfile', text]]).hover('Jenkinsfile', 0);
    assert.match(
      hover?.markdown ?? '',
      /0 pods\. It does not read [12] agents? that (is|are) not written here/,
      text,
    );
  }
});

test('closures that are kept for later are read, and those of unknown methods run somewhere', () => {
  const login = "sh 'docker login -u a -p b'";
  assert.equal(found(`def b = [:]\nb[n] = { node { ${login} } }\nparallel b`).length, 1);
  assert.equal(found(`parallel([a: { node { ${login} } }])`).length, 1);
  const inside = (body: string): string =>
    `node { docker.image('alpine:3').inside('-e DOCKER_HOST=http://x') { ${body} } }`;
  const bad = 'docker-host-bad-syntax http://x';
  assert.deepEqual(found(inside("retry(2) { sh 'docker info' }")), [bad]);
  assert.deepEqual(found(inside("lib.run({ sh 'docker info' })")), []);
});

test('a machine has no entrypoint in front of its commands, and may have certificates of its own', () => {
  const text = (env: string): string =>
    `pipeline { agent any\n environment { A = 'b'\n${env} }\n stages { stage('a') { steps { sh 'docker info' } } } }`;
  assert.deepEqual(rows(text('')), ['a cannot-tell unix:///var/run/docker.sock']);
  const verify = text("DOCKER_TLS_VERIFY = '1'\nDOCKER_HOST = 'tcp://a:2376'");
  assert.deepEqual(rows(verify), ['a cannot-tell tcp://a:2376']);
  const entered = `node { docker.image(IMAGE).inside('${SOCKET}') { sh 'docker info' } }`;
  assert.deepEqual(rows(entered), ['pipeline cannot-tell unix:///var/run/docker.sock']);
});

test('what no stage names is the pipeline', () => {
  const [file] = projectOf([['Jenkinsfile', "node { sh 'docker login -u a -p b' }"]]).check();
  assert.match(file?.findings[0]?.message ?? '', /^The pipeline gives docker login/);
});

test('steps name their container in either way, and a broken file its line', () => {
  const pod = `podTemplate(yaml: '''kind: Pod\nspec:\n  containers:\n    - name: a\n      image: docker:29.7.2-cli\n''')`;
  for (const name of ["'a'", "name: 'a', shell: '/bin/sh'", "shell: '/bin/sh', name: 'a'"])
    assert.deepEqual(
      rows(`${pod} { node(POD_LABEL) { container(${name}) { sh 'docker info' } } }`),
      ['a cannot-tell unix:///var/run/docker.sock'],
      name,
    );
  const hover = projectOf([['Jenkinsfile', "node {\n  sh 'a\n}\n"]]).hover('Jenkinsfile', 0);
  assert.match(hover?.markdown ?? '', /reads nothing .* on line 2 /);
});
