/** What is gathered while one completion is played through. */
import type { Place } from '../model/known.js';
import type { Completion } from './completion.js';
import type { Scene } from './scene.js';
import type { Fault, Step } from './types.js';

/** The state of one run while it is played. */
export interface Run {
  readonly scene: Scene;
  readonly way: Completion;
  readonly faults: Omit<Fault, 'certain'>[];
  readonly unsure: string[];
  readonly because: Step[];
}

/** Notes a fault that stops the client; it stands on DOCKER_HOST, else on the service, unless told otherwise. */
export function fault(run: Run, id: string, because: string, place?: Place): void {
  const at =
    place ?? run.scene.host.place ?? run.scene.dinds[0]?.service.origin.place ?? run.scene.site.place;
  run.faults.push({ id, fatal: true, place: at, because, related: [] });
}
