/** Tells what a converted job does in another way, beyond what its lines show, and what it could no longer do. */
import type { BuildSite } from '../../model/build-site.js';
import { settled } from '../../model/known.js';
import { HOLE } from '../../model/text.js';
import { dockerCommands } from '../../rules/docker-commands.js';
import { dindServices } from '../../trace/docker-image.js';
import { serviceNames } from '../../trace/names.js';
import { daemonCommands, toolsOf } from '../../trace/tools.js';
import { leftOnDaemon } from './handed-over.js';
import { refuse } from './refusal.js';
import type { ConversionTarget } from './ways.js';

/** A job on its way from one strategy to another. */
export interface Move {
  readonly site: BuildSite;
  /** `null` where it cannot be told. */
  readonly from: string | null;
  readonly to: ConversionTarget;
  /** All jobs that may share a daemon with it, itself too. */
  readonly jobs: readonly BuildSite[];
  /** A runner is known on which the job runs. */
  readonly hasRunner: boolean;
}

/**
 * Sentences for people.
 * @throws Refusal where something out of the job's own lines would break
 */
export function behaviourNotes({ site, from, to, jobs, hasRunner }: Move): readonly string[] {
  const notes: string[] = [];
  if (to === 'dood') notes.push(...onHost(site));
  else if (from === 'dood' || from === null) notes.push(...offHost(site, from, jobs));
  if (to === 'buildah')
    notes.push(
      'Images that a Dockerfile names without a registry are looked up in a list of short names, and what is not in it stops the build; docker.io/ in front helps.',
    );
  if (site.image.state === 'absent' && !hasRunner)
    notes.push(
      'The job named no image, so its runner may have the shell executor, which starts neither images nor services.',
    );
  return notes;
}

function onHost(site: BuildSite): readonly string[] {
  checkDaemonNames(site);
  const runs = daemonCommands(toolsOf(site)).some(({ shell }) =>
    shell.words.some(({ text }) => /^(?:run|create|compose|docker-compose)$/.test(text)),
  );
  return [
    'Images and containers that the job leaves behind stay on the host, where other jobs find them.',
    ...(runs
      ? ['Folders that it mounts into containers, and ports that it opens, are those of the host.']
      : []),
  ];
}

/** What containers open on the daemon of a service is dialled by the name of that service. */
function checkDaemonNames(site: BuildSite): void {
  for (const name of dindServices(site).flatMap(service => serviceNames(service).names)) {
    const dialled = new RegExp(`//(?:[^/\\s@]*@)?${name.replace(/[^\w-]/g, '\\$&')}(?=[:/]|$)`);
    const used = site.commands.find(({ shell }) =>
      shell.words.some(({ text }) => dialled.test(text) && !text.startsWith('DOCKER_HOST=')),
    );
    if (used) refuse(`This dials ${name}, the service that goes.`, used);
    const variable = site.env
      .names()
      .find(
        one =>
          one !== 'DOCKER_HOST' && dialled.test(settled(site.env.get(one))?.text.replaceAll(HOLE, '') ?? ''),
      );
    if (variable !== undefined) refuse(`${variable} leads to ${name}, the service that goes.`, site.place);
  }
}

function offHost(site: BuildSite, from: string | null, jobs: readonly BuildSite[]): readonly string[] {
  const left = leftOnDaemon(site, jobs).map(({ word }) => word.text);
  const isBuilding = dockerCommands(toolsOf(site)).length > 0;
  return [
    ...(from === 'dood' && isBuilding ? ['The images and layers that the host keeps are not there.'] : []),
    ...(left.length > 0
      ? [`Nobody pushes ${left.join(' and ')}, so no other job finds ${left.length > 1 ? 'them' : 'it'}.`]
      : []),
  ];
}
