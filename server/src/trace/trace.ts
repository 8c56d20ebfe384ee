/** Answers for a site: which daemon does the docker in it reach, over what, and why; or what will it die of. */
import { findBuilderImage } from '../catalog/builder-images.js';
import type { BuildSite, Container, PairedRunner, Service } from '../model/build-site.js';
import { settled } from '../model/known.js';
import { rowOf, rowOfDaemon } from './combine.js';
import { dindServices, dockerImage, runsDockerd } from './docker-image.js';
import { sceneOf } from './scene.js';
import { type Use, usesOf } from './script-environment.js';
import { socketMounts } from './socket-mounts.js';
import { isSocketProxy } from './socket-proxy.js';
import {
  type Builder,
  buildsElsewhere,
  daemonCommands,
  opaquePrograms,
  type ToolUse,
  toolsOf,
} from './tools.js';
import type { Trace } from './types.js';

/**
 * Traces a site on one runner, or on an unseen one: a row for each way in which its docker finds a daemon, in the
 * order of the script, and one for each tool beside docker that needs none. Empty for a site that neither builds nor
 * talks to a daemon. What is unknown is played through in every way it could be: `fails` and `reaches` hold in all.
 * A site that says itself where it runs is traced there when no runner is given.
 */
export function trace(site: BuildSite, given: PairedRunner | undefined): readonly Trace[] {
  const runner = given ?? site.runsOn?.paired;
  if (site.self && runsDockerd(site.self)) return [servingRow(site, site.self)];
  const tools = toolsOf(site);
  const commands = daemonCommands(tools);
  if (commands.length === 0 && !declaresDaemon(site)) {
    if (tools.some(use => use.tool !== 'docker') || buildsAlone(site)) return [alone(site, runner)];
    if (!setsHost(site) && !mountsSocket(site) && !isClientImage(site, tools))
      return tools.length > 0 ? [withoutDaemon(site, runner)] : [];
  }
  const scene = sceneOf(site, runner);
  const rows = distinct(usesOf(site, runner, commands).map(use => rowOf(site, scene, use)));
  return commands.length === 0 ? rows : [...rows, ...besides(site, runner, tools)];
}

/** The daemon in a container of its own; a proxy in front of another one has no row. */
function servingRow(site: BuildSite, self: Service & { readonly container: Container }): Trace {
  const scene = sceneOf({ ...site, neighbours: [self] }, undefined);
  return rowOfDaemon(site, scene, usesOf(site, undefined, [])[0] as Use);
}

/** A container that is given the socket of a daemon is a client, whatever runs in it; a proxy is none. */
function mountsSocket({ self }: BuildSite): boolean {
  if (!self || isSocketProxy(self.ref)) return false;
  return socketMounts(self.container).length > 0;
}

/** A container with an image that holds docker's client is there to use it, unless it builds elsewhere with it. */
function isClientImage({ self }: BuildSite, tools: readonly ToolUse[]): boolean {
  if (!self || tools.some(buildsElsewhere)) return false;
  return dockerImage(self.ref) !== undefined || findBuilderImage(self.ref.repository)?.role === 'client';
}

function declaresDaemon(site: BuildSite): boolean {
  if (dindServices(site).length > 0) return true;
  return (settled(site.services) ?? []).some(({ ref }) => isSocketProxy(ref));
}

/** Rows that say the same of different commands are one; of those that differ in their verdict, one that fails. */
function distinct(rows: readonly Trace[]): readonly Trace[] {
  const kept = new Map<string, Trace>();
  for (const row of rows) {
    const faults = row.faults.map(({ id, certain }) => `${id} ${certain}`);
    const key = JSON.stringify([
      row.client,
      row.daemon.kind,
      row.decided,
      row.decided ? faults : row.missing,
    ]);
    const before = kept.get(key);
    if (!before) kept.set(key, row);
    else if (before.verdict !== 'fails' && row.verdict === 'fails')
      kept.set(key, { ...row, from: before.from });
  }
  return [...kept.values()];
}

/** A global DOCKER_HOST reaches every job, also those that have nothing to do with docker. */
function setsHost(site: BuildSite): boolean {
  const host = site.env.get('DOCKER_HOST');
  if (site.self && host.state === 'unknown') return site.env.names().includes('DOCKER_HOST');
  return host.state === 'known' && host.origin.way !== 'global';
}

function buildsAlone(site: BuildSite): boolean {
  const image = settled(site.image);
  return image !== undefined && findBuilderImage(image.ref.repository)?.role === 'builder';
}

/** Its docker commands need no daemon; what other programs do cannot be seen. */
function withoutDaemon(site: BuildSite, runner: PairedRunner | undefined): Trace {
  const trace = alone(site, runner);
  const [opaque] = opaquePrograms(site);
  if (opaque === undefined) return trace;
  return { ...trace, verdict: 'cannot-tell', because: [], missing: [`whether ${opaque} calls docker`] };
}

/** The other builders of a job that uses docker as well. */
function besides(
  site: BuildSite,
  runner: PairedRunner | undefined,
  tools: readonly ToolUse[],
): readonly Trace[] {
  const others = [...new Set(tools.map(({ tool }) => tool))].filter(isBuilder);
  return others.map(tool => ({ ...alone(site, runner), tool }));
}

function isBuilder(tool: Builder): tool is 'kaniko' | 'buildah' | 'podman' | 'buildkit' {
  return tool !== 'docker' && tool !== 'skopeo';
}

function alone(site: BuildSite, runner: PairedRunner | undefined): Trace {
  return {
    site,
    runner,
    from: 'job',
    daemon: { kind: 'none', listens: [] },
    beside: [],
    decided: true,
    verdict: 'no-daemon-needed',
    faults: [],
    assumptions: [],
    because: [{ message: 'What it builds with needs no daemon.', place: site.place }],
    missing: [],
  };
}

export type { ToolUse };
export { toolsOf };
