/** Whether a client finds in a folder what a daemon beside it keeps in one: by their own volumes, or those of the runner. */
import type { Service } from '../model/build-site.js';
import type { Run } from './run.js';
import { finds } from './sharing.js';

/**
 * Whether what `service` keeps in `theirs` is what the client finds in `ours`; where volumes do not tell, as the way
 * that is played has it.
 */
export function keepsFolder({ scene, way }: Run, service: Service, theirs: string, ours: string): boolean {
  const reader = scene.site.self?.container ?? scene.runner?.runner.job;
  const writer = service.container;
  if (!reader || !writer) return theirs === ours && way.certificatesShared;
  return finds(reader, ours, writer, theirs, scene.neighbours) ?? way.certificatesShared;
}

/** The same where it is certain. */
export function sharesFolder({ scene }: Run, service: Service, theirs: string, ours: string): boolean {
  const reader = scene.site.self?.container;
  const writer = service.container;
  return (
    reader !== undefined &&
    writer !== undefined &&
    finds(reader, ours, writer, theirs, scene.neighbours) === true
  );
}
