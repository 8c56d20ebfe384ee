/** Flags the token variable that GitLab has taken away. */

import type { BuildSite } from '../model/build-site.js';
import type { FixPlan } from '../model/finding.js';
import type { Intent } from '../model/intent.js';
import { type Place, placeKey } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import type { ShellPart } from '../syntax/shell.js';
import { changeCommand } from './command-changes.js';
import { defineRule, type Report } from './define.js';
import { onlyFix } from './images.js';

const GONE = 'CI_BUILD_TOKEN';

export default defineRule({
  id: 'login-ci-build-token',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-ci'],
  ...prose({
    title: 'CI_BUILD_TOKEN, which GitLab no longer sets',
    why: 'GitLab renamed CI_BUILD_TOKEN in 9.0 and took the old name away in 16.0. The variable is empty now, and a login with it ends in "unauthorized: incorrect username or password".',
    remedy:
      'Use CI_JOB_TOKEN, its new name; or CI_REGISTRY_USER with CI_REGISTRY_PASSWORD for the container registry of the project.',
    sources: [
      'https://docs.gitlab.com/update/deprecations/#ci_build_-predefined-variables',
      'https://docs.gitlab.com/ci/docker/docker_build_troubleshooting/',
    ],
  }),
  fixable: true,

  *site({ site }) {
    // A project that sets it itself, or files out of view that may, can go on using it.
    const own = site.env.get(GONE);
    if (own.state === 'known' || (own.state === 'unknown' && site.gaps.length === 0)) return;
    const confidence = own.state === 'absent' ? 'high' : 'medium';
    for (const report of [...inScripts(site), ...inVariables(site)]) {
      yield { ...report, confidence, severity: confidence === 'high' ? 'error' : 'warning' };
    }
  },
});

function* inScripts(site: BuildSite): Iterable<Report> {
  if (!site.scripts.some(({ text }) => text.includes(GONE))) return;
  const seen = new Set<string>();
  for (const command of site.commands) {
    const { shell, script } = command;
    const words = [
      ...shell.words,
      ...shell.assignments.map(({ value }) => value),
      ...shell.redirects.flatMap(({ target }) => target ?? []),
    ];
    for (const part of words.flatMap(word => word.parts).filter(isGone)) {
      const at = script.place(part.start, part.end);
      if (seen.has(placeKey(at))) continue;
      seen.add(placeKey(at));
      const { start, end } = part;
      const text = script.text.slice(start, end).replace(GONE, 'CI_JOB_TOKEN');
      yield found(site, at, () => rename(changeCommand(command, { start, end, text })));
    }
  }
}

/** `${CI_BUILD_TOKEN:-$CI_JOB_TOKEN}` is made for old and new servers. */
function isGone(part: ShellPart): boolean {
  return part.kind === 'variable' && part.name === GONE && part.operator === undefined;
}

function* inVariables(site: BuildSite): Iterable<Report> {
  for (const name of site.env.names()) {
    const value = site.env.get(name);
    if (value.state !== 'known' || !value.value.holes.includes(GONE)) continue;
    const { place } = value.origin;
    const raw = /^(["']?)([^"']*)\1$/.exec(place.block.text.slice(place.start, place.end))?.[2];
    // It came through another variable, and is reported there.
    if (!raw?.includes(GONE)) continue;
    const text = raw.replace(GONE, 'CI_JOB_TOKEN');
    yield found(site, place, () => rename([{ kind: 'replace-value', at: place, value: text }]));
  }
}

function found(site: BuildSite, at: Place, fixes: () => readonly FixPlan[]): Report {
  return {
    at,
    message: `${titleOf(site)} uses CI_BUILD_TOKEN, which GitLab removed in 16.0, so it is empty.`,
    fixes,
  };
}

function rename(intents: readonly Intent[]): readonly FixPlan[] {
  return onlyFix('Use CI_JOB_TOKEN, its new name', 'safe', intents);
}
