/** Flags kaniko commands whose flags contradict each other. */

import type { BuildSite, Command } from '../model/build-site.js';
import type { FixPlan } from '../model/finding.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import type { ShellWord } from '../syntax/shell.js';
import { changeCommand } from './command-changes.js';
import { defineRule } from './define.js';
import { isOn, mayHoldFlags, settledText } from './docker-commands.js';
import { onlyFix } from './images.js';
import { kanikoRuns } from './kaniko-runs.js';
import { severityOf } from './surety.js';

const README = 'https://github.com/osscontainertools/kaniko#additional-flags';

const cacheRepo = defineRule({
  id: 'kaniko-cache-repo-missing',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-ci', 'kubernetes', 'jenkinsfile', 'compose', 'github-actions'],
  ...prose({
    title: 'Kaniko cache without a repository',
    why: 'Kaniko keeps its cache in a registry, beside the image that it pushes. With --no-push there is none, so it ends before it builds: error: cache flags invalid: if using cache with --no-push, specify cache repo with --cache-repo.',
    remedy:
      'Name one, in GitLab --cache-repo "$CI_REGISTRY_IMAGE/cache", or leave --cache out of builds that push nothing.',
    sources: ['https://github.com/osscontainertools/kaniko/blob/main/cmd/executor/cmd/root.go', README],
  }),
  fixable: true,
  needs: 'tool',
  *site({ site, tools }) {
    for (const { command, flags } of kanikoRuns(tools)) {
      const severity = severityOf(command);
      const cache = flags.flags.find(({ name }) => name === '--cache');
      const on = cache && (cache.value === undefined || cache.value.text === 'true');
      const elsewhere = ['--cache-repo', '--no-push-cache', '--dryrun'];
      if (!severity || !on || !isOn(flags.flags, '--no-push') || flags.operands.some(mayHoldFlags)) continue;
      if (flags.flags.some(({ name }) => elsewhere.includes(name))) continue;
      const at = cache.word;
      yield {
        at: command.script.place(at.start, at.end),
        message: `${titleOf(site)} asks kaniko for a cache and pushes nothing: without --cache-repo kaniko refuses to start.`,
        severity,
        fixes: () => cacheFixes(site, command, at),
      };
    }
  },
});

/** GitLab's registry is at hand where builds run; nobody else says where one is. */
function cacheFixes(site: BuildSite, command: Command, { start, end }: ShellWord): readonly FixPlan[] {
  const { words } = command.shell;
  const before = words[words.findIndex(word => word.start === start) - 1];
  const keep = changeCommand(command, {
    start: end,
    end,
    text: ' --cache-repo=$CI_REGISTRY_IMAGE/cache',
  });
  const intents = changeCommand(command, { start: before?.end ?? start, end, text: '' });
  const inGitLab = site.dialect === 'gitlab-ci';
  const title = 'Build without --cache, as nothing is pushed';
  return [
    ...(inGitLab ? onlyFix('Keep the cache in $CI_REGISTRY_IMAGE/cache (--cache-repo)', 'unsafe', keep) : []),
    { title, safety: 'safe', preferred: !inGitLab, intents },
  ];
}

const multiPlatform = defineRule({
  id: 'kaniko-multi-platform',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-ci', 'kubernetes', 'jenkinsfile', 'compose', 'github-actions'],
  ...prose({
    title: 'Kaniko asked for several platforms',
    why: 'Kaniko builds for one platform in one run, and cannot emulate another. A list in --custom-platform is taken for the name of one platform: no child with platform linux/amd64,linux/arm64 in index. Of several flags the last one counts.',
    remedy:
      'Run one job for each platform on a runner of that architecture and join the images with manifest-tool, or build with BuildKit.',
    sources: ['https://github.com/osscontainertools/kaniko#flag---custom-platform'],
  }),
  fixable: false,
  needs: 'tool',
  *site({ site, tools }) {
    for (const { command, flags } of kanikoRuns(tools)) {
      const given = flags.flags.flatMap(({ name, value }) =>
        /^--custom-?[pP]latform$/.test(name) && value ? [value] : [],
      );
      const texts = given.map(value => settledText(site, value.text));
      const value =
        given.find((_, i) => texts[i]?.includes(',')) ?? (new Set(texts).size > 1 ? given[0] : undefined);
      if (!value || texts.includes(undefined)) continue;
      yield {
        at: command.script.place(value.start, value.end),
        message: `${titleOf(site)} asks kaniko for several platforms; it builds for one in one run.`,
      };
    }
  },
});

export default [cacheRepo, multiPlatform];
