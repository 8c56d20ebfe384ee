/** Tells whether the machine that starts containers goes to the plain port of their daemon itself. */
import type { FixView } from '../model/finding.js';
import type { Place } from '../model/known.js';
import type { OwnSite, Reader } from './switch-mounts.js';

/** Another word than the address of a client that moves names 2375: a check of the port, docker with `-H`. */
export function machineDials(daemon: OwnSite, readers: readonly Reader[], view: FixView): boolean {
  const moved = readers.flatMap(({ site }) => {
    const host = site.env.get('DOCKER_HOST');
    return host.state === 'known' ? [host.origin.place] : [];
  });
  const machines = view
    .all()
    .filter(({ site }) => site.root === daemon.root && site.self?.container.entered === 'machine');
  return machines.some(({ site }) =>
    site.commands.some(({ shell, script }) =>
      shell.words.some(({ text, start, end }) => {
        if (!/(?:^|:)2375\b/.test(text)) return false;
        const word = script.place(start, end);
        return !moved.some(place => holds(word, place));
      }),
    ),
  );
}

function holds(outer: Place, inner: Place): boolean {
  return outer.block === inner.block && outer.start <= inner.start && inner.end <= outer.end;
}
