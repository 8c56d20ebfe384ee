/** Runs the command line in process, in a folder of its own that goes away afterwards. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { CliIo } from '../server/src/cli/io.js';
import { run } from '../server/src/cli/main.js';
import { runtimeData } from './support/data.js';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Folder {
  readonly path: string;
  /** Runs `drydock ARGS` there. */
  drydock(args: readonly string[], io?: Partial<CliIo>): Promise<Outcome>;
  write(files: Readonly<Record<string, string | Uint8Array>>): void;
  read(file: string): string;
}

/** A job that dials a port on which nothing answers: one error with a safe fix. */
export const MISMATCH = `build:
  image: docker:29.7.2-cli
  services:
    - docker:29.7.2-dind
  variables:
    DOCKER_HOST: tcp://docker:2375
    DOCKER_TLS_CERTDIR: "/certs"
  script:
    - docker build .
`;

export const CLEAN = `build:
  image: docker:29.7.2-cli
  services:
    - docker:29.7.2-dind
  variables:
    DOCKER_TLS_CERTDIR: "/certs"
  script:
    - docker build .
`;

export const RUNNER = `[[runners]]
  name = "build-vm"
  url = "https://gitlab.example.com"
  executor = "docker"
  [runners.docker]
    image = "docker:29.7.2-cli"
    privileged = true
    volumes = ["/certs/client", "/cache"]
`;

export function folder(t: TestContext, files: Readonly<Record<string, string | Uint8Array>>): Folder {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'drydock-cli-')));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const made: Folder = {
    path: root,
    drydock: (args, io) => drydock(root, args, io),
    write(more) {
      for (const [name, content] of Object.entries(more)) {
        mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
        writeFileSync(path.join(root, name), content);
      }
    },
    read: file => readFileSync(path.join(root, file), 'utf8'),
  };
  made.write(files);
  return made;
}

/** A reader of standard input that holds a text. */
export function stdin(text: string): Pick<CliIo, 'stdin'> {
  return { stdin: async () => Buffer.from(text) };
}

async function drydock(cwd: string, args: readonly string[], io: Partial<CliIo> = {}): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  const code = await run(args, {
    stdout: { write: text => (stdout += text) },
    stderr: { write: text => (stderr += text) },
    stdin: async () => new Uint8Array(),
    cwd,
    isTTY: false,
    env: {},
    data: runtimeData,
    ...io,
  });
  return { code, stdout, stderr };
}
