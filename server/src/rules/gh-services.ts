/** Flags privileged containers of workflows, and daemons beside the one that the machine has. */
import type { BuildSite, Service } from '../model/build-site.js';
import type { FixPlan } from '../model/finding.js';
import type { Intent } from '../model/intent.js';
import { type Place, settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import { show } from '../model/text.js';
import { dindServices } from '../trace/docker-image.js';
import { serviceNames } from '../trace/names.js';
import { defineRule } from './define.js';

const RUNNER = 'https://github.com/actions/runner/blob/main/src/Runner.Worker/ContainerOperationProvider.cs';
const SERVICES =
  'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idservices';

const privileged = defineRule({
  id: 'gh-privileged-service',
  severity: 'warning',
  profile: 'default',
  dialects: ['github-actions'],
  ...prose({
    title: 'Privileged container of a workflow',
    why: 'A privileged container can take over the machine that it runs on: devices, kernel modules, mounts. On a hosted machine that is one that goes with the job; on a runner of your own it is the host, with whatever else runs there.',
    remedy:
      'Leave --privileged out where the image does not need it; for dind use the docker of the machine, or rootless builds.',
    sources: [
      'https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities',
      RUNNER,
    ],
  }),
  fixable: false,
  *site({ site, blind }) {
    // What has nothing to do with images is left to others.
    if (blind.length === 0) return;
    const hosted = site.runsOn?.paired.how === 'hosted';
    const end = hosted ? 'the machine, which goes with the job' : 'its host, if others can run jobs here';
    for (const { name, at } of privilegedPlaces(site)) {
      yield {
        at,
        message: `${name} of ${nameOf(site)} runs privileged: root on ${end}.`,
        severity: hosted || site.runsOn?.paired.exposure ? 'info' : 'warning',
      };
    }
  },
});

function privilegedPlaces(site: BuildSite): readonly { readonly name: string; readonly at: Place }[] {
  const services = (settled(site.services) ?? []).map(({ container }) => ({
    name: `Service "${container?.name}"`,
    value: container?.privileged,
  }));
  const own = { name: 'The container', value: site.runsOn?.paired.runner.job?.privileged };
  return [own, ...services].flatMap(({ name, value }) =>
    value?.state === 'known' && value.value ? [{ name, at: value.origin.place }] : [],
  );
}

const needless = defineRule({
  id: 'gh-needless-dind',
  severity: 'info',
  profile: 'default',
  dialects: ['github-actions'],
  ...prose({
    title: 'dind on a machine that has docker',
    why: "GitHub's Ubuntu machines have a docker daemon of their own, one for each job. A dind service beside it costs time, runs privileged, and keeps its images to itself.",
    remedy: 'Leave the service and DOCKER_HOST out; docker then goes to the daemon of the machine.',
    sources: [
      'https://github.com/actions/runner-images/blob/main/images/ubuntu/Ubuntu2404-Readme.md',
      SERVICES,
    ],
  }),
  fixable: true,
  *site({ site }) {
    if (site.runsOn?.paired.how !== 'hosted') return;
    for (const service of dindServices(site)) {
      // One that comes in several versions, or with flags, is there to be tested.
      if (!service.whole || service.command.state !== 'absent') continue;
      yield {
        at: service.origin.place,
        message: `${show(service.ref.text)} runs beside ${nameOf(site)} on ${site.runsOn.paired.runner.name}, which has docker already.`,
        fixes: () => leaveOut(site, service),
      };
    }
  },
});

/** Takes the service away, and the variables of the job that lead to it. */
function leaveOut(site: BuildSite, service: Service): readonly FixPlan[] {
  const names = ['DOCKER_HOST', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH', 'DOCKER_TLS_CERTDIR'];
  const values = names.flatMap(name => {
    const value = site.env.get(name);
    return value.state === 'absent' ? [] : [value];
  });
  const own = values.every(
    value => value.state === 'known' && value.origin.way === 'own' && value.origin.entry,
  );
  const scripted = site.scripts.some(
    ({ text, env }) => /DOCKER_HOST|237[56]/.test(text) || env?.names().includes('DOCKER_HOST'),
  );
  const called = serviceNames(service).names.some(name =>
    site.scripts.some(({ text }) => text.includes(`//${name}`)),
  );
  if (site.image.state !== 'absent' || !own || scripted || called || !service.origin.entry) return [];
  const entries = [
    service.origin.entry,
    ...values.flatMap(value => (value.state === 'known' ? (value.origin.entry ?? []) : [])),
  ];
  const intents: readonly Intent[] = entries.map(entry => ({ kind: 'remove-entry', entry }));
  return [
    {
      title: 'Leave dind out, and use the docker of the machine',
      safety: 'unsafe',
      preferred: true,
      intents,
    },
  ];
}

export default [privileged, needless];
