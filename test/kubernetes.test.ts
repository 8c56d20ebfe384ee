/** Reads pods and tasks in all the shapes in which manifests hold them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutTemplates } from '../server/src/dialects/kubernetes/templates.js';
import { projectOf } from './support/project.js';

const CLIENT = `
    - name: build
      image: docker:29.7.2-cli
      command: [sh, -c]
      args: [docker build .]
      env:
        - name: DOCKER_HOST
          value: tcp://localhost:2375
    - name: dind
      image: docker:29.7.2-dind
      args: ["--tls=false"]
      securityContext: { privileged: true }
      env:
        - name: DOCKER_TLS_CERTDIR
          value: ""
`;

function pod(containers = CLIENT, more = ''): string {
  return `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ci\nspec:${more}\n  containers:${containers}`;
}

function verdicts(text: string, path = 'pod.yaml'): readonly string[] {
  const project = projectOf([[path, text]]);
  return project
    .trace()
    .map(({ site, verdict, failure, daemon }) =>
      [site, verdict, failure ?? daemon.kind].filter(Boolean).join(' '),
    );
}

function rules(text: string): readonly string[] {
  return projectOf([['pod.yaml', text]])
    .check()
    .flatMap(({ findings }) => findings.map(({ rule, severity }) => `${severity} ${rule}`));
}

const REACHES = ['build reaches dind'];

test('containers of a pod reach each other on localhost', () => {
  assert.deepEqual(verdicts(pod()), REACHES);
});

test('every pod of a file with many documents is read, and those in templates of workloads', () => {
  const indented = pod().trimEnd().replace(/^/gm, '    ');
  const template = `${indented.slice(indented.indexOf('    metadata:'))}\n`;
  const workload = (kind: string): string =>
    `apiVersion: batch/v1\nkind: ${kind}\nmetadata:\n  name: w\nspec:\n  template:\n${template}`;
  const cron = `apiVersion: batch/v1\nkind: CronJob\nspec:\n  jobTemplate:\n    spec:\n      template:\n${template.replace(/^ {4}/gm, '        ')}`;
  const list = `apiVersion: v1\nkind: List\nitems:\n- ${pod().trimEnd().replace(/\n/g, '\n  ')}\n`;
  const others = Array.from({ length: 6 }, (_, i) => `kind: ConfigMap\napiVersion: v1\ndata:\n  i: "${i}"\n`);
  const text = [pod(), ...others, workload('Deployment'), workload('Job'), cron, list].join('---\n');
  assert.deepEqual(verdicts(text), [...REACHES, ...REACHES, ...REACHES, ...REACHES, ...REACHES]);
});

test('a name of no container may be a Service of the cluster', () => {
  assert.deepEqual(verdicts(pod(CLIENT.replace('localhost', 'docker'))), ['build cannot-tell remote']);
});

test('names that the pod gives itself lead to its daemon', () => {
  const alias = '\n  hostAliases:\n    - ip: 127.0.0.1\n      hostnames: [docker]';
  assert.deepEqual(verdicts(pod(CLIENT.replace('localhost', 'docker'), alias)), REACHES);
});

test('a socket on a shared folder is found, at any level', () => {
  const socket = CLIENT.replace('value: tcp://localhost:2375', 'value: unix:///sock/docker.sock')
    .replace('    - name: dind', '      volumeMounts: [{ name: s, mountPath: /sock }]\n    - name: dind')
    .replace(
      'value: ""',
      'value: ""\n        - { name: DOCKER_HOST, value: "unix:///run/x/docker.sock" }\n      volumeMounts: [{ name: s, mountPath: /run/x }]\n  volumes: [{ name: s, emptyDir: {} }]',
    );
  assert.deepEqual(verdicts(pod(socket)), REACHES);
  const apart = socket.replace('mountPath: /sock }', 'mountPath: /sock, subPath: other }');
  assert.deepEqual(verdicts(pod(apart)), ['build cannot-tell unknown']);
});

test('what a Secret gives is unknown', () => {
  const from = CLIENT.replace(
    'value: tcp://localhost:2375',
    'valueFrom: { secretKeyRef: { name: s, key: k } }',
  );
  assert.deepEqual(verdicts(pod(from)), ['build cannot-tell unknown']);
});

test('a daemon without privilege fails, but not in a user namespace or a machine of its own', () => {
  const bare = CLIENT.replace('      securityContext: { privileged: true }\n', '');
  assert.deepEqual(rules(pod(bare)).slice(0, 1), ['error dind-without-privileged']);
  for (const more of ['\n  runtimeClassName: kata', '\n  hostUsers: false', '\n  runtimeClassName: ours'])
    assert.ok(!rules(pod(bare, more)).includes('error dind-without-privileged'), more);
});

test('an init container that goes on runs beside the others; one that ends does not', () => {
  const [build = '', dind = ''] = CLIENT.split('    - name: dind');
  const init = (always: string): string =>
    pod(build, `\n  initContainers:\n    - name: dind${dind.trimEnd()}${always}`);
  assert.deepEqual(verdicts(init('\n      restartPolicy: Always')), REACHES);
  assert.deepEqual(verdicts(init('')), ['build cannot-tell unknown']);
});

const TASK = `apiVersion: tekton.dev/v1
kind: Task
metadata: { name: build }
spec:
  params: [{ name: image }]
  stepTemplate:
    env: [{ name: DOCKER_HOST, value: "tcp://localhost:2375" }]
  steps:
    - name: build
      image: docker:29.7.2-cli
      script: |
        docker build -t $(params.image) .
    - name: python
      image: python:3.13
      script: |
        #!/usr/bin/env python3
        print("docker build")
  sidecars:
    - name: dind
      image: docker:29.7.2-dind
      args: ["--tls=false"]
      securityContext: { privileged: true }
      env: [{ name: DOCKER_TLS_CERTDIR, value: "" }]
`;

test('steps of a Tekton task share a pod with its sidecars', () => {
  assert.deepEqual(verdicts(TASK), ['build reaches dind', 'python reaches dind']);
  const inline = `apiVersion: tekton.dev/v1\nkind: Pipeline\nspec:\n  tasks:\n    - name: t\n      taskSpec:\n${TASK.slice(
    TASK.indexOf('  params:'),
  ).replace(/^/gm, '      ')}`;
  assert.deepEqual(verdicts(inline), ['build reaches dind', 'python reaches dind']);
});

test('an image that may be client or daemon is taken for neither', () => {
  const digest = `docker@sha256:${'ab'.repeat(32)}`;
  const open = CLIENT.replace('docker:29.7.2-dind', digest).replace('docker:29.7.2-cli', digest);
  assert.deepEqual(verdicts(pod(open)), ['build cannot-tell dind']);
  const bare = open.replace('      args: ["--tls=false"]\n', '').replace('securityContext', 'resources');
  assert.deepEqual(rules(pod(bare)), []);
  const script = TASK.replace('docker:29.7.2-cli', digest).replace('securityContext', 'resources');
  assert.ok(!rules(script).some(one => one.includes('step')));
});

test('of a template the literal part is judged, and nothing that the template may change', () => {
  const filled = CLIENT.replace('[docker build .]', '["docker build {{ .Values.context }}"]');
  assert.deepEqual(verdicts(pod(filled)), REACHES);
  const image = CLIENT.replace('docker:29.7.2-cli', '{{ .Values.image }}:29.7.2-cli');
  assert.deepEqual(verdicts(pod(image)), ['build cannot-tell dind']);
  const chosen = CLIENT.replace(
    '        - name: DOCKER_TLS_CERTDIR',
    '        {{- if .Values.plain }}\n        - name: DOCKER_TLS_CERTDIR',
  ).replace('          value: ""\n', '          value: ""\n        {{- end }}\n');
  assert.deepEqual(verdicts(pod(chosen)), ['build cannot-tell unknown']);
  const moving = chosen.replace('docker:29.7.2-dind', 'docker:dind');
  assert.deepEqual(rules(pod(moving)), ['warning image-latest']);
  assert.deepEqual(rules(pod(`${moving}\n{% raw %}{{ x\n`)), []);
});

test('other YAML files are none of ours', () => {
  const foreign = [
    pod().replaceAll('docker:', 'nginx:').replaceAll('DOCKER_HOST', 'HOST'),
    'image: docker:dind\nkind: nothing\n',
    pod().replace('kind: Pod', 'kind: DaemonSet'),
  ];
  for (const text of foreign) assert.equal(projectOf([['pod.yaml', text]]).dialectOf('pod.yaml'), undefined);
  assert.equal(projectOf([['any-name.yml', pod()]]).dialectOf('any-name.yml'), 'kubernetes');
});

test('broken and odd text is read without a word', () => {
  const odd = ['containers: [', 'containers: {}', 'containers:\n    - *nobody', 'containers:\n    - &a [*a]'];
  for (const one of odd) assert.deepEqual(rules(pod().replace(/containers:[\s\S]*/, one)), []);
  assert.deepEqual(verdicts(pod().replaceAll('\n', '\r\n')), REACHES);
});

test('booleans are those of YAML 1.1, and anything else is none', () => {
  const dind = (privileged: string): string =>
    pod(CLIENT.replace('privileged: true', `privileged: ${privileged}`));
  for (const yes of ['True', 'yes', 'on', 'TRUE']) assert.deepEqual(verdicts(dind(yes)), REACHES, yes);
  for (const no of ['false', 'no', 'Off'])
    assert.deepEqual(verdicts(dind(no)), ['build fails dind-without-privileged'], no);
  for (const other of ['$(params.privileged)', '1', 'maybe'])
    assert.deepEqual(verdicts(dind(other)), ['build cannot-tell dind'], other);
});

test('of two equal keys the last counts, and merges are followed', () => {
  const twice = CLIENT.replace(
    'image: docker:29.7.2-dind',
    'image: alpine:3\n      image: docker:29.7.2-dind',
  );
  assert.deepEqual(verdicts(pod(twice)), REACHES);
  const merged = CLIENT.replace('securityContext: { privileged: true }', '<<: [*a, *b]');
  const more = '\n  x: &a {}\n  y: &b { <<: { securityContext: { privileged: yes } } }';
  assert.deepEqual(verdicts(pod(merged, more)), REACHES);
});

const TLS = ['DOCKER_HOST=tcp://localhost:2376', 'DOCKER_TLS_VERIFY=1', 'DOCKER_CERT_PATH=/certs/client'];

test('steps take mounts and variables of their template, sidecars do not; workspaces go to both', () => {
  const env = TLS.map(one => one.replace(/(.*)=(.*)/, '{ name: $1, value: "$2" }')).join(', ');
  const task = (template: string, sidecar: string, more = ''): string =>
    `apiVersion: tekton.dev/v1\nkind: Task\nmetadata: { name: a }\nspec:${more}\n  stepTemplate: { env: [${env}]${template} }
  steps:\n  - name: build\n    image: docker:29.7.2-cli\n    script: docker build .
  sidecars:\n  - name: dind\n    image: docker:29.7.2-dind\n    securityContext: { privileged: true }${sidecar}\n`;
  const mounts = 'volumeMounts: [{ name: certs, mountPath: /certs/client }]';
  const volumes = '\n  volumes: [{ name: certs, emptyDir: {} }]';
  assert.deepEqual(verdicts(task(`, ${mounts}`, `\n    ${mounts}`, volumes)), ['build reaches dind']);
  assert.deepEqual(verdicts(task(`, ${mounts}`, '', volumes)), ['build fails certs-volume-missing']);
  const own = '\n    env: [{ name: DOCKER_TLS_CERTDIR, value: /workspace/certs }]';
  const there = (more: string): string =>
    task('', own, more).replace('/certs/client"', '/workspace/certs/client"');
  assert.deepEqual(verdicts(there('')), ['build fails certs-volume-missing']);
  assert.deepEqual(verdicts(there('\n  workspaces: [{ name: certs }]')), ['build reaches dind']);
  assert.deepEqual(verdicts(task('', '', '\n  workspaces: [{ name: x, mountPath: /certs }]')), [
    'build reaches dind',
  ]);
});

test('nobody but the pod itself answers to localhost', () => {
  const alone = CLIENT.slice(0, CLIENT.indexOf('    - name: dind'));
  const [row] = projectOf([['pod.yaml', pod(alone)]]).trace();
  assert.deepEqual(row?.missing, ['which daemon answers to localhost']);
});

test('expressions of templates are taken out, in time that grows with the text', () => {
  const holes = (text: string): string => withoutTemplates(text).text.replaceAll('\uFFFC', '?');
  assert.equal(holes('a: {{ b }} # {{ c }}\n'), 'a: ??????? # ???????\n');
  assert.equal(holes('a: 1\n  {{ b }} {% c %} # d\n'), `a: 1\n${' '.repeat(18)}# d\n`);
  assert.equal(holes('{{- /* a\n*/}}\nb: {# c #}1'), '        \n    \nb:        1');
  const open = (text: string): boolean => withoutTemplates(text).open;
  assert.equal(open('{{ if a }}\nb: 1\n'), true);
  assert.equal(open('b: 1\r\n {%- endif %}\r\n'), true);
  assert.equal(open('{{/* a */}}\nb: {{ c }}\n# {{ d }}\n'), false);
  assert.equal(open('a: {{ b\nc: {% d'), false);
  for (const piece of ['{{', '{{ a }} ', '{%', '<% x', '{{ a\n}} ', 'x: {{ a }}\n']) {
    const start = performance.now();
    withoutTemplates(piece.repeat(50_000));
    assert.ok(performance.now() - start < 2_000, `${piece} takes too long`);
  }
});
