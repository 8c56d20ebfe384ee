/** Flags registry logins that put the password on the command line. */

import { comparable } from '../catalog/docker-tags.js';
import { LOGIN_FLAGS_WITH_VALUE, LOGINS } from '../catalog/logins.js';
import type { BuildSite, Command } from '../model/build-site.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { programOf, readFlags, type ShellFlag } from '../syntax/shell.js';
import { dockerImage } from '../trace/docker-image.js';
import { defineRule } from './define.js';
import { throughStandardInput } from './login-input.js';

export default defineRule({
  id: 'login-password-on-command-line',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-ci', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell'],
  ...prose({
    title: 'Registry password on the command line',
    why: 'Arguments of a process are open to every process on the machine, and to every log that traces commands. Docker itself warns: "Using --password via the CLI is insecure. Use --password-stdin."',
    remedy:
      'Send the password through standard input: printf %s "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"; in Compose with $$ for each $.',
    sources: [
      'https://docs.gitlab.com/user/packages/container_registry/authenticate_with_container_registry/',
      'https://docs.docker.com/reference/cli/docker/login/',
    ],
  }),
  fixable: true,

  *site({ site }) {
    for (const command of site.commands) {
      const login = findLogin(command);
      // What GitHub puts into the text is worse, and another rule's.
      if (!login || isPutIn(login)) continue;
      yield {
        at: command.script.place(login.flag.word.start, login.flag.value.word.end),
        message: `${titleOf(site)} gives ${login.program} login the password on the command line.`,
        fixes: () => (knowsStandardInput(site) ? throughStandardInput(site, command, login) : []),
      };
    }
  },
});

/** `--password-stdin` came with docker 17.07. Source: docker/cli release notes. */
function knowsStandardInput(site: BuildSite): boolean {
  const image = settled(site.image);
  const version = image && dockerImage(image.ref)?.version;
  return version === undefined || comparable(version, { major: 17, minor: 7 }) >= 0;
}

/** The password comes from an expression that is put into the text of the script. */
export function isPutIn({ flag }: Login): boolean {
  return /\$\{\{\s*(?:secrets\.|github\.token)/.test(flag.value.text);
}

export interface Login {
  readonly program: string;
  /** What takes the password from standard input. */
  readonly stdin: string;
  /** It says for whom, so that it does not ask. */
  readonly named: boolean;
  readonly flag: ShellFlag & { readonly value: NonNullable<ShellFlag['value']> };
}

export function findLogin(command: Command): Login | undefined {
  const program = programOf(command.shell);
  const known = program && LOGINS[program.name];
  if (!program || !known) return undefined;
  const { flags, operands } = readFlags(command.shell.words.slice(program.index + 1), LOGIN_FLAGS_WITH_VALUE);
  const wanted = [...known.before, 'login'];
  if (!wanted.every((word, i) => operands[i]?.text === word)) return undefined;
  const flag = flags.find(
    ({ name, value }) => (name === '-p' || name === known.password) && value && value.text !== '',
  );
  const words = [program.name, ...known.before].join(' ');
  const named = flags.some(({ name, value }) => /^(?:-u|--user(?:name)?)$/.test(name) && value);
  return flag?.value && { program: words, stdin: known.stdin, named, flag: { ...flag, value: flag.value } };
}
