/** Flags container agents of Jenkins that do not start, or whose dind is not waited for. */

import { findBuilderImage } from '../catalog/builder-images.js';
import type { Command } from '../model/build-site.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { nameOf, titleOf } from '../model/site-words.js';
import { show } from '../model/text.js';
import { runsDockerd } from '../trace/docker-image.js';
import { daemonCommands } from '../trace/tools.js';
import { defineRule, type SiteContext } from './define.js';

const SOURCES = [
  'https://www.jenkins.io/doc/book/pipeline/docker/',
  'https://plugins.jenkins.io/docker-workflow/',
];

export default [
  defineRule({
    id: 'jenkins-image-entrypoint',
    severity: 'error',
    profile: 'default',
    dialects: ['jenkinsfile'],
    ...prose({
      title: 'A container agent whose entrypoint does not run what Jenkins asks for',
      why: 'Jenkins starts the container with the command cat and then enters it. The entrypoints of kaniko and BuildKit take cat for an argument of their own and end: "The container started but didn\'t run the expected command".',
      remedy:
        "Clear the entrypoint with args '--entrypoint=\"\"', and take an image with a shell: kaniko's -debug.",
      sources: [...SOURCES, 'https://github.com/osscontainertools/kaniko#debug-image'],
    }),
    fixable: false,
    *site({ site }) {
      const { self } = site;
      const image = settled(site.image);
      // Beside steps a container runs what its image says.
      if (!self || !image || self.command.state !== 'known' || self.entrypoint.state !== 'absent') return;
      if (self.command.value.join() !== 'cat' || self.container.mounts.state === 'unknown') return;
      const known = findBuilderImage(image.ref.repository);
      if (known?.tool !== 'kaniko' && known?.tool !== 'buildkit') return;
      const sure = known.repositories.includes(image.ref.repository);
      yield {
        at: image.origin.place,
        message: `${show(image.ref.text)} of ${nameOf(site)} runs its own program and not the cat of Jenkins, so the agent does not start.`,
        ...(sure ? {} : { severity: 'warning', confidence: 'medium' }),
      };
    },
  }),
  defineRule({
    id: 'jenkins-dind-sidecar-no-wait',
    severity: 'info',
    profile: 'default',
    dialects: ['jenkinsfile'],
    ...prose({
      title: 'A dind beside the steps that nobody waits for',
      why: 'withRun goes on when the container is started. dockerd takes some seconds more, and the first docker command may come too early: "Cannot connect to the Docker daemon".',
      remedy: "Ask until it answers: sh 'while ! docker info; do sleep 1; done'.",
      sources: SOURCES,
    }),
    fixable: false,
    *site(context) {
      const { site } = context;
      const dind = (site.neighbours ?? []).find(one => runsDockerd(one) && one.container.names.length > 0);
      const [first] = daemonCommands(context.tools);
      if (!dind || !first || waits(context)) return;
      yield {
        at: first.script.place(first.shell.start, first.shell.end),
        message: `${titleOf(site)} calls docker as soon as its dind is started; it may not answer yet.`,
        confidence: 'medium',
        related: [{ place: dind.origin.place, message: 'The dind.' }],
      };
    },
  }),
];

/** A loop, a pause or a question comes before anything else that docker does. */
function waits({ site, tools }: SiteContext): boolean {
  const [first] = daemonCommands(tools);
  const before = site.commands.slice(0, site.commands.indexOf(first as Command) + 1);
  return before.some(({ shell }) => {
    const program = shell.words[0]?.text ?? '';
    return shell.context.includes('loop') || /^(?:sleep|timeout|wait-for.*|until)$/.test(program);
  });
}
