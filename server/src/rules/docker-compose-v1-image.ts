/** Flags images and packages of Compose v1, which is given up. */

import { newestPatch } from '../catalog/docker-tags.js';
import type { FixPlan } from '../model/finding.js';
import type { Intent } from '../model/intent.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { programOf, readFlags, type ShellCommand, type ShellWord } from '../syntax/shell.js';
import { defineRule } from './define.js';
import { describe, imagesOf, type NamedImage, onlyFix, replaceImage } from './images.js';

export default defineRule({
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
  const replaced = replaceImage(image, name);
  const called = replaced.length > 0 ? callCompose(image) : undefined;
  return called ? onlyFix(`Use ${name}, with Compose v2`, 'unsafe', [...replaced, ...called]) : [];
}

/** What the entrypoint of docker/compose takes for arguments of Compose. Source: docker/compose 1.29.2, docker-compose-entrypoint.sh. */
const COMPOSE_ARGUMENTS =
  /^(?:-.*|build|config|create|down|events|exec|help|images|kill|logs|pause|port|ps|pull|push|restart|rm|run|scale|start|stop|top|unpause|up|version)$/;

/** Docker's own image wants the program named; `undefined` where it cannot be told what the container is told. */
function callCompose({ ref, site }: NamedImage): readonly Intent[] | undefined {
  const self = site?.self;
  if (self?.entrypoint.state !== 'absent' || ref.repository.startsWith('tiangolo/')) return [];
  const { command } = self;
  if (command.state === 'unknown') return undefined;
  const words = settled(command) ?? [];
  if (!COMPOSE_ARGUMENTS.test(words[0] ?? '')) return [];
  const value = ['docker-compose', ...words];
  return [{ kind: 'set-service-key', service: self.origin.place, key: 'command', value }];
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
