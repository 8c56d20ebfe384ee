/** Flags a runner that does not wait until the dind service of a job is there. */

import { comparable } from '../catalog/docker-tags.js';
import type { Runner, Service } from '../model/build-site.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { dockerImage } from '../trace/docker-image.js';
import { defineRule, type SiteContext } from './define.js';
import { onRunners } from './faults.js';
import { containersOf, type Scalar, scalarOf } from './runner-facts.js';

const DOCS = 'https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-runnersdocker-section';

export default defineRule({
  id: 'wait-timeout-too-short',
  severity: 'info',
  profile: 'default',
  dialects: ['gitlab-ci', 'gitlab-runner'],
  ...prose({
    title: 'Job that starts before its dind service listens',
    why: 'A dind without TLS waits 16 seconds before it listens, as a warning. The runner waits for services no longer than wait_for_services_timeout, prints "*** WARNING: Service … probably didn\'t start properly.", and starts the job: "Cannot connect to the Docker daemon". 0 means the default of 30 seconds, -1 no waiting at all.',
    remedy:
      'Leave wait_for_services_timeout out, use TLS, or give the service command: ["--tls=false"], which skips the wait.',
    sources: [DOCS, 'https://github.com/docker-library/docker/pull/430'],
  }),
  fixable: true,
  needs: 'trace',
  *site(context) {
    const slow = slowDind(context);
    if (!slow) return;
    const weight = onRunners(context, runner => startsEarly(runner) !== undefined);
    const wait = context.runners.flatMap(({ runner }) => startsEarly(runner) ?? [])[0];
    if (!weight || !wait) return;
    const { text, setting } = wait;
    const waits = text === '-1' ? 'does not wait' : `waits ${text} seconds at most`;
    yield {
      at: setting.place,
      message: `${titleOf(context.site)} ${waits} for its services${weight.onRunner}; dind without TLS listens after 16 seconds.`,
      confidence: weight.confidence,
      related: [{ place: slow.origin.place, message: 'The dind service.' }],
      fixes: () => [
        {
          title: `Leave ${setting.key} out, to wait up to 30 seconds`,
          safety: 'unsafe',
          intents: [{ kind: 'remove-entry', entry: setting.entry }],
        },
      ],
    };
  },
});

/** A dind service that warns about plain TCP for 15 seconds, in a job that does not wait for it itself. */
function slowDind({ site, blind }: SiteContext): Service | undefined {
  if (site.scripts.some(({ text }) => /\b(?:until|while|sleep|timeout|wait)\b/.test(text))) return undefined;
  const slow = blind[0]?.beside.find(({ service, listens }) => {
    const image = dockerImage(service.ref);
    const words = settled(service.command) ?? [];
    return (
      image?.versionKnown === true &&
      service.command.state !== 'unknown' &&
      comparable(image.version ?? { major: 99 }, { major: 20, minor: 10 }) >= 0 &&
      listens.some(({ endpoint, tls }) => endpoint.startsWith('tcp:') && tls === 'none') &&
      !words.some(word => word.startsWith('--tls'))
    );
  });
  return slow?.service;
}

function startsEarly(runner: Runner): Scalar | undefined {
  const wait = scalarOf(runner, 'docker.wait_for_services_timeout');
  if (containersOf(runner) !== 'docker' || wait?.kind !== 'integer') return undefined;
  const seconds = Number(wait.text);
  return seconds === -1 || (seconds > 0 && seconds < 16) ? wait : undefined;
}
