/** Flags builds that send their cache to GitHub with a builder that cannot. */
import type { Place } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { buildsOf, usesDaemonsBuilder, valuesOf } from './builds.js';
import { defineRule } from './define.js';
import { daemonBefore29 } from './dind-era.js';
import { onlyFix } from './images.js';
import { severityOf } from './surety.js';
import { stepOf } from './workflow-steps.js';

export default defineRule({
  id: 'gh-cache-gha-no-buildx',
  severity: 'warning',
  profile: 'default',
  dialects: ['github-actions'],
  ...prose({
    title: "GitHub's cache without a builder of its own",
    why: "Without docker/setup-buildx-action a build goes to the daemon's own builder, which before docker 29 exports no cache but an inline one: ERROR: Cache export is not supported for the docker driver.",
    remedy: 'Put a step with docker/setup-buildx-action in front of the build.',
    sources: [
      'https://docs.docker.com/build/cache/backends/gha/',
      'https://github.com/docker/buildx/blob/master/build/opt.go',
    ],
  }),
  fixable: true,
  *site(context) {
    const { site, tools } = context;
    const daemon = daemonBefore29(context);
    for (const build of daemon ? buildsOf(tools) : []) {
      const value = valuesOf(build, '--cache-to').find(({ text }) => /(?:^|,)type=gha\b/.test(text));
      const severity = severityOf(build.command);
      if (!daemon || !value || !severity || !usesDaemonsBuilder(context, build)) continue;
      const step = stepOf(site, build.command)?.place;
      yield {
        at: build.command.script.place(value.start, value.end),
        message: `${titleOf(site)} sends its cache to GitHub without docker/setup-buildx-action, and the builder of ${daemon.name} cannot do that before docker 29.`,
        severity: 'warning',
        confidence: daemon.surety.confidence,
        fixes: () => (step ? setUp(step) : []),
      };
    }
  },
});

function setUp(at: Place) {
  return onlyFix('Set up a builder in front of it (docker/setup-buildx-action@v4)', 'safe', [
    { kind: 'insert-step', at, uses: 'docker/setup-buildx-action@v4' },
  ]);
}
