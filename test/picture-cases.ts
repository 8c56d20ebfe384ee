/** The topologies that pictures are held against golden files for: a pipeline, a runner, and what they are to show. */
import { GOOD, GOOD_POD, runner } from './trace-case.js';

interface Case {
  readonly name: string;
  /** The lines of the job `job` beneath its name. */
  readonly job: string;
  readonly config?: string;
}

const CLI = 'image: docker:29.7.2-cli';
const DIND = 'services: [docker:29.7.2-dind]';
const BUILD = 'script: [docker build .]';
const PLAIN = 'variables: { DOCKER_HOST: "tcp://docker:2375", DOCKER_TLS_CERTDIR: "" }';
const MISMATCH = 'variables: { DOCKER_HOST: "tcp://docker:2375" }';
const SOCKET = runner('volumes = ["/var/run/docker.sock:/var/run/docker.sock"]');

const many = Array.from({ length: 19 }, (_, i) => `registry.example.com/team/service-number-${i}:1.${i}`);

function job(...lines: readonly string[]): string {
  return lines.join('\n');
}

const RIGHT_TO_LEFT = 'بناء صورة الحاوية للإنتاج والاختبار';

export const CASES: readonly Case[] = [
  { name: 'dind-tls', job: job(CLI, DIND, BUILD), config: GOOD },
  { name: 'dind-tls-unseen-runner', job: job(CLI, DIND, BUILD) },
  {
    name: 'dind-tls-pod',
    job: job(
      CLI,
      DIND,
      'variables: { DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client }',
      BUILD,
    ),
    config: GOOD_POD,
  },
  { name: 'dind-plain', job: job(CLI, DIND, PLAIN, BUILD), config: GOOD },
  { name: 'port-mismatch', job: job(CLI, DIND, MISMATCH, BUILD), config: GOOD },
  { name: 'not-privileged', job: job(CLI, DIND, BUILD), config: runner('volumes = ["/certs/client"]') },
  {
    name: 'certificates-missing',
    job: job(
      CLI,
      DIND,
      'variables: { DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client }',
      BUILD,
    ),
    config: runner('privileged = true'),
  },
  { name: 'host-socket', job: job(CLI, BUILD), config: SOCKET },
  {
    name: 'socket-and-dind',
    job: job(CLI, DIND, BUILD),
    config: runner(
      'privileged = true\n    volumes = ["/certs/client", "/var/run/docker.sock:/var/run/docker.sock"]',
    ),
  },
  {
    name: 'socket-proxy',
    job: job(
      CLI,
      'services: [{ name: "tecnativa/docker-socket-proxy:v0.4.2", alias: docker, variables: { POST: "1", BUILD: "1", SESSION: "1", GRPC: "1" } }]',
      PLAIN,
      BUILD,
    ),
    config: SOCKET,
  },
  { name: 'rootless', job: job(CLI, 'services: [docker:29.7.2-dind-rootless]', BUILD), config: GOOD },
  { name: 'shell', job: job(BUILD), config: runner('', 'shell') },
  { name: 'nobody', job: job(CLI, BUILD), config: runner('') },
  {
    name: 'localhost',
    job: job(CLI, DIND, 'variables: { DOCKER_HOST: "tcp://localhost:2375", DOCKER_TLS_CERTDIR: "" }', BUILD),
    config: GOOD,
  },
  {
    name: 'remote',
    job: job(
      CLI,
      'variables: { DOCKER_HOST: "tcp://build-farm.internal.example.com:2376", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /secrets/docker }',
      BUILD,
    ),
    config: GOOD,
  },
  {
    name: 'kaniko',
    job: job(
      'image: { name: "ghcr.io/osscontainertools/kaniko:v1.27.6-debug", entrypoint: [""] }',
      'script: [/kaniko/executor --context . --no-push]',
    ),
  },
  {
    name: 'too-many-services',
    job: job(CLI, 'services: [docker:29.7.2-dind, postgres:17]', BUILD),
    config: runner('privileged = true\n    services_limit = 1\n    volumes = ["/certs/client"]'),
  },
  {
    name: 'twenty-services',
    job: job(CLI, `services: [docker:29.7.2-dind, ${many.join(', ')}]`, BUILD),
    config: GOOD,
  },
  {
    name: 'long-names',
    job: job(
      `image: registry.example.com/${'deep/'.repeat(30)}docker:29.7.2-cli`,
      `services: [{ name: registry.example.com/${'path/'.repeat(35)}docker:29.7.2-dind, alias: ${'a'.repeat(60)} }]`,
      `variables: { DOCKER_HOST: "tcp://${'a'.repeat(60)}:2376", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/certs/client" }`,
      BUILD,
    ),
    config: GOOD.replace('"r"', `"${'runner of the whole department '.repeat(7)}"`),
  },
  {
    name: 'matrix',
    job: job(CLI, 'services: ["docker:$V-dind"]', 'parallel: { matrix: [{ V: ["28", "29"] }] }', BUILD),
    config: GOOD,
  },
  {
    name: 'by-script',
    job: job('image: alpine:3.22', DIND, 'script: [export DOCKER_HOST=tcp://docker:2375, docker build .]'),
    config: GOOD,
  },
  {
    name: 'no-dockerd',
    job: job(CLI, 'services: [{ name: "docker:29.7.2-dind", command: [sleep, "60"] }]', BUILD),
    config: GOOD,
  },
  {
    name: 'right-to-left',
    job: job(CLI, DIND, MISMATCH, BUILD),
    config: GOOD.replace('"r"', `"${RIGHT_TO_LEFT}"`),
  },
];
