/** Reads the kaniko commands of a script. */

import { readFlags, type ShellFlags } from '../syntax/shell.js';
import type { ToolUse } from '../trace/tools.js';

const VALUED: ReadonlySet<string> = new Set(
  (
    '--build-arg --cache-dir --cache-repo --cache-ttl --compression --compression-level --context -c ' +
    '--context-sub-path --custom-platform --customPlatform --destination -d --digest-file --dockerfile -f --git ' +
    '--image-format --image-fs-extract-retry --image-name-tag-with-digest-file --image-name-with-digest-file ' +
    '--image-download-retry --insecure-registry --ignore-path --kaniko-dir --label --log-format --oci-layout-path ' +
    '--push-retry --registry-certificate --registry-client-cert --registry-map --registry-mirror --secret ' +
    '--annotation --credential-helpers --skip-tls-verify-registry --snapshot-mode --tar-path --target --verbosity -v'
  ).split(' '),
);

export function kanikoRuns(
  tools: readonly ToolUse[],
): readonly (Pick<ToolUse, 'command'> & { flags: ShellFlags })[] {
  return tools.flatMap(({ tool, command, args }) =>
    tool === 'kaniko' ? [{ command, flags: readFlags(args, VALUED) }] : [],
  );
}
