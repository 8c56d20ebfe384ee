/** Flags images and packages of tools that are given up: Compose v1, and the kaniko images of Chainguard. */

import { pinnedImage } from '../catalog/builder-images.js';
import { newestPatch } from '../catalog/docker-tags.js';
import type { FixPlan } from '../model/finding.js';
import { prose } from '../model/prose.js';
import { nameOf, titleOf } from '../model/site-words.js';
import { show } from '../model/text.js';
import { programOf, readFlags, type ShellCommand, type ShellWord } from '../syntax/shell.js';
import { defineRule, type Rule } from './define.js';
import { describe, imagesOf, type NamedImage, onlyFix, replaceImage } from './images.js';

const composeV1 = defineRule({
  id: 'docker-compose-v1-image',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-ci', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'dockerfile', 'shell'],
  ...prose({
    title: 'Compose v1, which is no longer maintained',
    why: 'Compose v1, the Python program, got its last release (1.29.2) in May 2021. It breaks with libraries of today ("Not supported URL scheme http+docker") and knows no file format that came later; the image docker/compose is given up.',
    remedy:
      'Use docker:29.7.2-cli. It has Compose as a plugin (docker compose) and a link of the old name (docker-compose).',
    sources: [
      'https://docs.docker.com/compose/releases/migrate/',
      'https://docs.gitlab.com/ci/docker/docker_build_troubleshooting/',
    ],
  }),
  fixable: true,

  *site({ site }) {
    for (const image of imagesOf(site)) {
      if (!/^(?:docker\.io\/)?(?:docker\/compose|tiangolo\/docker-with-compose)$/.test(image.ref.repository))
        continue;
      yield {
        at: image.origin.place,
        message: `${describe(image)}, brings Compose v1, which is out of maintenance.`,
        fixes: () => toDocker(image),
      };
    }
    for (const { shell, script } of site.commands) {
      const word = installed(shell);
      if (!word) continue;
      yield {
        at: script.place(word.start, word.end),
        message: `${titleOf(site)} installs docker-compose with pip: that is Compose v1, which is out of maintenance.`,
      };
    }
  },
});

function toDocker(image: NamedImage): readonly FixPlan[] {
  const tag = newestPatch(undefined, 'cli');
  if (tag === undefined || image.role === 'service') return [];
  const name = `docker:${tag}`;
  return onlyFix(`Use ${name}, with Compose v2`, 'unsafe', replaceImage(image, name));
}

const PIP_FLAGS = new Set(
  '-r --requirement -c --constraint -i --index-url --extra-index-url -t --target --prefix --root --python --pip-args'.split(
    ' ',
  ),
);

/** The word that names docker-compose in `pip install`; what PyPI has of it is version 1. */
function installed(shell: ShellCommand): ShellWord | undefined {
  const program = programOf(shell);
  if (!program) return undefined;
  let args = shell.words.slice(program.index + 1);
  if (/^python[\d.]*$/.test(program.name) && args[0]?.text === '-m') args = args.slice(1);
  else if (!/^(?:pip[\d.]*|pipx)$/.test(program.name)) return undefined;
  if (/^python/.test(program.name)) {
    if (args[0]?.text !== 'pip') return undefined;
    args = args.slice(1);
  }
  const [verb, ...packages] = readFlags(args, PIP_FLAGS).operands;
  if (verb?.text !== 'install') return undefined;
  return packages.find(({ text }) => /^docker[-_]compose(?:\[\w+\])?(?:[=<>~!].*)?$/.test(text));
}

const chainguard = defineRule({
  id: 'kaniko-chainguard-images',
  severity: 'info',
  profile: 'default',
  dialects: ['gitlab-ci', 'compose', 'kubernetes', 'jenkinsfile', 'dockerfile', 'github-actions'],
  ...prose({
    title: 'Kaniko image that only customers can pull',
    why: "Chainguard's fork of kaniko is open as source only; its images are for customers, and others are refused at the pull.",
    remedy: 'Without a contract, use ghcr.io/osscontainertools/kaniko, which takes the same flags.',
    sources: [
      'https://github.com/osscontainertools/kaniko#alternatives',
      'https://github.com/chainguard-forks/kaniko',
    ],
  }),
  fixable: true,

  *site({ site }) {
    for (const image of imagesOf(site)) {
      if (!/^cgr\.dev\/chainguard\/kaniko$/.test(image.ref.repository)) continue;
      const variant = /(?:^|-)(?:debug|dev)$/.test(image.ref.tag ?? '') ? 'debug' : '';
      const fork = pinnedImage('kaniko', variant);
      yield {
        at: image.origin.place,
        message: `${show(image.ref.text)} of ${nameOf(site)} is for customers of Chainguard; others are refused at the pull.`,
        fixes: () => onlyFix(`Use the public fork, ${fork}`, 'unsafe', replaceImage(image, fork)),
      };
    }
  },
});

export default [composeV1, chainguard] satisfies readonly Rule[];
