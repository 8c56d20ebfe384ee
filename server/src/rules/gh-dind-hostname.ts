/** Flags jobs on a machine that dial a service by a name, or by a port that is not published. */
import type { FixPlan } from '../model/finding.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { isLiteral } from '../model/text.js';
import { dindServices } from '../trace/docker-image.js';
import { defineRule, type SiteContext } from './define.js';
import { dialled, inScript, type Sighting, worded } from './faults.js';

export default defineRule({
  id: 'gh-dind-hostname',
  severity: 'error',
  profile: 'default',
  dialects: ['github-actions'],
  ...prose({
    title: 'Service that a job on the machine does not find',
    why: 'Services of a workflow are containers on a network of their own. A job finds them by their names only if it runs in a container itself; on the machine they are ports of localhost, and only those that the service publishes: "lookup dind: no such host", or "Cannot connect to the Docker daemon at tcp://localhost:2375".',
    remedy:
      'Give the service ports: ["2375:2375"] and dial tcp://localhost:2375, or run the job in a container; on a hosted machine leave both out, for docker is there already.',
    sources: [
      'https://docs.github.com/en/actions/tutorials/use-containerized-services/use-docker-service-containers',
      'https://github.com/actions/runner/blob/main/src/Runner.Worker/ContainerOperationProvider.cs',
    ],
  }),
  fixable: true,
  needs: 'fault',
  site: context =>
    worded(
      context,
      'gh-dind-hostname',
      seen =>
        `${titleOf(context.site)} dials ${dialled(seen, context)}, which leads nowhere on ${machineOf(context)}: ${reason(seen)}.`,
      seen => publish(context, seen),
    ),
});

function machineOf({ site }: SiteContext): string {
  const paired = site.runsOn?.paired;
  return paired?.how === 'hosted' ? paired.runner.name : 'its machine';
}

function reason({ fault }: Sighting): string {
  return fault.because.startsWith('No service publishes')
    ? 'no service publishes that port'
    : 'names of services count in containers only';
}

/** Only a plain daemon is reached so without its certificates. */
function publish({ site }: SiteContext, seen: Sighting): readonly FixPlan[] {
  const host = site.env.get('DOCKER_HOST');
  const [dind, more] = dindServices(site);
  if (!dind?.container || more || host.state !== 'known' || !isLiteral(host.value)) return [];
  if (inScript(seen, { site }) || seen.trace.client?.tls !== 'none' || !host.origin.entry) return [];
  const beside = seen.trace.beside.find(({ service }) => service.origin.place === dind.origin.place);
  const plain = beside?.listens.some(one => one.tls === 'none' && one.endpoint.endsWith(':2375')) === true;
  const published = dind.container.ports.find(({ target }) => target === 2375);
  if (!plain || (published && published.published !== 2375)) return [];
  const value = 'tcp://localhost:2375';
  return [
    {
      title: `${published ? '' : 'Publish port 2375 and '}${published ? 'D' : 'd'}ial ${value}`,
      safety: 'safe',
      preferred: true,
      intents: [
        ...(published ? [] : [{ kind: 'publish-port', service: dind.origin.place, port: 2375 } as const]),
        ...(host.value.text === value
          ? []
          : [{ kind: 'replace-value', at: host.origin.place, value } as const]),
      ],
    },
  ];
}
