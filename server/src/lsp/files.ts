/** The file port: reads and finds files on disk, or through the client where there is no disk. */
import { type Dirent, readdir as readdirOf, readFile as readFileOf, stat as statOf } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Connection } from 'vscode-languageserver';
import {
  FIND_FILES,
  type FindFilesParams,
  type FindFilesResult,
  READ_FILE,
  type ReadFileParams,
  type ReadFileResult,
} from './messages.js';
import { addressOf, diskPath, pathWithin, schemeOf } from './uris.js';

// What Node has of its own as promises takes as long to load as a pipeline to read.
const [readdir, readFile, stat] = [promisify(readdirOf), promisify(readFileOf), promisify(statOf)];

export interface FilePort {
  /** The text of a file, without byte order mark; `undefined` when there is none, or it is too large. Never rejects. */
  read(uri: string): Promise<string | undefined>;
  /**
   * Paths, relative to the folder, of its files that `wanted` accepts, and on disk of `.git` in the folders below it.
   * Never rejects.
   */
  find(folder: string, wanted: (path: string) => boolean): Promise<readonly string[]>;
}

const MAX_FOUND = 5_000;
const MAX_FOLDERS = 20_000;
const MAX_BYTES = 8_000_000;
const READERS = 8;
const SKIPPED = ['.git', 'node_modules', '.terraform'];
/** Wider than the names that we look for, which only the core knows. */
const GLOB =
  '**/{*.gitlab-ci*,*.toml,*.toml.*,*.tf,*.tofu,*values*.y*,*runner*.y*,.drydock.*,*compose*.y*,Jenkinsfile*,action.y*ml,.github/workflows/*.y*ml}';

/** Whether a path, relative and with `/`, lies in a folder that is never searched. */
export function inSkippedFolder(path: string): boolean {
  return path.split('/').some(name => SKIPPED.includes(name));
}

/** `file:` URIs are read from disk; all others through the client, if it offers to, else nothing is read. */
export function createFilePort(connection: Connection, clientReads: boolean): FilePort {
  const disk = diskPort();
  const remote = clientReads ? clientPort(connection) : nowhere;
  const portFor = (uri: string): FilePort => (schemeOf(uri) === 'file' ? disk : remote);
  return {
    read: uri => portFor(uri).read(uri),
    find: (folder, wanted) => portFor(folder).find(folder, wanted),
  };
}

const nowhere: FilePort = {
  read: async () => undefined,
  find: async () => [],
};

function clientPort(connection: Connection): FilePort {
  return {
    async read(uri) {
      const params: ReadFileParams = { uri, maxBytes: MAX_BYTES };
      const answer = await ask<ReadFileResult>(connection, READ_FILE, params);
      return typeof answer?.text === 'string' ? withoutMark(answer.text) : undefined;
    },
    async find(folder, wanted) {
      const params: FindFilesParams = { folder, glob: GLOB, skip: SKIPPED, max: MAX_FOUND };
      const answer = await ask<FindFilesResult>(connection, FIND_FILES, params);
      const home = addressOf(folder);
      const paths = (answer?.uris ?? []).map(uri => pathWithin(home, addressOf(uri)));
      return paths
        .filter(path => path !== undefined)
        .filter(path => wanted(path) && !inSkippedFolder(path))
        .slice(0, MAX_FOUND);
    },
  };
}

async function ask<R>(connection: Connection, method: string, params: object): Promise<R | undefined> {
  try {
    return await connection.sendRequest<R>(method, params);
  } catch (error) {
    connection.console.warn(`${method} failed: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function diskPort(): FilePort {
  return {
    async read(uri) {
      try {
        const path = diskPath(uri);
        const { size } = await stat(path);
        return size > MAX_BYTES ? undefined : withoutMark(await readFile(path, 'utf8'));
      } catch {
        return undefined;
      }
    },
    find: (folder, wanted) => walk(diskPath(folder), wanted),
  };
}

/** Goes through folders level by level, so that a limit cuts off what lies deepest; links to folders are not followed. */
async function walk(top: string, wanted: (path: string) => boolean): Promise<readonly string[]> {
  const found: string[] = [];
  const folders = [''];
  let next = 0;
  while (next < folders.length && next < MAX_FOLDERS && found.length < MAX_FOUND) {
    const batch = folders.slice(next, Math.min(next + READERS, MAX_FOLDERS));
    next += batch.length;
    const listings = await Promise.all(
      batch.map(async folder => ({ folder, entries: await list(top, folder) })),
    );
    for (const { folder, entries } of listings) {
      for (const entry of entries) {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        // A repository inside of the folder is a project of its own; in a work tree `.git` is a file.
        if (entry.name === '.git') {
          if (folder !== '') found.push(path);
        } else if (entry.isDirectory()) {
          if (!SKIPPED.includes(entry.name)) folders.push(path);
        } else if (wanted(path)) found.push(path);
      }
    }
  }
  return found.slice(0, MAX_FOUND);
}

async function list(top: string, folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(join(top, folder), { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Editors do not count the byte order mark as text. */
function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
