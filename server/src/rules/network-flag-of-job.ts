/** Flags jobs that ask for a network of their own on a runner that makes none. */

import type { Runner, Setting } from '../model/build-site.js';
import { settled } from '../model/known.js';
import { nameOf } from '../model/site-words.js';
import { isLiteral } from '../model/text.js';
import type { Report, SiteContext } from './define.js';
import { mild, onRunners } from './faults.js';

const FLAG = 'FF_NETWORK_PER_BUILD';

/** The pipeline's side of network-mode-with-ff. What the runner says of the flag itself wins over the job. */
export function* jobsOwnNetwork(context: SiteContext): Iterable<Report> {
  const flag = context.site.env.get(FLAG);
  if (flag.state !== 'known' || !isLiteral(flag.value) || !/^(?:true|t|1)$/i.test(flag.value.text)) return;
  const weight = onRunners(context, runner => modeOf(runner) !== undefined);
  const mode = context.runners.flatMap(({ runner }) => modeOf(runner) ?? [])[0];
  if (!weight || mode?.value.kind !== 'string') return;
  yield {
    at: flag.origin.place,
    message: `${FLAG} of ${nameOf(context.site)} has no effect${weight.onRunner}: network_mode = "${mode.value.text}" overrides it.`,
    severity: mild(weight).severity,
    confidence: weight.confidence,
    related: [{ place: mode.place, message: 'The network of all jobs.' }],
  };
}

/** The network that the runner puts every job into, where it leaves the flag to the job. */
function modeOf(runner: Runner): Setting | undefined {
  const mode = runner.setting('docker.network_mode');
  if (settled(runner.executor) !== 'docker' || runner.setting(`feature_flags.${FLAG}`)) return undefined;
  return mode?.value.kind === 'string' && mode.value.text !== '' ? mode : undefined;
}
