/** Flags services of workflows that are not waited for, or have keys that old runners do not know. */
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { nameOf, titleOf } from '../model/site-words.js';
import { dindServices } from '../trace/docker-image.js';
import { defineRule, type SiteContext } from './define.js';
import { waitsItself } from './dind-readiness.js';
import { callsDocker } from './faults.js';

const RUNNER = 'https://github.com/actions/runner/blob/main/src/Runner.Worker/ContainerOperationProvider.cs';
const SERVICES =
  'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idservices';

const health = defineRule({
  id: 'github-service-no-health',
  severity: 'warning',
  profile: 'default',
  dialects: ['github-actions'],
  ...prose({
    title: 'dind that nobody waits for',
    why: 'The runner waits for a service only if its container has a health check, which the image of dind has not. The steps begin at once, while dind still makes its keys: "Cannot connect to the Docker daemon".',
    remedy:
      'Add a check to the options of the service: --health-cmd "docker info" --health-interval 5s --health-retries 12.',
    sources: [RUNNER, SERVICES],
  }),
  fixable: true,
  *site(context) {
    const { site } = context;
    if (!callsDocker(context) || waitsItself(context) || !mayUseDind(context)) return;
    for (const { container, origin } of dindServices(site)) {
      const checked = container?.probe.state === 'unknown' || (container && settled(container.probe));
      if (!container || checked) continue;
      const intents = [{ kind: 'set-health-check', service: origin.place, command: 'docker info' }] as const;
      yield {
        at: origin.place,
        message: `${titleOf(site)} does not wait until dind is up: service "${container.name}" has no health check.`,
        fixes: () => [
          { title: 'Wait until docker info works in it', safety: 'safe', preferred: true, intents },
        ],
      };
    }
  },
});

/** Some docker of the job goes to a dind service, or it cannot be told where. */
function mayUseDind({ blind }: SiteContext): boolean {
  return blind.some(({ daemon }) => /^dind|^unknown$/.test(daemon.kind));
}

const command = defineRule({
  id: 'gh-service-command',
  severity: 'info',
  profile: 'default',
  dialects: ['github-actions'],
  ...prose({
    title: 'command or entrypoint of a service on a runner that may be too old',
    why: 'Runners know these keys since 2026; older ones, and GitHub Enterprise Server for some time after, refuse the workflow: Unexpected value "command".',
    remedy: 'Keep the runner up to date, or write --entrypoint into the options of the service.',
    sources: ['https://github.com/actions/runner/pull/4276', SERVICES],
  }),
  fixable: false,
  *site({ site }) {
    // Hosted machines have the newest runner.
    if (site.runsOn?.paired.how === 'hosted') return;
    for (const service of settled(site.services) ?? []) {
      const { command: value } = service;
      if (value.state === 'absent' || !value.origin) continue;
      yield {
        at: value.origin.place,
        message: `Service "${service.container?.name}" of ${nameOf(site)} has a command, which runners before 2026 do not know.`,
      };
    }
  },
});

export default [health, command];
