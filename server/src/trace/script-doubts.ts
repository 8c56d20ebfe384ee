/** What a script does to the variables that the trace rests on, and how those variables are read. */
import type { BuildSite, Command, Environment, PairedRunner } from '../model/build-site.js';
import { settled } from '../model/known.js';
import { isLiteral } from '../model/text.js';
import type { ShellCommand } from '../syntax/shell.js';
import type { Variable } from './scene.js';

/** The variables of a job with those of its runner below them. Source: gitlab-runner common/build.go, order of variables. */
export function withRunner(env: Environment, runner: PairedRunner | undefined): Environment {
  const below = runner?.runner.env;
  if (!below || below.names().length === 0) return env;
  return {
    get(name) {
      const own = env.get(name);
      return own.state === 'absent' ? below.get(name) : own;
    },
    names: () => [...new Set([...below.names(), ...env.names()])],
  };
}

/** Reads a variable; one that is unknown, or holds unknown parts, says why. */
export function readVariable(env: Environment, name: string): Variable {
  const found = env.get(name);
  if (found.state === 'absent') return { value: undefined, place: undefined };
  if (found.state === 'unknown') return { value: undefined, place: found.origin?.place, why: found.why };
  const { value, origin } = found;
  if (isLiteral(value)) return { value: value.text, place: origin.place };
  return { value: undefined, place: origin.place, why: `it holds ${value.holes.join(' and ')}` };
}

const WATCHED = /^DOCKER_(?:HOST|CONTEXT|TLS_VERIFY|CERT_PATH|TLS_CERTDIR|TLS)$/;
const SETTERS: ReadonlySet<string> = new Set([
  'export',
  'unset',
  'declare',
  'typeset',
  'local',
  'readonly',
  'read',
]);
const READERS: ReadonlySet<string> = new Set(['source', '.', 'eval']);
const CLIENT_FLAGS =
  /^(?:-H|-c|--host|--context|--tls|--tlsverify|--tlscacert|--tlscert|--tlskey)(?:=|$)|^-H./;

/** Why what the job's variables say may not be what a docker command in its script goes by. */
export function scriptDoubts(
  site: BuildSite,
  dockerCommands: readonly Command[],
  runner: PairedRunner | undefined,
): readonly string[] {
  const doubts = new Set<string>();
  const before = runner?.runner.preScript;
  if (before && before.state !== 'absent' && /DOCKER_|^unknown$/.test(settled(before) ?? 'unknown')) {
    doubts.add('what the pre_build_script of the runner sets');
  }
  for (const { shell } of site.commands) {
    for (const name of namesSet(shell)) if (WATCHED.test(name)) doubts.add(`${name}, which the script sets`);
    if (takesVariables(shell)) doubts.add('which variables the script takes from elsewhere');
  }
  for (const { shell } of dockerCommands) {
    if (namesItsDaemon(shell)) doubts.add('the daemon that a command names itself');
  }
  return [...doubts];
}

function namesSet(shell: ShellCommand): readonly string[] {
  const assigned = shell.words.length === 0 ? shell.assignments.map(({ name }) => name) : [];
  if (!SETTERS.has(shell.words[0]?.text ?? '')) return assigned;
  return [...assigned, ...shell.words.slice(1).map(word => word.text.split('=')[0] ?? '')];
}

/** Reads a file into the shell, or exports names that only come up when it runs. A Python environment does no harm. */
function takesVariables(shell: ShellCommand): boolean {
  const [first, ...rest] = shell.words;
  const program = first?.text ?? '';
  if (READERS.has(program)) return !rest.some(word => /(?:^|\/)activate$|nvm\.sh$/.test(word.text));
  return program === 'export' && rest.some(word => !word.literal && !/^\w+=/.test(word.text));
}

function namesItsDaemon(shell: ShellCommand): boolean {
  if (shell.assignments.some(({ name }) => WATCHED.test(name))) return true;
  return shell.words.some(
    word => CLIENT_FLAGS.test(word.text) || WATCHED.test(word.text.split('=')[0] ?? ''),
  );
}
