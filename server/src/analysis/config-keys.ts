/** The words that `.drydock.yml` knows; `schemas/drydock.schema.json` holds the same, and a test compares them. */
import type { Exposure } from '../model/build-site.js';
import type { Profile, Severity } from '../model/finding.js';

/** Keys by section; `''` is the top. */
export const CONFIG_KEYS: Readonly<Record<string, readonly string[]>> = {
  '': ['version', 'profile', 'runners', 'variables', 'files', 'projects', 'rules', 'ignore'],
  runners: ['name', 'config', 'entry', 'hosted', 'tags', 'untagged', 'exposure', 'engine', 'version'],
  ignore: ['rule', 'path', 'site', 'reason', 'until'],
};

export const PROFILES: readonly Profile[] = ['default', 'strict', 'pedantic'];
export const EXPOSURES: readonly Exposure[] = ['shared', 'single-tenant', 'ephemeral'];
export const HOSTED = ['gitlab.com', 'github'] as const;
export const LEVELS: readonly (Severity | 'off')[] = ['off', 'info', 'warning', 'error'];
