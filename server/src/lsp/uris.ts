/** Compares and takes apart URIs, however they are percent-encoded and whatever the case of the drive letter. */
import { URI } from 'vscode-uri';

/** A URI in its normal form. */
export interface Address {
  /** Equal for URIs that name the same file. */
  readonly key: string;
  /** Scheme and authority. */
  readonly space: string;
  /** Decoded path, without a slash at its end. */
  readonly path: string;
}

export function addressOf(uri: string): Address {
  // Only `toString` lowers a drive letter and unifies the encoding.
  const { scheme, authority, path } = URI.parse(URI.parse(uri).toString());
  const trimmed = path.endsWith('/') ? path.slice(0, -1) : path;
  return {
    key: URI.from({ scheme, authority, path: trimmed }).toString(),
    space: `${scheme}://${authority}`,
    path: trimmed,
  };
}

/** The path of a file from a folder, with `/`, or `undefined` when it does not lie in it. */
export function pathWithin(folder: Address, file: Address): string | undefined {
  if (folder.space !== file.space) return undefined;
  // A document that was never saved has a bare name for a path.
  if (folder.path === '') return file.path.startsWith('/') ? file.path.slice(1) : file.path;
  return file.path.startsWith(`${folder.path}/`) ? file.path.slice(folder.path.length + 1) : undefined;
}

/** URI of the folder that a file lies in. */
export function parentUri(uri: string): string {
  const parsed = URI.parse(uri);
  return parsed.with({ path: parsed.path.slice(0, Math.max(0, parsed.path.lastIndexOf('/'))) }).toString();
}

/** URI of a file in a folder; `path` is relative, with `/`. */
export function childUri(folder: string, path: string): string {
  const parsed = URI.parse(folder);
  const base = parsed.path.endsWith('/') ? parsed.path : `${parsed.path}/`;
  return parsed.with({ path: base + path }).toString();
}

export function schemeOf(uri: string): string {
  return URI.parse(uri).scheme;
}

/** Path on this machine's disk of a `file:` URI. */
export function diskPath(uri: string): string {
  return URI.parse(uri).fsPath;
}
