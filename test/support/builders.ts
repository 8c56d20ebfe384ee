/** Runs scripts in a real shell with stand-ins for docker and other builders, and tells what they built, pushed and logged in to. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What the registry and the builders got to see of a script. */
export interface Outcome {
  /** Pushed references with all that decides what is in them. */
  readonly pushed: Readonly<Record<string, string>>;
  /** What was built, pushed or not. */
  readonly built: readonly string[];
  readonly logins: Readonly<Record<string, string>>;
  readonly output: string;
}

export const ENVIRONMENT: Readonly<Record<string, string>> = {
  CI_PROJECT_DIR: '/builds/shop',
  CI_REGISTRY: 'registry.example.com',
  CI_REGISTRY_IMAGE: 'registry.example.com/shop',
  CI_REGISTRY_USER: 'ci user',
  CI_REGISTRY_PASSWORD: 'p"a\\s$ s\'word',
  CI_COMMIT_SHA: '0123abc',
  TAG: '1.2',
  DIR: 'sub',
  FILE: 'docker/a.Dockerfile',
  SPACED: 'two words',
};

const STAND_IN = `#!/bin/sh
{ printf '%s\\037' "\${0##*/}" "$@"
  case "$*" in *--password-stdin*) printf '<%s\\037' "$(cat)";; esac
  printf '\\036'; } >> "$CALLS"
`;

const TOOLS = ['docker', 'buildah', 'buildctl-daemonless.sh', 'kaniko-executor'];

/** A folder with the stand-ins, to be used by many runs. */
export class Builders {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'drydock-builders-'));

  constructor() {
    for (const name of TOOLS) {
      const file = path.join(this.#folder, name);
      writeFileSync(file, STAND_IN);
      chmodSync(file, 0o755);
    }
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** @param script for `sh -e`; kaniko's folder is led to one that can be written */
  run(script: string): Outcome {
    const home = mkdtempSync(path.join(this.#folder, 'home-'));
    mkdirSync(path.join(home, 'sub'));
    const calls = path.join(home, 'calls');
    writeFileSync(calls, '');
    // Kaniko's image has the folder; others do not have theirs.
    if (script.includes('/kaniko/.docker')) mkdirSync(path.join(home, '.docker'));
    const led = script
      .replaceAll('/kaniko/executor', 'kaniko-executor')
      .replaceAll('/kaniko/.docker', '$HOME/.docker');
    const { status, stdout, stderr } = spawnSync('sh', ['-e', '-c', led], {
      cwd: home,
      env: { ...ENVIRONMENT, HOME: home, CALLS: calls, PATH: `${this.#folder}:${process.env.PATH}` },
      encoding: 'utf8',
    });
    assert.equal(status, 0, `${led}\n${stderr}`);
    const lines = readFileSync(calls, 'utf8')
      .split('\u001e')
      .filter(line => line !== '');
    const outcome = outcomeOf(
      lines.map(line => line.split('\u001f').slice(0, -1)),
      stdout,
    );
    const config = path.join(home, '.docker', 'config.json');
    return existsSync(config) ? { ...outcome, logins: { ...outcome.logins, ...loginsIn(config) } } : outcome;
  }
}

function loginsIn(file: string): Record<string, string> {
  const { auths } = JSON.parse(readFileSync(file, 'utf8')) as { auths: Record<string, { auth: string }> };
  return Object.fromEntries(
    Object.entries(auths).map(([registry, { auth }]) => [registry, Buffer.from(auth, 'base64').toString()]),
  );
}

/** Flags with values by name, in order, and operands; written apart from the product on purpose. */
function taken(
  words: readonly string[],
  switches: RegExp,
): { flags: [string, string][]; operands: string[] } {
  const flags: [string, string][] = [];
  const operands: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    const [name = '', ...rest] = word.split('=');
    if (!word.startsWith('-')) operands.push(word);
    else if (switches.test(name)) flags.push([name, '']);
    else if (rest.length > 0) flags.push([name, rest.join('=')]);
    else flags.push([name, words[++i] ?? '']);
  }
  return { flags, operands };
}

/** What decides on the contents of an image, as one text. */
function contents(parts: {
  context: string;
  file?: string | undefined;
  args: readonly string[];
  labels: readonly string[];
  target?: string | undefined;
  platform?: string | undefined;
}): string {
  const context = path.normalize(parts.context);
  const file = path.normalize(parts.file ?? path.join(context, 'Dockerfile'));
  const args = Object.fromEntries(parts.args.map(arg => [arg.split('=')[0], arg]));
  return JSON.stringify({
    context,
    file,
    args: Object.values(args).sort(),
    labels: [...parts.labels].sort(),
    target: parts.target,
    platform: parts.platform,
  });
}

const SWITCHES = /^(?:--push|--pull|--no-cache|--rm|-q|--quiet|--layers|--no-push|--load|--password-stdin)$/;

function outcomeOf(calls: readonly (readonly string[])[], output: string): Outcome {
  const images = new Map<string, string>();
  const pushed: Record<string, string> = {};
  const built: string[] = [];
  const logins: Record<string, string> = {};
  for (const [tool = '', ...words] of calls) {
    if (tool === 'buildctl-daemonless.sh') buildctl(words, pushed, built);
    else if (tool === 'kaniko-executor') kaniko(words, pushed, built);
    else client(words, images, pushed, built, logins);
  }
  return { pushed, built, logins, output };
}

function client(
  words: readonly string[],
  images: Map<string, string>,
  pushed: Record<string, string>,
  built: string[],
  logins: Record<string, string>,
): void {
  const rest = words[0] === 'buildx' || words[0] === 'image' ? words.slice(1) : words;
  const [name = '', ...more] = rest;
  const { flags, operands } = taken(more, SWITCHES);
  const all = (...names: string[]): string[] =>
    flags.flatMap(([flag, value]) => (names.includes(flag) ? [value] : []));
  const [first = '', second = ''] = operands;
  if (name === 'build') {
    const made = contents({
      context: first,
      file: all('-f', '--file').at(-1),
      args: all('--build-arg').flatMap(fromEnvironment),
      labels: all('--label').map(withEquals),
      target: all('--target').at(-1),
      platform: all('--platform').at(-1),
    });
    built.push(made);
    for (const tag of all('-t', '--tag')) {
      images.set(withTag(tag), made);
      if (flags.some(([flag]) => flag === '--push')) pushed[withTag(tag)] = made;
    }
  } else if (name === 'tag') images.set(withTag(second), images.get(withTag(first)) ?? '?');
  else if (name === 'push') pushed[withTag(first)] = images.get(withTag(first)) ?? '?';
  else if (name === 'login') {
    const input = operands
      .find(word => word.startsWith('<'))
      ?.slice(1)
      .trimEnd();
    const registry = operands.find(word => !word.startsWith('<')) ?? 'https://index.docker.io/v1/';
    const password = input ?? all('-p', '--password').at(-1);
    logins[registry === 'docker.io' ? 'https://index.docker.io/v1/' : registry] =
      `${all('-u', '--username').at(-1)}:${password}`;
  }
}

function buildctl(words: readonly string[], pushed: Record<string, string>, built: string[]): void {
  const { flags } = taken(words.slice(1), SWITCHES);
  const all = (name: string): string[] => flags.flatMap(([flag, value]) => (flag === name ? [value] : []));
  const pairs = (name: string): Map<string, string[]> => {
    const map = new Map<string, string[]>();
    for (const pair of all(name)) {
      const at = pair.indexOf('=');
      const key = pair.slice(0, at);
      map.set(key, [...(map.get(key) ?? []), pair.slice(at + 1)]);
    }
    return map;
  };
  const opts = pairs('--opt');
  const locals = pairs('--local');
  const named = (prefix: string): string[] =>
    [...opts].flatMap(([key, values]) =>
      key.startsWith(prefix) ? values.map(value => `${key.slice(prefix.length)}=${value}`) : [],
    );
  const made = contents({
    context: locals.get('context')?.[0] ?? '?',
    file: path.join(locals.get('dockerfile')?.[0] ?? '?', opts.get('filename')?.[0] ?? 'Dockerfile'),
    args: named('build-arg:'),
    labels: named('label:'),
    target: opts.get('target')?.[0],
    platform: opts.get('platform')?.[0],
  });
  built.push(made);
  for (const output of all('--output')) {
    assert.match(output, /^type=image,.*,push=true$/);
    const names = /"name=([^"]*)"/.exec(output)?.[1] ?? /name=([^,]*)/.exec(output)?.[1] ?? '?';
    for (const name of names.split(',')) pushed[withTag(name)] = made;
  }
}

function kaniko(words: readonly string[], pushed: Record<string, string>, built: string[]): void {
  const { flags, operands } = taken(words, SWITCHES);
  assert.deepEqual(operands, []);
  const all = (name: string): string[] => flags.flatMap(([flag, value]) => (flag === name ? [value] : []));
  const made = contents({
    context: all('--context')[0] ?? '?',
    file: all('--dockerfile')[0],
    args: all('--build-arg'),
    labels: all('--label'),
    target: all('--target')[0],
    platform: all('--custom-platform')[0],
  });
  built.push(made);
  for (const name of all('--destination')) pushed[withTag(name)] = made;
}

function fromEnvironment(arg: string): string[] {
  if (arg.includes('=')) return [arg];
  const value = ENVIRONMENT[arg];
  return value === undefined ? [] : [`${arg}=${value}`];
}

function withEquals(label: string): string {
  return label.includes('=') ? label : `${label}=`;
}

function withTag(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1).includes(':') ? name : `${name}:latest`;
}
