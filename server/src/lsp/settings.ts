/** Reads the settings of folders from the client. */
import type { Connection } from 'vscode-languageserver';
import type { Settings } from './messages.js';

export const defaultSettings: Settings = { enable: true, profile: 'default', codeLens: true };

/** The settings of a folder, out of those that were fetched for `scopes`. */
export function chooser(
  scopes: readonly (string | undefined)[],
  settings: readonly Settings[],
): (folder: string | undefined) => Settings {
  return folder => settings[scopes.indexOf(folder)] ?? defaultSettings;
}

/** Whatever a client answers becomes valid settings; what makes no sense counts as not set. */
export function settingsFrom(value: unknown): Settings {
  if (typeof value !== 'object' || value === null) return defaultSettings;
  const { enable, profile, codeLens } = value as Readonly<Partial<Record<keyof Settings, unknown>>>;
  return {
    enable: enable !== false,
    profile: profile === 'strict' || profile === 'pedantic' ? profile : 'default',
    codeLens: codeLens !== false,
  };
}

/**
 * The settings of each scope, in order; `undefined` stands for files outside of all folders.
 * A client that fails to answer gives the defaults.
 */
export async function fetchSettings(
  connection: Connection,
  scopes: readonly (string | undefined)[],
): Promise<readonly Settings[]> {
  const items = scopes.map(scopeUri =>
    scopeUri === undefined ? { section: 'drydock' } : { scopeUri, section: 'drydock' },
  );
  try {
    const answers: unknown = await connection.sendRequest('workspace/configuration', { items });
    return scopes.map((_, index) => settingsFrom(Array.isArray(answers) ? answers[index] : undefined));
  } catch {
    return scopes.map(() => defaultSettings);
  }
}

/** Gives nothing, after so many milliseconds: how long something else is waited for. */
export function elapsed(ms: number): Promise<undefined> {
  return new Promise(resolve => setTimeout(() => resolve(undefined), ms));
}
