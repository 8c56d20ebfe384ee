/** Flags buildctl commands that talk to a daemon which is not there. */

import { findBuilderImage } from '../catalog/builder-images.js';
import type { Command } from '../model/build-site.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import type { ShellWord } from '../syntax/shell.js';
import { scriptSets } from '../trace/script-way.js';
import { buildctls } from './buildctls.js';
import { seesWholeScript } from './builds.js';
import { changeCommand } from './command-changes.js';
import { defineRule } from './define.js';
import { onlyFix } from './images.js';
import { atMost, onRunners, severityOf } from './surety.js';

export default defineRule({
  id: 'buildkit-native-docs-trap',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-ci'],
  ...prose({
    title: 'buildctl without a buildkitd',
    why: 'buildctl is only a client. Nothing in the job starts the daemon buildkitd, and a docker:dind service is dockerd, which does not answer it: could not connect to unix:///run/buildkit/buildkitd.sock. The example "Native BuildKit" in GitLab\'s documentation has this fault.',
    remedy:
      'Call buildctl-daemonless.sh, which starts a daemon for the one build, in the rootless image; or use docker buildx build with the dind service.',
    sources: [
      'https://docs.gitlab.com/ci/docker/using_buildkit/',
      'https://github.com/moby/buildkit/blob/master/examples/buildctl-daemonless/buildctl-daemonless.sh',
    ],
  }),
  fixable: true,
  needs: 'tool',
  *site(context) {
    const { site } = context;
    const image = settled(site.image);
    if (!image || findBuilderImage(image.ref.repository)?.tool !== 'buildkit') return;
    if (!seesWholeScript(context)) return;
    if (site.env.get('BUILDKIT_HOST').state !== 'absent' || scriptSets(site, 'BUILDKIT_HOST')) return;
    const surety = onRunners(
      context,
      ({ runner }) =>
        settled(runner.executor) === 'docker' &&
        runner.mounts.state !== 'unknown' &&
        !(settled(runner.mounts) ?? []).some(({ target }) =>
          /buildkit|^\/(?:var\/)?run\/?$|^\/$/.test(target),
        ),
      '',
    );
    for (const { command, program, flags, operands } of buildctls(context.tools)) {
      const severity = severityOf(command);
      if (!surety || !severity || program.text !== 'buildctl' || operands[0]?.text !== 'build') continue;
      if (flags.some(({ name }) => name === '--addr')) continue;
      const rootless = /(?:^|-)rootless$/.test(image.ref.tag ?? '');
      yield {
        at: command.script.place(program.start, program.end),
        message: `${titleOf(site)} calls buildctl${surety.onRunner}, and nothing starts the buildkitd that it talks to.`,
        severity: atMost(severity, surety.severity),
        confidence: surety.confidence,
        fixes: () => (rootless ? daemonless(command, program) : []),
      };
    }
  },
});

function daemonless(command: Command, { start, end }: ShellWord): ReturnType<typeof onlyFix> {
  const intents = changeCommand(command, { start, end, text: 'buildctl-daemonless.sh' });
  return onlyFix('Start a daemon for the build with buildctl-daemonless.sh', 'unsafe', intents);
}
