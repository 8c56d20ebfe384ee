/** Reads and finds files for the server where it has no disk: in virtual workspaces. */
import { RelativePattern, Uri, workspace } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import {
  FIND_FILES,
  type FindFilesParams,
  type FindFilesResult,
  READ_FILE,
  type ReadFileParams,
  type ReadFileResult,
} from '../../server/src/lsp/messages.js';

export function answerFilePort(client: LanguageClient): void {
  client.onRequest(READ_FILE, read);
  client.onRequest(FIND_FILES, find);
}

async function read({ uri, maxBytes }: ReadFileParams): Promise<ReadFileResult> {
  try {
    const file = Uri.parse(uri);
    const { size } = await workspace.fs.stat(file);
    if (size > maxBytes) return { text: null };
    return { text: new TextDecoder().decode(await workspace.fs.readFile(file)) };
  } catch {
    return { text: null };
  }
}

async function find({ folder, glob, skip, max }: FindFilesParams): Promise<FindFilesResult> {
  const exclude = new RelativePattern(Uri.parse(folder), `**/{${skip.join(',')}}/**`);
  const found = await workspace.findFiles(new RelativePattern(Uri.parse(folder), glob), exclude, max);
  return { uris: found.map(uri => uri.toString()) };
}
