/** Reads files as text, and says why where that cannot be done. */
import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type CliIo, UsageError } from './io.js';
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
/** Logs are larger than files that people write. */
const MAX_LOG_BYTES = 256 * 1024 * 1024;
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

/**
 * A job log as text, whatever its encoding: what is no text in it is replaced. `-` is standard input.
 * @throws UsageError when it cannot be read, is too large or has to be unpacked first
 */
export async function readLog(file: string, { cwd, stdin }: CliIo): Promise<string> {
  try {
    const absolute = resolve(cwd, file);
    const large = file !== '-' && (await stat(absolute)).size > MAX_LOG_BYTES;
    const bytes = large ? undefined : file === '-' ? await stdin() : await readFile(absolute);
    if (bytes && bytes.length <= MAX_LOG_BYTES) {
      const packed = archiveIn(bytes);
      if (packed === undefined) return decodeLog(bytes);
      throw new UsageError(`${file}: ${packed}`);
    }
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(`${file}: ${reason(error)}`);
  }
  throw new UsageError(`${file}: larger than ${MAX_LOG_BYTES / 1024 / 1024} MB`);
}

/** What to do with an archive, as platforms offer them for download; `undefined` for what is none. */
function archiveIn([first, second, third, fourth]: Uint8Array): string | undefined {
  if (first === 0x50 && second === 0x4b && third === 3 && fourth === 4)
    return 'a zip archive; unpack it, and pass the .txt of the job that failed';
  if (first === 0x1f && second === 0x8b)
    return 'packed by gzip; unpack it first: gunzip -c FILE | drydock log -';
  return undefined;
}

/** PowerShell writes UTF-16 where it redirects, with or without a mark. */
function decodeLog(bytes: Uint8Array): string {
  const [first = 0, second = 0, third = 0, fourth = 0] = bytes;
  const little =
    (first === 0xff && second === 0xfe) || (first > 0 && second === 0 && third > 0 && fourth === 0);
  const big = (first === 0xfe && second === 0xff) || (first === 0 && second > 0 && third === 0 && fourth > 0);
  return new TextDecoder(little ? 'utf-16le' : big ? 'utf-16be' : 'utf-8').decode(bytes);
}

export async function isFolder(folder: string, cwd: string): Promise<boolean> {
  try {
    return (await stat(resolve(cwd, folder))).isDirectory();
  } catch {
    return false;
  }
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
