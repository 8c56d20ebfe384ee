/** Flags bash, and what only bash can read, in docker images that do not have it. */

import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { defineRule } from './define.js';
import { callOf, install, officialImage } from './straight-way.js';

export default defineRule({
  id: 'bash-in-alpine-image',
  severity: 'info',
  profile: 'default',
  dialects: ['gitlab-ci', 'kubernetes', 'jenkinsfile', 'compose', 'github-actions'],
  ...prose({
    title: 'bash in a docker image that has none',
    why: "The official docker image is built from Alpine and has busybox's sh only: “bash: not found”. Scripts of jobs run in that sh, also when bash is installed later, so arrays and here-strings end in a syntax error.",
    remedy: 'Write for sh, or run apk add --no-cache bash first and put what needs it into a file for bash.',
    sources: [
      'https://github.com/docker-library/docker/issues/233',
      'https://github.com/docker-library/docker/blob/master/Dockerfile-cli.template',
    ],
  }),
  fixable: true,

  *site(context) {
    const image = officialImage(context);
    if (!image) return;
    const name = titleOf(context.site);
    const call = callOf('bash', context);
    if (call) {
      const message = `${name} calls bash, which ${image.text} does not have.`;
      const fixes = () => (image.docker.variant === 'dind-rootless' ? [] : install('bash', call.command));
      yield { at: call.at, message, fixes };
    }
    for (const { shell, script, nested } of context.site.commands) {
      if (nested) continue;
      const array = shell.assignments.find(({ value }) => script.text.charAt(value.start) === '(');
      const string = shell.redirects.find(({ operator }) => operator === '<<<');
      const at = array ?? string;
      if (!at) continue;
      const what = array ? 'an array' : 'a here-string';
      const message = `${name} writes ${what} of bash, which the sh of ${image.text} cannot read.`;
      yield { at: script.place(at.start, at.end), message };
      return;
    }
  },
});
