/** What the flags of docker's and kaniko's builds mean. A flag that is in no table is not translated. */

/** Values that a build takes; each tool has its own flags for them. */
export type Field =
  | 'tag'
  | 'file'
  | 'context'
  | 'arg'
  | 'label'
  | 'target'
  | 'platform'
  | 'cacheFrom'
  | 'cacheTo'
  | 'secret'
  | 'ssh'
  | 'progress'
  | 'metadata'
  | 'output';

/** A field, a switch, a flag whose value may only be `default`, or one that goes and what that means for people. */
export type FlagMeaning = Field | 'switch' | 'default only' | { readonly dropped: string };

export type FlagMeanings = Readonly<Record<string, FlagMeaning>>;

const SILENTLY: FlagMeaning = { dropped: '' };
const LIMITS: FlagMeaning = {
  dropped: 'Limits of memory and processor are those of the job, no longer of the build.',
};
const ATTESTATIONS: FlagMeaning = { dropped: 'No attestations are added to the image.' };

/** Source: docker/buildx docs/reference/buildx_build.md, docker/cli docs/reference/commandline/build.md. */
export const DOCKER_FLAGS: FlagMeanings = {
  '--tag': 'tag',
  '-t': 'tag',
  '--file': 'file',
  '-f': 'file',
  '--build-arg': 'arg',
  '--label': 'label',
  '--target': 'target',
  '--platform': 'platform',
  '--cache-from': 'cacheFrom',
  '--cache-to': 'cacheTo',
  '--secret': 'secret',
  '--ssh': 'ssh',
  '--progress': 'progress',
  '--metadata-file': 'metadata',
  '--output': 'output',
  '-o': 'output',
  '--no-cache': 'switch',
  '--push': 'switch',
  '--network': 'default only',
  // The builder goes, and with it where the image is kept.
  '--builder': SILENTLY,
  '--load': SILENTLY,
  // A new builder has no images of its own, so it asks the registry in any case.
  '--pull': SILENTLY,
  '--quiet': SILENTLY,
  '-q': SILENTLY,
  '--rm': SILENTLY,
  '--force-rm': SILENTLY,
  '--compress': SILENTLY,
  '--disable-content-trust': SILENTLY,
  '--memory': LIMITS,
  '-m': LIMITS,
  '--memory-swap': LIMITS,
  '--cpu-period': LIMITS,
  '--cpu-quota': LIMITS,
  '--cpu-shares': LIMITS,
  '-c': LIMITS,
  '--cpuset-cpus': LIMITS,
  '--cpuset-mems': LIMITS,
  '--provenance': ATTESTATIONS,
  '--sbom': ATTESTATIONS,
};

/** Flags in front of docker's subcommand that may go. */
export const GLOBAL_FLAGS: readonly string[] = ['--builder', '-l', '--log-level', '-D', '--debug'];

const KANIKO_CACHE: FlagMeaning = {
  dropped: 'The cache that kaniko kept in a registry is not used any more.',
};

/** Source: osscontainertools/kaniko README, "Additional Flags". */
export const KANIKO_FLAGS: FlagMeanings = {
  '--destination': 'tag',
  '-d': 'tag',
  '--dockerfile': 'file',
  '-f': 'file',
  '--context': 'context',
  '-c': 'context',
  '--build-arg': 'arg',
  '--label': 'label',
  '--target': 'target',
  '--custom-platform': 'platform',
  '--customPlatform': 'platform',
  '--no-push': 'switch',
  '--secret': 'secret',
  '--cache': KANIKO_CACHE,
  '--cache-repo': KANIKO_CACHE,
  '--cache-ttl': KANIKO_CACHE,
  '--cache-dir': KANIKO_CACHE,
  '--cache-copy-layers': KANIKO_CACHE,
  '--cache-run-layers': KANIKO_CACHE,
  '--compressed-caching': KANIKO_CACHE,
  '--no-push-cache': KANIKO_CACHE,
  '--cleanup': SILENTLY,
  '--pre-cleanup': SILENTLY,
  '--preserve-context': SILENTLY,
  '--force': SILENTLY,
  '--ignore-path': SILENTLY,
  '--ignore-var-run': SILENTLY,
  '--image-download-retry': SILENTLY,
  '--image-fs-extract-retry': SILENTLY,
  '--log-format': SILENTLY,
  '--log-timestamp': SILENTLY,
  '--push-retry': SILENTLY,
  '--single-snapshot': SILENTLY,
  '--skip-push-permission-check': SILENTLY,
  '--skip-unused-stages': SILENTLY,
  '--snapshot-mode': SILENTLY,
  '--snapshotMode': SILENTLY,
  '--use-new-run': SILENTLY,
  '--verbosity': SILENTLY,
  '-v': SILENTLY,
};
