/** Reads files as text, and says why where that cannot be done. */
import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { reason } from './walk.js';

/** What was read of a file. The text is without its byte order mark, as editors count positions. */
export interface Content {
  readonly text: string;
  readonly bom: boolean;
  /** Why the text cannot be analysed; it is then what could be made out, or empty. */
  readonly skipped?: string;
  /** Only where the text was skipped: what was read, as it was. */
  readonly bytes?: Uint8Array;
}

/** `failed`: why nothing could be read. */
export type Read = Content | { readonly failed: string };

const MAX_BYTES = 8 * 1024 * 1024;
const TOO_LARGE: Content = { text: '', bom: false, skipped: 'larger than 8 MB' };
const AT_ONCE = 32;
const BOM = '\ufeff';

/** The contents in the order of the paths, which are absolute. Never throws. */
export async function readAll(paths: readonly string[]): Promise<readonly Read[]> {
  const contents: Read[] = new Array(paths.length);
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < paths.length; i = next++) contents[i] = await read(paths[i] ?? '');
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, paths.length) }, worker));
  return contents;
}

export function decode(bytes: Uint8Array): Content {
  if (bytes.length > MAX_BYTES) return { ...TOO_LARGE, bytes };
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const bom = all.startsWith(BOM);
  const text = bom ? all.slice(1) : all;
  return isUtf8(bytes) ? { text, bom } : { text, bom, skipped: 'not valid UTF-8', bytes };
}

/** The text as it stood in the file. */
export function withBom(text: string, bom: boolean): string {
  return bom ? BOM + text : text;
}

async function read(absolute: string): Promise<Read> {
  try {
    const found = await stat(absolute);
    if (!found.isFile() && !found.isFIFO()) return { failed: 'not a file' };
    if (found.size > MAX_BYTES) return TOO_LARGE;
    return decode(await readFile(absolute));
  } catch (error) {
    return { failed: reason(error) };
  }
}
