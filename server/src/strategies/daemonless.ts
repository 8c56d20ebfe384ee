/** What the strategies that build without any docker daemon have in common. */
import { findBuilderImage } from '../catalog/builder-images.js';
import { settled } from '../model/known.js';
import { toolsOf } from '../trace/tools.js';
import type { Trace } from '../trace/types.js';

/** The tool that a site without a docker client builds with: the one that its script runs, else that of its image. */
export function daemonlessTool({ client, site, tool }: Trace): string | undefined {
  if (client) return undefined;
  const image = settled(site.image);
  return tool ?? toolsOf(site)[0]?.tool ?? (image && findBuilderImage(image.ref.repository)?.tool);
}

/** What builders that make user namespaces of their own need of a container on the Docker executor. */
export const UNCONFINED: readonly string[] = [
  'privileged = false',
  'security_opt = ["seccomp=unconfined", "apparmor=unconfined"]',
];

/** The same in a pod, for the container of the job alone. `more` are keys of its security context. */
export function unconfinedInPods(more: readonly string[] = []): readonly string[] {
  const context = 'runners.kubernetes.build_container_security_context';
  return [
    ...(more.length === 0 ? [] : [`[${context}]`, ...more.map(line => `  ${line}`)]),
    `[${context}.seccomp_profile]`,
    '  type = "Unconfined"',
    `[${context}.app_armor_profile]`,
    '  type = "Unconfined"',
  ];
}
