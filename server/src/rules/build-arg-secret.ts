/** Flags secrets that are handed to a build as arguments, which stay in the image. */

import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { buildsOf, valuesOf } from './builds.js';
import { defineRule } from './define.js';
import type { FlagValue } from './docker-commands.js';

export default defineRule({
  id: 'build-arg-secret',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-ci', 'github-actions', 'compose', 'jenkinsfile', 'kubernetes', 'shell'],
  ...prose({
    title: 'Secret in a build argument',
    why: 'The value of a build argument is kept with the image: docker history shows it to everyone who can pull, and caches and attestations may hold it too. BuildKit warns of it: SecretsUsedInArgOrEnv.',
    remedy:
      'Hand the secret over with --secret id=token,env=TOKEN and read it in the Dockerfile with RUN --mount=type=secret,id=token; it is then in no layer and no history. Renew secrets that are in images already.',
    sources: [
      'https://docs.docker.com/build/building/secrets/',
      'https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/',
    ],
  }),
  fixable: false,
  needs: 'tool',

  *site({ site, tools }) {
    // kaniko keeps the values of arguments out of the history.
    for (const build of buildsOf(tools)) {
      for (const value of valuesOf(build, '--build-arg')) {
        const name = secretName(value);
        if (name === undefined) continue;
        const { script } = build.command;
        yield {
          at: script.place(value.start, value.end),
          message: `${titleOf(site)} passes ${name} as a build argument: it can be read from the history of the image.`,
        };
      }
    }
  },
});

/** Words at the end of a name that say that the value is to be kept secret. */
const SECRET =
  /(?:^|_)(?:TOKEN|PASSWORD|PASSWD|PASSPHRASE|SECRET|CREDENTIALS?|(?:API|SECRET|PRIVATE|SSH|SIGNING|ENCRYPTION|DEPLOY|LICENSE|SECRET_ACCESS)_?KEY)(?:_(?:BASE64|B64))?$/i;

/** Whether a name says that its value is meant for everyone. */
export function isPublic(name: string): boolean {
  return PUBLIC.test(name);
}

/** Made to be read by everyone: they end up in the browser, or name something that is public. */
const PUBLIC =
  /PUBLIC|PUBLISHABLE|(?:^|_)(?:ANON|SITE|CACHE|CLIENT|MAPS?|ANALYTICS|RECAPTCHA)_|^(?:VITE|REACT_APP|VUE_APP|GATSBY|NG_APP|EXPO)_|SENTRY_DSN/i;

/** These end with the job, so that what is left in the image opens nothing. */
const SHORT_LIVED = /^CI_(?:JOB_TOKEN|REGISTRY_PASSWORD|DEPENDENCY_PROXY_PASSWORD|JOB_JWT\w*)$/;

/** The name of the argument, when it or its variable is called like a secret and the value comes from a variable. */
function secretName({ text }: FlagValue): string | undefined {
  const [, name, value] = /^([A-Za-z_]\w*)(?:=(.*))?$/s.exec(text) ?? [];
  if (name === undefined) return undefined;
  const variable = value === undefined ? name : /^\$(?:\{(\w+)\}|(\w+))$/.exec(value)?.slice(1).find(Boolean);
  if (variable === undefined || SHORT_LIVED.test(variable) || PUBLIC.test(name) || PUBLIC.test(variable)) {
    return undefined;
  }
  if (SECRET.test(variable)) return name;
  return SECRET.test(name) ? name : undefined;
}
