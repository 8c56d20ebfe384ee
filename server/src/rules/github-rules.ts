/** The rules that look at workflows of GitHub Actions alone; loaded when the first workflow comes up. */
import type { Rule } from './define.js';
import actionVersions from './gh-action-versions.js';
import cacheGha from './gh-cache-gha-no-buildx.js';
import containerJobs from './gh-container-jobs.js';
import dindHostname from './gh-dind-hostname.js';
import packagesPermission from './gh-missing-packages-permission.js';
import pullRequestTarget from './gh-pull-request-target-build.js';
import pushOnPr from './gh-push-on-pr.js';
import secrets from './gh-secrets.js';
import serviceStart from './gh-service-start.js';
import services from './gh-services.js';

/** In the order in which documents list them. */
export function githubRules(): readonly Rule[] {
  return RULES;
}

const RULES: readonly Rule[] = [
  dindHostname,
  ...services,
  ...serviceStart,
  ...containerJobs,
  ...actionVersions,
  cacheGha,
  packagesPermission,
  pushOnPr,
  ...secrets,
  pullRequestTarget,
];
