/** Reads Jenkinsfiles: which steps run on which agent, and what their docker reaches; the rest is left alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { found, rows, SOCKET } from './support/jenkins.js';
import { projectOf } from './support/project.js';

const MOUNT = `docker-sock-mount /var/run/docker.sock:/var/run/docker.sock`;

test('the agent of a stage wins over that of the pipeline', () => {
  const text = `pipeline {
  agent { docker { image 'docker:29.7.2-cli'; args '${SOCKET} --group-add 998' } }
  stages {
    stage('a') { steps { sh 'docker info' } }
    stage('b') {
      agent { label 'big' }
      steps { sh 'docker info' }
    }
    stage('c') {
      agent none
      stages { stage('d') { steps { sh 'docker info' } } }
    }
  }
}`;
  assert.deepEqual(rows(text), [
    'a reaches unix:///var/run/docker.sock',
    'b cannot-tell unix:///var/run/docker.sock',
    'c/d reaches unix:///var/run/docker.sock',
  ]);
  assert.deepEqual(found(text), [MOUNT]);
});

test('variables come from every level, and literals are put together', () => {
  const text = `pipeline {
  agent any
  environment { HOST = 'builder.example.com'; DOCKER_HOST = "tcp://\${HOST}:2376" }
  stages {
    stage('a') { steps { sh 'docker info' } }
    stage('b') { environment { DOCKER_HOST = 'tcp://other:2376' } steps { sh 'docker info' } }
    stage('c') { steps { withEnv(["DOCKER_HOST=tcp://\${HOST}:1"]) { sh 'docker info' } } }
    stage('d') { steps { withEnv(["DOCKER_HOST=\${params.HOST}"]) { sh 'docker info' } } }
    stage('e') { steps { script { docker.withServer('tcp://e:2376') { sh 'docker info' } } } }
  }
}`;
  assert.deepEqual(rows(text), [
    'a cannot-tell tcp://builder.example.com:2376',
    'b cannot-tell tcp://other:2376',
    'c cannot-tell tcp://builder.example.com:1',
    'd cannot-tell',
    'e cannot-tell tcp://e:2376',
  ]);
});

test('parallel and matrix stages are read, and so are those of post', () => {
  const text = `pipeline {
  agent { docker { image 'docker:29.7.2-cli'; args '${SOCKET}' } }
  stages {
    stage('m') {
      matrix {
        axes { axis { name 'A'; values 'x', 'y' } }
        stages { stage('n') { steps { sh 'docker login -u a -p b' } } }
      }
    }
    stage('p') { parallel { stage('q') { steps { sh 'docker info' } } } }
  }
  post { always { sh 'docker system prune -f' } }
}`;
  assert.deepEqual(
    rows(text).map(row => row.split(' ')[0]),
    ['pipeline', 'm/n', 'p/q'],
  );
  assert.ok(found(text).includes('login-password-on-command-line -p b'));
});

const DIND = `docker.image('docker:29.7.2-dind').withRun('--privileged -e DOCKER_TLS_CERTDIR=""', '--tls=false') { c ->
  docker.image('docker:29.7.2-cli').inside("--link \${c.id}:docker -e DOCKER_HOST=tcp://docker:2375") {
    sh 'until docker info; do sleep 1; done'
    sh 'docker build .'
  }
}`;

test('a dind of withRun is reached by its link', () => {
  assert.deepEqual(rows(`node { stage('s') { ${DIND} } }`), ['s reaches tcp://docker:2375']);
  const other = DIND.replace('docker -e', 'other -e');
  assert.deepEqual(rows(`node { ${other} }`), ['pipeline cannot-tell tcp://docker:2375']);
});

test('steps in a pod are those of its container', () => {
  const pod = (env: string): string => `
      apiVersion: v1
      kind: Pod
      spec:
        containers:
          - name: build
            image: docker:29.7.2-cli
            command: [cat]
            env: [${env}]
          - name: dind
            image: docker:29.7.2-dind
            args: ["--tls=false"]
            securityContext: { privileged: true }
            env: [{ name: DOCKER_TLS_CERTDIR, value: "" }]
`;
  const HOST = '{ name: DOCKER_HOST, value: "tcp://localhost:2375" }';
  const declarative = (yaml: string): string => `pipeline {
  agent { kubernetes { yaml '''${yaml}''' } }
  stages { stage('s') { steps { container('build') { sh 'docker build .' } } } }
}`;
  assert.deepEqual(rows(declarative(pod(HOST))), ['build reaches tcp://localhost:2375']);
  assert.deepEqual(rows(declarative(pod(''))), ['build fails jenkins-k8s-pod-dind']);
  const scripted = `podTemplate(yaml: """${pod(HOST)}""") { node(POD_LABEL) { container('build') { sh 'docker info' } } }`;
  assert.deepEqual(rows(scripted), ['build reaches tcp://localhost:2375']);
  const filled = declarative(pod(HOST)).replaceAll("'''", '"""').replace('29.7.2-cli', '${params.TAG}');
  assert.deepEqual(rows(filled), ['build cannot-tell tcp://localhost:2375']);
  // What inherits from other templates may have more containers.
  assert.deepEqual(rows(declarative(pod('')).replace('yaml', "inheritFrom 'x'\n yaml")), []);
});

test('a finding in a pod stands where it is written, and its fix is written there', () => {
  const text = `pipeline {
  agent {
    kubernetes {
      yaml '''
kind: Pod
apiVersion: v1
spec:
  containers:
    - name: dind
      image: docker:dind
      securityContext:
        privileged: true
'''
    }
  }
  stages { stage('s') { steps { container('dind') { sh 'docker build .' } } } }
}`;
  const [finding] = projectOf([['Jenkinsfile', text]])
    .check()
    .flatMap(({ findings }) => findings);
  assert.equal(finding && text.slice(finding.start, finding.end), 'docker:dind');
  const [edit] = finding?.fixes()[0]?.edits[0]?.edits ?? [];
  assert.equal(
    edit && text.slice(0, edit.start) + edit.newText + text.slice(edit.end),
    text.replace('docker:dind', 'docker:29.7.2-dind'),
  );
});

test('what code makes, libraries run and comments say is left alone', () => {
  const silent = [
    `// agent { docker { image 'x'; args '${SOCKET}' } }`,
    `pipeline { agent { docker { image 'docker:29.7.2-cli'; args SOCKET_ARGS } } stages { stage('a') { steps { sh command } } } }`,
    `def f() { docker.image('docker:dind').inside { sh 'docker login -p x' } }`,
    `myLibrary.build(image: 'docker:dind', args: '${SOCKET}')`,
    `echo '''\n agent { docker { image "docker:dind" } }\n'''`,
    `pipeline { agent { docker { image "\${IMAGE}" } } stages { stage('a') { steps { sh 'make' } } } }`,
    `node { sh 'docker login -p x }`,
    `withRegistry { kubernetes { } } agent { }`,
  ];
  for (const text of silent) assert.deepEqual(found(text), [], text);
});

test('comments of Groovy ignore a finding, also within a text', () => {
  const agent = (comment: string): string =>
    `pipeline {\n  agent {\n    docker {\n      image 'docker:29.7.2-cli'\n${comment}      args '${SOCKET} --group-add 998'\n    }\n  }\n}\n`;
  assert.deepEqual(found(agent('')), [MOUNT]);
  assert.deepEqual(found(agent('      // drydock-ignore: docker-sock-mount -- one team\n')), []);
  const login = (comment: string): string =>
    `node {\n  sh '''\n${comment}    docker login -u a -p b\n  '''\n}\n`;
  assert.deepEqual(found(login('')).length, 1);
  assert.deepEqual(found(login('    # drydock-ignore: login-password-on-command-line -- a test\n')), []);
});

test('a long file is read whole', () => {
  const stage = (i: number): string =>
    `        stage('s${i}') {\n            steps {\n                sh '''\n                    echo "it's ${i}"\n                '''\n            }\n        }\n`;
  const stages = Array.from({ length: 300 }, (_, i) => stage(i)).join('');
  const text = `pipeline {\n    agent any\n    stages {\n${stages}        stage('last') { steps { sh 'docker login -u a -p b' } }\n    }\n}\n`;
  assert.ok(text.split('\n').length > 2_000);
  assert.deepEqual(found(text), ['login-password-on-command-line -p b']);
});

test('the first line tells what was read, and a stage which daemon it reaches', () => {
  const text = `node { stage('s') { ${DIND} } }\n`;
  const project = projectOf([['Jenkinsfile', text]]);
  const hover = (at: number): string => project.hover('Jenkinsfile', at)?.markdown ?? '';
  assert.match(hover(0), /scripted.*2 `sh` steps.*2 containers/s);
  const lines = `\n${text}`;
  const second = projectOf([['Jenkinsfile', lines]]);
  assert.match(second.hover('Jenkinsfile', lines.indexOf("'s'") + 1)?.markdown ?? '', /Stage `s`.*reaches/s);
});

test('files of other languages are none of ours', () => {
  for (const path of ['Jenkinsfile.md', 'docs/Jenkinsfile.yaml', 'vars/build.groovy'])
    assert.equal(projectOf([[path, 'node { }\n']]).dialectOf(path), undefined, path);
  for (const path of ['ci/Jenkinsfile', 'Jenkinsfile.release', 'build.jenkinsfile'])
    assert.equal(projectOf([[path, 'node { }\n']]).dialectOf(path), 'jenkinsfile', path);
  assert.equal(projectOf([['ci/a.groovy', 'pipeline {\n}\n']]).dialectOf('ci/a.groovy'), 'jenkinsfile');
});
