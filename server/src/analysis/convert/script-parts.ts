/** A job's script as the translators see it: every command of a container tool, and the statement that it stands in. */
import type { BuildSite, Command } from '../../model/build-site.js';
import { type DockerCommand, dockerCommand, GLOBAL_FLAGS } from '../../rules/docker-commands.js';
import { readFlags, type ShellContext } from '../../syntax/shell.js';
import { type ToolUse, toolsOf } from '../../trace/tools.js';
import { refuse } from './refusal.js';
import { type Pipeline, type Statement, statementsOf } from './statements.js';

/** A pipeline that is run by the script itself, so that it can be written anew. */
export interface Spot {
  readonly statement: Statement;
  readonly pipeline: Pipeline;
}

export interface ScriptParts {
  readonly site: BuildSite;
  readonly statements: readonly Statement[];
  readonly uses: readonly ToolUse[];
  readonly spots: ReadonlyMap<Command, Spot>;
  /** Where a command comes in the order of the script. */
  readonly order: ReadonlyMap<Command, number>;
}

export function scriptParts(site: BuildSite): ScriptParts {
  const statements = site.scripts.flatMap(script => statementsOf(script, site.commands));
  const spots = new Map<Command, Spot>();
  for (const statement of statements)
    for (const pipeline of statement.pipelines)
      for (const command of pipeline.commands)
        if (!statement.tangled) spots.set(command, { statement, pipeline });
  const order = new Map(site.commands.map((command, i) => [command, i]));
  return { site, statements, uses: toolsOf(site), spots, order };
}

const PLACES: Readonly<Record<ShellContext, string>> = {
  if: 'a condition',
  loop: 'a loop',
  case: 'a case',
  function: 'a function',
  subshell: 'a subshell',
  substitution: 'a substitution',
  group: 'a group',
  negated: 'a negation',
};

/**
 * The pipeline of a command.
 * @throws Refusal for a command that something else than the script itself runs
 */
export function spotOf({ spots }: ScriptParts, command: Command): Spot {
  const spot = spots.get(command);
  if (spot) return spot;
  const context = command.shell.context[0];
  const where = command.nested
    ? 'a script for another shell'
    : context
      ? PLACES[context]
      : 'a longer statement';
  return refuse(`${nameOf(command)} stands in ${where}, where it cannot be translated.`, command);
}

/** Flags in front of the subcommand that take a value. Source: docker/cli and docker/compose, docs/reference. */
const VALUED: ReadonlySet<string> = new Set([
  ...GLOBAL_FLAGS,
  ...'-f --file -p --project-name --project-directory --profile --env-file --ansi --parallel --progress'.split(
    ' ',
  ),
]);

/** A command for people, without its arguments: `docker push`. */
export function nameOf(command: Command): string {
  const { words } = command.shell;
  const at = words.findIndex(({ text }) => /^(?:docker|docker-compose|docker-buildx)$/.test(text));
  const [subcommand] = at < 0 ? [] : readFlags(words.slice(at + 1), VALUED, false).operands;
  return [words[Math.max(at, 0)], subcommand].flatMap(word => word?.text ?? []).join(' ');
}

/** What docker commands are to a conversion. */
export type DockerRole = 'build' | 'login' | 'push' | 'tag' | 'pull' | 'gone';

const ROLES: readonly (readonly [RegExp, DockerRole])[] = [
  [/^(?:(?:buildx|image|builder) )?build$|^buildx b$/, 'build'],
  [/^login$/, 'login'],
  [/^(?:image )?push$/, 'push'],
  [/^(?:image )?tag$/, 'tag'],
  [/^(?:image )?pull$/, 'pull'],
  // These look after the daemon or show something, and the new job has no daemon.
  [/^(?:info|version|images|logout|rmi|ps)$|^image (?:ls|list|rm)$|^system (?:df|info)$/, 'gone'],
  [/^(?:system|image|container|volume|network|builder) prune$/, 'gone'],
  [/^buildx (?:create|use|inspect|ls|rm|prune|install|version|du)$/, 'gone'],
  [/^context (?:create|use|ls|rm)$/, 'gone'],
];

/**
 * What a docker command is there for.
 * @throws Refusal for what needs a daemon and is no build
 */
export function dockerRole(use: ToolUse): {
  readonly role: DockerRole;
  readonly docker: DockerCommand | undefined;
} {
  const docker = dockerCommand(use);
  if (!docker) {
    const shows = use.args.every(({ text }) => /^(?:-v|--version|--help)$/.test(text)) && use.args.length > 0;
    return shows
      ? { role: 'gone', docker: undefined }
      : refuse(`${nameOf(use.command)} cannot be translated; it needs a docker daemon.`, use.command);
  }
  const role = ROLES.find(([names]) => names.test(docker.name))?.[1];
  return role
    ? { role, docker }
    : refuse(`docker ${docker.name} cannot be translated; it needs a docker daemon.`, use.command);
}
