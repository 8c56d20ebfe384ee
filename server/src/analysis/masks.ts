/** Takes the secrets that people write into pipelines out of what is shown of them. */
import { LOGIN_FLAGS_WITH_VALUE, LOGINS } from '../catalog/logins.js';
import type { EffectiveJob, EffectiveVariable, WrittenText } from '../model/effective.js';
import { programOf, readFlags, readShell, type ShellCommand, type ShellWord } from '../syntax/shell.js';

/** Stands in the place of a secret. */
const MASK = '[secret]';

/** Shorter values are words of everyday. */
const SHORTEST = 6;

const SECRET_NAME =
  /(?:PASS(?:WORD|WD|PHRASE)?|SECRET|TOKEN|CREDENTIALS?|AUTH(?:_CONFIG)?|API_?KEY|PRIVATE_KEY|ACCESS_KEY)$/i;

/** A job whose secrets are masked wherever they stand in it; a variable in their place is none. */
export function withoutSecrets(job: EffectiveJob): EffectiveJob {
  const scripts = [...job.script.before, ...job.script.main, ...job.script.after];
  const variables = [job.variables, ...job.services.map(service => service.variables)];
  const secrets = [
    ...variables.flatMap(map =>
      [...map].flatMap(([name, { text }]) => (SECRET_NAME.test(name) ? [text] : [])),
    ),
    ...scripts.flatMap(({ text }) => readShell(text).commands.flatMap(secretsIn)),
  ].filter(text => text.length >= SHORTEST && !text.startsWith('$'));
  return secrets.length === 0 ? job : masked(job, new Set(secrets));
}

/** Literal words of a command that are secrets: passwords of logins, and values of variables with such a name. */
function secretsIn(command: ShellCommand): readonly string[] {
  const assigned = command.words.flatMap(({ text }) => {
    const match = /^(?:-\w+|--[\w-]+=)?(\w+)=(.+)$/.exec(text);
    return match?.[2] !== undefined && SECRET_NAME.test(match[1] ?? '') ? [match[2]] : [];
  });
  const printed = /^(?:echo|printf)$/.test(command.words[0]?.text ?? '') && command.pipedInto;
  return [
    ...assigned,
    ...passwords(command).map(({ text }) => text),
    ...(printed ? command.words.slice(1).map(({ text }) => text) : []),
  ];
}

function passwords(command: ShellCommand): readonly Pick<ShellWord, 'text'>[] {
  const program = programOf(command);
  const login = program && LOGINS[program.name];
  if (!program || !login) return [];
  const { flags } = readFlags(command.words.slice(program.index + 1), LOGIN_FLAGS_WITH_VALUE);
  return flags.flatMap(({ name, value }) =>
    value && (name === '-p' || name === login.password) ? [value] : [],
  );
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function masked(job: EffectiveJob, secrets: ReadonlySet<string>): EffectiveJob {
  const parts = [...secrets].sort((a, b) => b.length - a.length).map(escaped);
  const anySecret = new RegExp(`(?<![\\w-])(?:${parts.join('|')})(?![\\w-])`, 'g');
  const clean = (text: string): string => text.replace(anySecret, MASK);
  const one = <T extends WrittenText>(item: T): T => ({ ...item, text: clean(item.text) });
  const many = (items: readonly WrittenText[]): readonly WrittenText[] => items.map(one);
  const each = (map: ReadonlyMap<string, EffectiveVariable>): ReadonlyMap<string, EffectiveVariable> =>
    new Map([...map].map(([name, item]) => [name, one(item)]));
  return {
    ...job,
    variables: each(job.variables),
    services: job.services.map(service => ({
      ...service,
      ...(service.command ? { command: many(service.command) } : {}),
      variables: each(service.variables),
    })),
    script: {
      before: many(job.script.before),
      main: many(job.script.main),
      after: many(job.script.after),
    },
    holes: job.holes.map(hole =>
      hole.alternatives ? { ...hole, alternatives: hole.alternatives.map(clean) } : hole,
    ),
  };
}
