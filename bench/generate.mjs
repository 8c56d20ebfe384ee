/** Writes the inputs of the benchmark, the same for the same seed: GitLab pipelines and trees of CI files. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { anyJob, hiddenDocker, plainTcp, shortest } from './jobs.mjs';
import { random } from './random.mjs';

const SERVICES =
  'accounts billing catalog checkout delivery export gateway ledger mailer search stock web'.split(' ');
const JOBS_PER_HIDDEN = 25;

const HEADER = [
  '# One pipeline for all services.',
  'stages: [lint, test, build, deploy]',
  '',
  'variables:',
  '  IMAGE: $CI_REGISTRY_IMAGE',
  '  RELEASE_CHANNEL: stable',
  '  DOCKER_BUILDKIT: "1"',
  '',
  'default:',
  '  image: alpine:3.21',
  '  interruptible: true',
  '',
  '.retry: &retry',
  '  max: 2',
  '  when: [runner_system_failure]',
  '',
  '.build-variables: &build-variables',
  '  BUILDKIT_PROGRESS: plain',
  '',
];

/**
 * The text of a GitLab pipeline, with a mistake in its first job.
 * @param {number} lines how many lines it has, at least 40
 * @param {number} seed
 */
export function pipeline(lines, seed) {
  const source = random(seed);
  const out = [...HEADER, ...hiddenDocker('.docker', source)];
  let base = '.docker';
  let needs;
  for (let count = 0; ; count++) {
    if (count % JOBS_PER_HIDDEN === JOBS_PER_HIDDEN - 1 && out.length + 50 < lines) {
      base = `.docker-${count}`;
      out.push(...hiddenDocker(base, source));
    }
    const site = { name: `${source.pick(SERVICES)}-${count}`, needs, base, random: source };
    let job = count === 0 ? plainTcp(site) : anyJob(site);
    if (out.length + job.length > lines) job = shortest(site);
    if (out.length + job.length > lines) break;
    out.push(...job);
    needs = job.find(line => /^[a-z].*:$/.test(line))?.slice(0, -1);
  }
  while (out.length < lines) out.push('# The end.');
  return `${out.join('\n')}\n`;
}

/**
 * The text of a GitLab Runner `config.toml`.
 * @param {number} runners how many `[[runners]]` it has
 * @param {number} seed
 */
export function runnerFile(runners, seed) {
  const source = random(seed);
  const out = ['concurrent = 8', 'check_interval = 0', '', '[session_server]', '  session_timeout = 1800'];
  for (let index = 0; index < runners; index++) {
    const socket = source.chance(0.2);
    out.push('', '[[runners]]', `  name = "${source.pick(SERVICES)}-${index}"`);
    out.push('  url = "https://gitlab.example.com"', `  id = ${index + 1}`, '  token = "example"');
    out.push('  token_expires_at = 0001-01-01T00:00:00Z', '  executor = "docker"');
    out.push('  [runners.cache]', '    MaxUploadedArchiveSize = 0', '  [runners.docker]');
    out.push('    image = "alpine:3.21"', `    privileged = ${!socket}`, '    shm_size = 0');
    out.push(
      `    volumes = ["${socket ? '/var/run/docker.sock:/var/run/docker.sock' : '/certs/client'}", "/cache"]`,
    );
  }
  return `${out.join('\n')}\n`;
}

/** YAML that is no CI file. @param {number} seed */
function foreignFile(seed) {
  const source = random(seed);
  const name = source.pick(SERVICES);
  const out = ['apiVersion: v1', 'kind: ConfigMap', 'metadata:', `  name: ${name}`, 'data:'];
  for (let index = 0, count = 10 + source.integer(120); index < count; index++) {
    out.push(`  ${name}.setting-${index}: "${source.integer(100_000)}"`);
  }
  return `${out.join('\n')}\n`;
}

/**
 * Writes a tree: of 100 files 75 are `.gitlab-ci.yml`, 3 are `config.toml`, 22 are foreign YAML.
 * @param {string} root a folder, made if missing
 * @param {number} files how many files
 * @param {number} seed
 * @returns {{ files: number, bytes: number }} what was written
 */
export function writeTree(root, files, seed) {
  const source = random(seed);
  let bytes = 0;
  for (let index = 0; index < files; index++) {
    const folder = path.join(root, `group-${index % 12}`, `${source.pick(SERVICES)}-${index}`);
    const [name, text] = treeFile(index % 100, source.integer(150), seed + index);
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    bytes += Buffer.byteLength(text);
  }
  return { files, bytes };
}

function treeFile(slot, size, seed) {
  if (slot < 75) return ['.gitlab-ci.yml', pipeline(50 + size, seed)];
  if (slot < 78) return ['config.toml', runnerFile(1 + (size % 4), seed)];
  return ['config/values.yaml', foreignFile(seed)];
}
