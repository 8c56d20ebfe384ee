/** Flags variables that keep docker's client behind: a pinned API version, and BuildKit turned off. */

import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { dockerImage } from '../trace/docker-image.js';
import { defineRule, type Rule } from './define.js';
import { takesCache } from './docker-lines.js';
import { removal, settingsOf } from './script-settings.js';

const apiVersion = defineRule({
  id: 'docker-api-version-pinned',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-ci', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell', 'dockerfile'],
  ...prose({
    title: 'Docker API version pinned',
    why: 'DOCKER_API_VERSION turns off the negotiation between client and daemon. It works until one of them moves: "client version 1.24 is too old. Minimum supported API version is 1.40", or "client version 1.52 is too new".',
    remedy: 'Remove the variable: client and daemon then agree on a version themselves.',
    sources: ['https://docs.docker.com/reference/api/engine/#versioned-api-and-sdk'],
  }),
  fixable: true,

  *site({ site, tools }) {
    // Other programs than docker's own may know no better way.
    const image = settled(site.image);
    if (site.self && tools.length === 0 && !(image && dockerImage(image.ref))) return;
    for (const setting of settingsOf(site, 'DOCKER_API_VERSION')) {
      if (setting.value === '') continue;
      yield {
        at: setting.at,
        message: `${titleOf(site)} pins the API of docker to ${setting.value}; client and daemon no longer agree on a version themselves.`,
        fixes: () =>
          removal(setting, 'Remove DOCKER_API_VERSION, so that client and daemon agree themselves'),
      };
    }
  },
});

/** What the client reads as false. Source: docker/cli cli/command/cli.go (strconv.ParseBool). */
const OFF = /^(?:0|f|F|false|FALSE|False)$/;

const buildkit = defineRule({
  id: 'buildkit-disabled',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-ci', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell'],
  ...prose({
    title: 'BuildKit turned off',
    why: 'DOCKER_BUILDKIT=0 builds with the legacy builder, deprecated since 23.0: "DEPRECATED: The legacy builder is deprecated and will be removed in a future release." It knows no secrets, no cache mounts, no parallel stages and no platforms.',
    remedy: 'Remove the variable; fix what the build needed it for.',
    sources: ['https://docs.docker.com/engine/deprecated/#legacy-builder-for-linux-images'],
  }),
  fixable: true,
  needs: 'tool',

  *site({ site, tools }) {
    // BuildKit does not build images for Windows.
    const windows = site.tags.state === 'known' && site.tags.value.some(tag => /windows/i.test(tag.value));
    if (windows || !tools.some(({ tool }) => tool === 'docker')) return;
    for (const setting of settingsOf(site, 'DOCKER_BUILDKIT')) {
      if (!OFF.test(setting.value)) continue;
      yield {
        at: setting.at,
        message: `${titleOf(site)} turns BuildKit off (DOCKER_BUILDKIT=${setting.value}) and builds with the deprecated legacy builder.`,
        // BuildKit takes no cache from images that were not built for it.
        fixes: () =>
          takesCache(site)
            ? []
            : removal(setting, 'Remove DOCKER_BUILDKIT, so that images are built with BuildKit'),
      };
    }
  },
});

export default [apiVersion, buildkit] satisfies readonly Rule[];
