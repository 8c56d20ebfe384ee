/** Flags secrets that a workflow puts where they can be read: build arguments, and the text of a login. */
import { prose } from '../model/prose.js';
import { nameOf, titleOf } from '../model/site-words.js';
import { isPublic } from './build-arg-secret.js';
import { buildsOf, valuesOf } from './builds.js';
import { defineRule } from './define.js';
import { throughStandardInput } from './login-input.js';
import { findLogin, isPutIn } from './login-password-on-command-line.js';

const buildArgs = defineRule({
  id: 'gh-secrets-in-build-args',
  severity: 'warning',
  profile: 'default',
  dialects: ['github-actions'],
  ...prose({
    title: 'Secret in a build argument',
    why: 'The value of a build argument is kept with the image: docker history shows it to everyone who can pull, and for public repositories docker/build-push-action also attaches a provenance in which all arguments stand.',
    remedy:
      'Hand it over with the input secrets (secrets: |, then token=${{ secrets.TOKEN }}) and read it with RUN --mount=type=secret,id=token. Renew secrets that are in images already.',
    sources: [
      'https://docs.docker.com/build/ci/github-actions/secrets/',
      'https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/',
    ],
  }),
  fixable: false,
  needs: 'tool',
  *site({ site, tools }) {
    for (const build of buildsOf(tools)) {
      for (const value of valuesOf(build, '--build-arg')) {
        const [, name, secret] = SECRET.exec(value.text) ?? [];
        // The token ends with the job, so what is left of it in the image opens nothing.
        if (name === undefined || secret === undefined || secret === 'GITHUB_TOKEN') continue;
        if (isPublic(name) || isPublic(secret)) continue;
        yield {
          at: build.command.script.place(value.start, value.end),
          message: `${titleOf(site)} passes the secret ${secret} as build argument ${name}: it can be read from the history of the image.`,
        };
      }
    }
  },
});

const SECRET = /^(\w+)=.*?\$\{\{\s*secrets\.(\w+)\s*\}\}/s;

const login = defineRule({
  id: 'gh-login-run-password',
  severity: 'warning',
  profile: 'default',
  dialects: ['github-actions'],
  ...prose({
    title: 'Secret in the command line of a login',
    why: 'GitHub puts the value into the text of the script before the shell reads it: a quote or a dollar sign in the password breaks the command, or runs as one, and every process on the machine can read the arguments.',
    remedy:
      'Use docker/login-action, or give the secret to the step as a variable and send it through --password-stdin.',
    sources: [
      'https://github.com/docker/login-action',
      'https://docs.github.com/en/actions/concepts/security/script-injections',
    ],
  }),
  fixable: true,
  *site({ site }) {
    for (const command of site.commands) {
      const found = findLogin(command);
      if (!found || !isPutIn(found)) continue;
      yield {
        at: command.script.place(found.flag.word.start, found.flag.value.word.end),
        message: `A secret stands in the command line of ${found.program} login in ${nameOf(site)}.`,
        fixes: () => throughStandardInput(site, command, found),
      };
    }
  },
});

export default [buildArgs, login];
