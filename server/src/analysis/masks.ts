/** Takes the secrets that people write into pipelines out of what is shown of them. */
import { LOGIN_FLAGS_WITH_VALUE, LOGINS } from '../catalog/logins.js';
import type { EffectiveJob, EffectiveService, EffectiveVariable, WrittenText } from '../model/effective.js';
import { programOf, readFlags, readShell, type ShellCommand, type ShellWord } from '../syntax/shell.js';

/** Stands in the place of a secret. */
const MASK = '[secret]';

/** Shorter values are words of everyday, and hidden only where they are given. */
const SHORTEST = 6;

const SECRET_NAME =
  /(?:PASS(?:WORD|WD|PHRASE)?|_PWD|SECRET|TOKEN|CREDENTIALS?|AUTH(?:_CONFIG)?|(?:API|PRIVATE|ACCESS|SIGNING|SECRET|SSH|DEPLOY|ENCRYPTION)_?KEY)$/i;

/** Secrets that are told by what stands around them, or by how they begin. */
const SHAPES: readonly RegExp[] = [
  /(?<=:\/\/[^\s:/@]{0,99}:)[^\s@/]+(?=@)/g,
  /(?<=\b(?:PRIVATE|JOB|DEPLOY)-TOKEN: ?)[^\s"']+/gi,
  /(?<=\b(?:Bearer|Basic) )[^\s"']+/g,
  /(?<=\bcurl\b[^\n|;&]{0,200}\s(?:-u|--user)[ =]["']?[^\s:"']{1,60}:)[^\s"']+/g,
  /(?<=--password-stdin ?<<< ?["']?)[^\s"']+/g,
  /\b(?:gl[a-z]{2,4}|ghp|gho|ghs|github_pat|dckr_pat)[-_][\w-]{16,}/g,
];

/** A job whose secrets are masked wherever they stand in it; a variable in their place is none. */
export function withoutSecrets(job: EffectiveJob): EffectiveJob {
  const scripts = [...job.script.before, ...job.script.main, ...job.script.after];
  const given = [job.variables, ...job.services.map(({ variables }) => variables)].flatMap(map =>
    [...map].flatMap(([name, { text }]) => (SECRET_NAME.test(name) ? [text] : [])),
  );
  const conditional = [
    ...(job.matrix ?? []).flatMap(row =>
      [...row].flatMap(([name, texts]) => (SECRET_NAME.test(name) ? texts : [])),
    ),
    ...job.holes.flatMap(({ what, alternatives }) => (SECRET_NAME.test(what) ? (alternatives ?? []) : [])),
  ];
  const written = scripts.flatMap(({ text }) => readShell(text).commands.flatMap(secretsIn));
  const secrets = [...given, ...conditional, ...written].filter(
    text => text.length >= SHORTEST && isLiteral(text),
  );
  return masked(job, cleaner(new Set(secrets)));
}

/** Secrets as logs show them, where nobody marks a word as one. */
const LOG_SHAPES: readonly RegExp[] = [
  /(?<=\bAuthorization["']?[:=] ?["']?)[^\n"']+/gi,
  /(?<=(?:^|\s)(?:-p|--pass(?:word)?)[ =]["']?)[^\s"']+/g,
  /(?<=\b[\w-]{0,40}(?:passw(?:or)?d|passphrase|secret|token|credentials?|api[_-]?key|access[_-]?key)["']?[=:] ?["']?)[^\s"',;&]+/gi,
  /\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?/g,
  /\bAKIA[0-9A-Z]{16}\b/g,
];

/** A piece of a log without what looks like a secret. */
export function withoutSecretShapes(text: string): string {
  return [...SHAPES, ...LOG_SHAPES].reduce((shown, secret) => shown.replace(secret, MASK), text);
}

/** Whether a text holds more than variables. */
function isLiteral(text: string): boolean {
  const rest = text.replace(/\$(?:[A-Za-z_]\w*|\{[^}]*\}|\[\[[^\]]*\]\])/g, '');
  return /\w/.test(rest) && !/^(?:true|false|yes|no)$/i.test(rest);
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
    ...command.assignments.flatMap(({ name, value }) =>
      value && SECRET_NAME.test(name) ? [value.text] : [],
    ),
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

type Clean = (text: string, name?: string) => string;

/** Masks secrets in a text; the value of a variable with such a name is one as a whole. */
function cleaner(secrets: ReadonlySet<string>): Clean {
  const parts = [...secrets].sort((a, b) => b.length - a.length).map(escaped);
  const known = parts.length > 0 ? [new RegExp(`(?<![\\w-])(?:${parts.join('|')})(?![\\w-])`, 'g')] : [];
  const mask = (found: string): string => (isLiteral(found) ? MASK : found);
  return (text, name = '') => {
    if (SECRET_NAME.test(name) && isLiteral(text)) return MASK;
    return [...known, ...SHAPES].reduce((shown, secret) => shown.replace(secret, mask), text);
  };
}

function masked(job: EffectiveJob, clean: Clean): EffectiveJob {
  const one = <T extends WrittenText>(item: T): T => ({ ...item, text: clean(item.text) });
  const { image, matrix, script } = job;
  return {
    ...job,
    ...(image ? { image: { name: one(image.name), ...words(image, clean) } } : {}),
    variables: variables(job.variables, clean),
    services: job.services.map(service => ({
      ...service,
      name: one(service.name),
      ...(service.alias ? { alias: one(service.alias) } : {}),
      ...words(service, clean),
      variables: variables(service.variables, clean),
    })),
    ...(matrix
      ? {
          matrix: matrix.map(
            row => new Map([...row].map(([name, texts]) => [name, texts.map(text => clean(text, name))])),
          ),
        }
      : {}),
    script: { before: script.before.map(one), main: script.main.map(one), after: script.after.map(one) },
    tags: job.tags.map(one),
    holes: job.holes.map(hole =>
      hole.alternatives
        ? { ...hole, alternatives: hole.alternatives.map(text => clean(text, hole.what)) }
        : hole,
    ),
  };
}

type Words = Pick<EffectiveService, 'command' | 'entrypoint'>;

function words({ command, entrypoint }: Words, clean: Clean): Words {
  const each = (items: readonly WrittenText[]) => items.map(item => ({ ...item, text: clean(item.text) }));
  return {
    ...(command ? { command: each(command) } : {}),
    ...(entrypoint ? { entrypoint: each(entrypoint) } : {}),
  };
}

function variables(
  map: ReadonlyMap<string, EffectiveVariable>,
  clean: Clean,
): ReadonlyMap<string, EffectiveVariable> {
  return new Map([...map].map(([name, item]) => [name, { ...item, text: clean(item.text, name) }]));
}
