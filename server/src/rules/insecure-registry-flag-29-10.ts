/** Flags lists of insecure registries that leave out the one on localhost, which docker 29.10 no longer adds. */

import { comparable } from '../catalog/docker-tags.js';
import type { BuildSite, Service } from '../model/build-site.js';
import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import { valuesOf } from '../trace/daemon-arguments.js';
import { type DockerImage, dindServices } from '../trace/docker-image.js';
import { daemonCommands } from '../trace/tools.js';
import { defineRule, type SiteContext } from './define.js';
import { dindArguments } from './dind-arguments.js';
import { onlyFix } from './images.js';

export default defineRule({
  id: 'insecure-registry-flag-29-10',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-ci', 'compose', 'kubernetes', 'jenkinsfile', 'shell', 'github-actions'],
  ...prose({
    title: 'List of insecure registries without localhost',
    why: 'Up to 29.9 the daemon took registries on localhost for insecure besides those in --insecure-registry. From 29.10 on an explicit list is the whole list, and a registry on localhost without TLS ends in "http: server gave HTTP response to HTTPS client".',
    remedy: 'Add --insecure-registry=localhost:5000 (with your port) to the command of the service.',
    sources: ['https://github.com/moby/moby/releases/tag/docker-v29.10.0'],
  }),
  fixable: true,
  needs: 'trace',

  *site(context) {
    const { site } = context;
    const local = localRegistry(context);
    if (local === undefined) return;
    const reached = context.blind.flatMap(trace => trace.reached?.service ?? []);
    for (const dind of dindArguments([...reached, ...dindServices(site)])) {
      const listed = valuesOf(dind.words, '--insecure-registry');
      if (!isStrict(dind.image) || listed.length === 0 || listed.some(coversLocal)) continue;
      const flag = `--insecure-registry=${local}`;
      yield {
        at: dind.origin.place,
        message: `${dindOf(dind.service, site)} lists insecure registries without ${local}, which it takes for secure from 29.10 on.`,
        confidence: dind.image.mirrored ? 'medium' : 'high',
        fixes: () => onlyFix(`Add ${flag}`, 'unsafe', [dind.replace([...dind.words, flag])]),
      };
    }
  },
});

/** 29.10 or later for sure: which minor `29` and `dind` stand for depends on the day. */
function isStrict({ version }: DockerImage): boolean {
  if (version?.minor === undefined) return version !== undefined && version.major > 29;
  return comparable(version, { major: 29, minor: 10, patch: 0 }) >= 0;
}

/** A registry on localhost that docker commands of the job name. */
function localRegistry({ tools }: SiteContext): string | undefined {
  const words = daemonCommands(tools).flatMap(({ shell }) => shell.words);
  return words.map(({ text }) => /^(?:localhost|127\.\d+\.\d+\.\d+):\d+(?=\/)/.exec(text)?.[0]).find(Boolean);
}

function coversLocal(value: string): boolean {
  return /^(?:localhost|127\.|::1|\[::1)/.test(value);
}

function dindOf({ container }: Service, site: BuildSite): string {
  return container ? `dind service "${container.name}"` : `dind of ${nameOf(site)}`;
}
