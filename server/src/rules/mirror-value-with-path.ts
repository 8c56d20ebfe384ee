/** Flags registry mirrors that dockerd refuses. */

import { comparable, type DockerVersion } from '../catalog/docker-tags.js';
import type { Service } from '../model/build-site.js';
import type { FixPlan } from '../model/finding.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import { valuesOf } from '../trace/daemon-arguments.js';
import { type DockerImage, dindServices } from '../trace/docker-image.js';
import { defineRule, type Report } from './define.js';
import { type DindArguments, dindArguments } from './dind-arguments.js';
import { onlyFix } from './images.js';

export default defineRule({
  id: 'mirror-value-with-path',
  severity: 'error',
  profile: 'default',
  dialects: [
    'gitlab-ci',
    'gitlab-runner',
    'github-actions',
    'compose',
    'kubernetes',
    'jenkinsfile',
    'shell',
    'dockerfile',
  ],
  ...prose({
    title: 'Registry mirror that dockerd refuses',
    why: 'dockerd checks --registry-mirror before it starts and ends on a value that it does not like: "invalid mirror: no scheme specified". It takes http:// or https://, a host, and from 24.0.8 on a path; never a query, a fragment or a password. Its client later says "lookup docker: no such host".',
    remedy:
      'Write --registry-mirror=https://mirror.example.com. Where the mirror lives under a path, use dind of 24.0.8 or later.',
    sources: [
      'https://github.com/moby/moby/blob/master/daemon/pkg/registry/config.go',
      'https://github.com/moby/moby/pull/46944',
    ],
  }),
  fixable: true,
  needs: 'trace',

  *site({ site }) {
    yield* mirrorsOf(dindServices(site), nameOf(site));
  },
  *runner({ paired: { runner } }) {
    if (/^(?:shell|other)$/.test(settled(runner.executor) ?? '')) return;
    yield* mirrorsOf(settled(runner.services) ?? [], `runner "${runner.name}"`);
  },
});

function* mirrorsOf(services: readonly Service[], owner: string): Iterable<Report> {
  for (const dind of dindArguments(services)) {
    for (const value of valuesOf(dind.words, '--registry-mirror')) {
      const wrong = wrongMirror(value, dind.image);
      if (wrong === undefined) continue;
      const copy = dind.image.mirrored ? ({ confidence: 'medium', severity: 'warning' } as const) : {};
      yield {
        at: dind.origin.place,
        message: `dind of ${owner} does not start: the mirror ${hidden(value)} ${wrong}.`,
        ...copy,
        fixes: () => withScheme(dind, value),
      };
      break;
    }
  }
}

/** What dockerd says against a mirror. Source: moby registry/config.go, ValidateMirror; paths since 24.0.8 and 25.0. */
function wrongMirror(value: string, image: DockerImage): string | undefined {
  const [, scheme, user, rest = ''] = /^([^:/]+):\/\/([^/@]*@)?(.*)$/.exec(value) ?? [];
  if (value === '' || /["'\s]/.test(value)) return undefined;
  if (scheme === undefined) return 'has no scheme (http:// or https://)';
  if (!/^https?$/i.test(scheme)) return `has the scheme ${scheme}, and not http or https`;
  if (user !== undefined) return 'holds a user name';
  if (/[?#]/.test(rest)) return 'ends in a query or a fragment';
  const path = /^[^/]*\/.+/.test(rest);
  const refused = image.versionKnown && image.version && comparable(image.version, PATHS_SINCE) < 0;
  return path && refused ? 'has a path, which dockerd takes from 24.0.8 on only' : undefined;
}

const PATHS_SINCE: DockerVersion = { major: 24, minor: 0, patch: 8 };

function hidden(value: string): string {
  return value.replace(/\/\/[^/@]*@/, '//…@').replace(/\?.*/, '?…');
}

/** Whether it speaks TLS only its owner knows. */
function withScheme(dind: DindArguments, value: string): readonly FixPlan[] {
  if (!/^[\w.-]+(?::\d+)?\/?$/.test(value)) return [];
  const words = dind.words.map(word =>
    word === value || word === `--registry-mirror=${value}` ? word.replace(value, `https://${value}`) : word,
  );
  return onlyFix(`Use https://${value}`, 'unsafe', [dind.replace(words)]);
}
