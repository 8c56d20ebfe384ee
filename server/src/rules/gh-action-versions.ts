/** Flags versions of the actions that build images: branches, tags that can be moved, and releases for an old Node.js. */
import { DOCKER_ACTIONS_DATE, oldAction } from '../catalog/docker-actions.js';
import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import { defineRule } from './define.js';
import { onlyFix } from './images.js';
import { stepsOf } from './workflow-steps.js';

const OURS = /^(?:docker|redhat-actions)\//;

const unpinned = defineRule({
  id: 'gh-unpinned-action',
  severity: 'warning',
  profile: 'default',
  dialects: ['github-actions'],
  ...prose({
    title: 'Action for builds that is not pinned',
    why: 'Such actions get the credentials of registries. On a branch every push to the repository changes what runs in your job; a tag can be moved as well.',
    remedy:
      'Write a release, as in docker/build-push-action@v7, or its commit with the release in a comment.',
    sources: [
      'https://docs.github.com/en/actions/reference/security/secure-use#using-third-party-actions',
      'https://docs.zizmor.sh/audits/#unpinned-uses',
    ],
  }),
  fixable: false,
  *site({ site, profile }) {
    for (const { uses } of stepsOf(site)) {
      if (!uses || !OURS.test(uses.action) || /^[0-9a-f]{40}$/.test(uses.ref)) continue;
      const branch = /^(?:master|main|develop|dev)$/.test(uses.ref);
      if (!branch && (profile !== 'pedantic' || uses.ref === '')) continue;
      yield {
        at: uses.place,
        message: `${uses.action} of ${nameOf(site)} is taken from ${branch ? `the branch ${uses.ref}, which changes with every push` : `the tag ${uses.ref}, which can be moved`}.`,
        severity: branch ? 'warning' : 'info',
      };
    }
  },
});

const old = defineRule({
  id: 'gh-old-docker-action',
  severity: 'warning',
  profile: 'default',
  dialects: ['github-actions'],
  ...prose({
    title: 'Docker action for an old Node.js',
    why: 'Runners run actions with Node.js 24 since June 2026, whatever they were made for, and say so in every job: "Node.js 20 actions are deprecated." Releases for Node.js 16 and older have had no fixes since 2023; those for Node.js 20 are told of in the strict profile only, as information.',
    remedy:
      'Move to the current major: build-push-action v7, setup-buildx-action v4, login-action v4, setup-qemu-action v4, metadata-action v6, bake-action v7. They need runner 2.327.1 or later.',
    sources: [
      'https://github.blog/changelog/2025-09-19-deprecation-of-node-20-on-github-actions-runners/',
      'https://github.com/docker/build-push-action/releases/tag/v7.0.0',
    ],
  }),
  fixable: true,
  *site({ site, profile }) {
    for (const { uses } of stepsOf(site)) {
      const found = uses && oldAction(uses.action, uses.ref);
      if (!uses || !found) continue;
      // Those for Node.js 20 go on working with the one of today.
      const works = found.node === 'Node.js 20';
      if (works && profile === 'default') continue;
      const name = `${uses.action}@${uses.ref}`;
      const value = `${uses.action}@${found.instead}`;
      yield {
        at: uses.place,
        message: `${name} of ${nameOf(site)} was made for ${found.node} and ${works ? 'runs with Node.js 24' : 'has had no fixes since 2023'}; ${found.instead} is current.`,
        severity: works ? 'info' : 'warning',
        fixes: () =>
          found.other
            ? []
            : onlyFix(`Move to ${value}, a new major (known on ${DOCKER_ACTIONS_DATE})`, 'unsafe', [
                { kind: 'replace-value', at: uses.place, value },
              ]),
      };
    }
  },
});

export default [unpinned, old];
