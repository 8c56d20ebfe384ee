/** Reads logins of docker, and writes them as the file in which tools without such a command look. */
import { LOGIN_FLAGS_WITH_VALUE } from '../../catalog/logins.js';
import type { BuildSite, Command } from '../../model/build-site.js';
import { type DockerCommand, settledText } from '../../rules/docker-commands.js';
import { programOf, readFlags, type ShellWord } from '../../syntax/shell.js';
import { checkGlobalFlags } from './image-build.js';
import { STAYS } from './layout.js';
import { variablesIn } from './names.js';
import { refuse } from './refusal.js';
import type { Pipeline } from './statements.js';
import { inQuotes, readValue, type Value, valueAt } from './values.js';

export interface Login {
  readonly command: Command;
  readonly user: Value;
  /** A word that comes to the password. */
  readonly password: Value;
  /** The key of the registry in docker's configuration. */
  readonly registry: Value;
}

/** Docker Hub's own key. Source: docker/cli cli/config and registry package, IndexServer. */
const HUB = 'https://index.docker.io/v1/';

/**
 * Reads `docker login`, with the command that hands it the password.
 * @throws Refusal where a part of it cannot be told
 */
export function readLogin(site: BuildSite, docker: DockerCommand, pipeline: Pipeline): Login {
  const { command, words, before } = docker;
  checkGlobalFlags(command, before);
  const { flags, operands } = readFlags(words, LOGIN_FLAGS_WITH_VALUE);
  const given = (...names: readonly string[]): Value | undefined => {
    const value = flags.findLast(({ name }) => names.includes(name))?.value;
    return value && valueAt(command.script.text, value, value.word);
  };
  const known = ['-u', '--username', '-p', '--password', '--password-stdin'];
  const other = flags.find(({ name }) => !known.includes(name));
  if (other) refuse(`docker login gets ${other.name}, which cannot be translated.`, command);
  const user = given('-u', '--username');
  const piped = flags.some(({ name }) => name === '--password-stdin');
  const password = piped ? fromInput(command, pipeline) : given('-p', '--password');
  if (!piped && pipeline.commands.length > 1)
    refuse('The login is part of a pipe and does not read its password from there.', command);
  if (!user || !password || operands.length > 1)
    return refuse('User, password and registry of the login cannot be told.', command);
  return { command, user, password, registry: registryKey(site, command, operands[0]) };
}

/** What `--password-stdin` reads: `echo P |`, `printf %s P |`, `cat FILE |`, `<<< P` or `< FILE`. */
function fromInput(command: Command, pipeline: Pipeline): Value | undefined {
  const [first, second, more] = pipeline.commands;
  const { redirects } = command.shell;
  if (first === command && !second) {
    const [redirect, another] = redirects;
    const value = redirect?.target && wordValue(command, redirect.target);
    if (another || !value) return undefined;
    return redirect.operator === '<<<' ? value : redirect.operator === '<' ? contents(value) : undefined;
  }
  if (!first || second !== command || more || redirects.length > 0) return undefined;
  return printed(first);
}

function printed(command: Command): Value | undefined {
  const { words, redirects, assignments } = command.shell;
  if (redirects.length > 0 || assignments.length > 0) return undefined;
  const [program, ...args] = words;
  const last = args.at(-1);
  const value = last && wordValue(command, last);
  const options = args.slice(0, -1).map(({ text }) => text);
  if (!value) return undefined;
  const [option = ''] = options;
  if (program?.text === 'echo')
    return options.length === 0 || (options.length === 1 && option === '-n') ? value : undefined;
  if (program?.text === 'printf')
    return options.length === 1 && /^%s(?:\\n)?$/.test(option) ? value : undefined;
  return program?.text === 'cat' && options.length === 0 ? contents(value) : undefined;
}

function wordValue({ script }: Command, word: ShellWord): Value | undefined {
  return valueAt(script.text, word, word);
}

function contents(file: Value): Value | undefined {
  const path = inQuotes(file);
  return path === undefined ? undefined : readValue(`"$(cat ${path})"`);
}

/** Tools look the registry up by its host; docker login takes more than that away by itself. */
function registryKey(site: BuildSite, command: Command, word: ShellWord | undefined): Value {
  const hub = readValue(HUB) as Value;
  const value = word && wordValue(command, word);
  if (!word) return hub;
  if (!value) return refuse(`What registry ${word.text} is cannot be told.`, command);
  const text = settledText(site, word.text) ?? word.text;
  if (/^(?:(?:index\.)?docker\.io|https:\/\/index\.docker\.io\/v1\/?)$/.test(text)) return hub;
  const host = hostOfLogin(text);
  if (host !== undefined) return readValue(host) as Value;
  if (text.includes('/') || variablesIn(value).includes('CI_REGISTRY_IMAGE'))
    refuse(`The login is for ${word.text}; name the host of the registry alone.`, command);
  return value;
}

/**
 * The host in front of a path or behind `https://`, which docker takes alone; `undefined` where there is none or where
 * more than letters is needed to tell. Source: docker/cli registry package, ConvertToHostname.
 */
export function hostOfLogin(registry: string): string | undefined {
  const [, behindScheme, beforePath] =
    /^(?:https?:\/\/([\w.-]+(?::\d+)?)(?:\/[\w./-]*)?|([\w.-]+(?::\d+)?)\/[\w./-]*)$/.exec(registry) ?? [];
  return behindScheme ?? beforePath;
}

/** Writes the login to `folder`/config.json. The password is in no list of processes: printf is a builtin of the shell. */
export function authCommand({ user, password, registry }: Login, folder: string): string {
  const word = (value: Value): string => inQuotes(value) ?? value.source;
  const pair = `printf '%s:%s' ${word(user)} ${word(password)} | base64 | tr -d '\\n'`;
  const file = `'{"auths":{"%s":{"auth":"%s"}}}'`;
  return `mkdir -p ${folder} && printf ${file} ${word(registry)} "$(${pair})" > ${folder}/config.json`;
}

/** Whether the command runs docker by its own name, with nothing in front that the new job would lack. */
export function isPlainlyRun({ shell }: Command): boolean {
  const index = programOf(shell)?.index ?? 0;
  return shell.words.slice(0, index).every(({ text }) => STAYS.test(text));
}
