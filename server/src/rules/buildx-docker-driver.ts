/** Flags builds that ask the daemon's own builder for what it cannot do before docker 29. */

import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { type Build, buildsOf, severalPlatforms, usesDaemonsBuilder, valuesOf } from './builds.js';
import { defineRule, type Report, type SiteContext } from './define.js';
import { daemonBefore29 } from './dind-era.js';
import { type FlagValue, isOn, settledText } from './docker-commands.js';
import { atMost, severityOf } from './surety.js';

const REMEDY =
  'Make a builder of its own (in a workflow docker/setup-buildx-action), for a TLS dind with docker context create ci && docker buildx create --use ci, and build with docker buildx build; or move the dind service to docker 29, which has the containerd image store.';
const SOURCES = [
  'https://docs.docker.com/build/builders/drivers/',
  'https://docs.docker.com/engine/storage/containerd/',
  'https://github.com/docker/buildx/blob/master/build/opt.go',
];

const cacheTo = defineRule({
  id: 'buildx-cache-to-docker-driver',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-ci', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell'],
  ...prose({
    title: 'Cache export, which the docker driver cannot do',
    why: "The daemon's own builder can write a cache only into the image itself (type=inline) as long as its images do not lie in the containerd store: Cache export is not supported for the docker driver.",
    remedy: REMEDY,
    sources: ['https://docs.docker.com/build/cache/backends/', ...SOURCES],
  }),
  fixable: false,
  needs: 'tool',
  *site(context) {
    yield* judge(
      context,
      build =>
        valuesOf(build, '--cache-to').find(value => {
          const text = settledText(context.site, value.text.replace(/(?<=,).*/s, ''));
          // The cache of GitHub's is another rule's.
          return text !== undefined && text !== '' && !/(?:^|,)type=(?:inline|gha)\b/.test(text);
        }),
      'exports a cache',
    );
  },
});

const multiPlatform = defineRule({
  id: 'buildx-multi-platform-docker-driver',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-ci', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell'],
  ...prose({
    title: 'Several platforms, which the docker driver cannot build',
    why: "The daemon's own builder makes one image for one platform as long as its images do not lie in the containerd store: Multi-platform build is not supported for the docker driver.",
    remedy: REMEDY,
    sources: ['https://docs.docker.com/build/building/multi-platform/', ...SOURCES],
  }),
  fixable: false,
  needs: 'tool',
  *site(context) {
    yield* judge(context, build => severalPlatforms(context.site, build), 'builds for several platforms');
  },
});

const load = defineRule({
  id: 'buildx-load-multi-platform',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-ci', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell'],
  ...prose({
    title: 'Several platforms loaded into a classic image store',
    why: 'The image store of docker before 29 holds one platform of an image, so nothing can be loaded into it that has several: docker exporter does not currently support exporting manifest lists.',
    remedy:
      'Push the image (--push), load a single platform for tests, or move the dind service to docker 29.',
    sources: ['https://github.com/docker/buildx/issues/59', ...SOURCES],
  }),
  fixable: false,
  needs: 'tool',
  *site(context) {
    const daemon = daemonBefore29(context);
    for (const build of daemon ? buildsOf(context.tools) : []) {
      const platforms = severalPlatforms(context.site, build);
      const severity = severityOf(build.command);
      const docker = build.by === 'docker buildx build' && !usesDaemonsBuilder(context, build);
      const flag = build.flags.find(({ name, value }) => name === '--load' && value?.text !== 'false');
      if (!daemon || !platforms || !severity || !docker || !flag || isOn(build.flags, '--push')) continue;
      yield {
        at: build.command.script.place(flag.word.start, flag.word.end),
        message: `${titleOf(context.site)} loads an image for several platforms into ${daemon.name}, which holds only one before docker 29.`,
        severity: atMost(severity, daemon.surety.severity),
        confidence: daemon.surety.confidence,
      };
    }
  },
});

export default [cacheTo, multiPlatform, load];

function* judge(
  context: SiteContext,
  asks: (build: Build) => FlagValue | undefined,
  what: string,
): Iterable<Report> {
  const daemon = daemonBefore29(context);
  for (const build of daemon ? buildsOf(context.tools) : []) {
    const value = asks(build);
    const severity = severityOf(build.command);
    if (!daemon || !value || !severity || !usesDaemonsBuilder(context, build)) continue;
    yield {
      at: build.command.script.place(value.start, value.end),
      message: `${titleOf(context.site)} ${what} with the builder of ${daemon.name}, which cannot do that before docker 29.`,
      severity: atMost(severity, daemon.surety.severity),
      confidence: daemon.surety.confidence,
      related: [{ place: daemon.place, message: 'The daemon that builds.' }],
    };
  }
}
