/** The arguments that dind services give to dockerd. */

import type { Service } from '../model/build-site.js';
import type { Intent } from '../model/intent.js';
import { type Origin, settled } from '../model/known.js';
import { daemonArguments } from '../trace/daemon-arguments.js';
import { type DockerImage, dockerImage } from '../trace/docker-image.js';

/** A dind service with arguments of its own. */
export interface DindArguments {
  readonly service: Service;
  readonly image: DockerImage;
  readonly words: readonly string[];
  /** Where they are written. */
  readonly origin: Origin;
  /** A change that gives the service these arguments in their place. */
  readonly replace: (words: readonly string[]) => Intent;
}

/** The dind services whose `command` goes to dockerd. */
export function dindArguments(services: readonly Service[]): readonly DindArguments[] {
  return services.flatMap(service => {
    const image = dockerImage(service.ref);
    const words = daemonArguments(service);
    const { command } = service;
    if (!image || image.variant === 'cli' || !words || command.state !== 'known') return [];
    const replace = (value: readonly string[]): Intent => ({
      kind: 'set-service-key',
      service: service.origin.place,
      key: 'command',
      value,
    });
    // With an entrypoint of its own, only a part of the words is the command.
    return settled(service.entrypoint) ? [] : [{ service, image, words, origin: command.origin, replace }];
  });
}
