/** Reads the flags of each command, and refuses what this version does not know. */
import { parseArgs } from 'node:util';
import type { DialectId, Profile, Safety, Severity } from '../analysis/index.js';
import { DIALECT_IDS } from '../model/build-site.js';
import { suggestion } from './closest.js';
import { UsageError } from './io.js';

export type Format = 'text' | 'json';
export type CheckFormat = (typeof CHECK_FORMATS)[number];

/** What `check` and `trace` read. */
export interface InputOptions {
  /** As typed; `.` when none was given. */
  readonly paths: readonly string[];
  readonly as: DialectId | undefined;
}

export interface CheckOptions extends InputOptions {
  readonly format: CheckFormat;
  /** Which fixes to make; `--diff` alone means the safe ones. */
  readonly fix: Safety | undefined;
  readonly diff: boolean;
  readonly profile: Profile | undefined;
  readonly failOn: Severity | 'never';
}

export interface TraceOptions extends InputOptions {
  readonly format: Format;
  readonly job: string | undefined;
}

export interface LogOptions {
  /** As typed; `-` for standard input. */
  readonly file: string;
  readonly workspace: string | undefined;
  readonly format: Format;
}

export interface ConvertOptions {
  readonly file: string;
  readonly job: string;
  readonly to: string;
  /** Print the change, else write it. */
  readonly diff: boolean;
}

export interface RulesOptions {
  readonly format: Format;
}

export interface PlanOptions {
  readonly platform: string;
  /** Either the id of a strategy, or words that say what is needed. */
  readonly strategy: string | undefined;
  readonly needs: readonly string[] | undefined;
  readonly runner: 'config' | 'helm' | undefined;
  /** The folder to write to, as typed. */
  readonly write: string | undefined;
}

export interface ExplainOptions extends RulesOptions {
  readonly rule: string;
}

const FORMATS = ['text', 'json'] as const;
const CHECK_FORMATS = [...FORMATS, 'sarif', 'gitlab', 'github'] as const;
const PROFILES = ['default', 'strict', 'pedantic'] as const;
const FAIL_ON = ['error', 'warning', 'info', 'never'] as const;

const TEXT = { type: 'string' } as const;
const SWITCH = { type: 'boolean' } as const;

/** @throws UsageError for flags or values that are not known. All parsers below do. */
export function parseCheck(args: readonly string[]): CheckOptions {
  const { values, positionals } = parsed(() =>
    parseArgs({
      args: withFixValue(args),
      allowPositionals: true,
      options: { format: TEXT, fix: TEXT, diff: SWITCH, profile: TEXT, 'fail-on': TEXT, as: TEXT },
    }),
  );
  const diff = values.diff ?? false;
  const fix = values.fix === undefined ? undefined : oneOf('--fix', values.fix, ['safe', 'all'] as const);
  return {
    ...inputs(positionals, values.as),
    format: oneOf('--format', values.format ?? 'text', CHECK_FORMATS),
    fix: fix === 'all' ? 'unsafe' : fix !== undefined || diff ? 'safe' : undefined,
    diff,
    profile: values.profile === undefined ? undefined : oneOf('--profile', values.profile, PROFILES),
    failOn: oneOf('--fail-on', values['fail-on'] ?? 'error', FAIL_ON),
  };
}

export function parseTrace(args: readonly string[]): TraceOptions {
  const { values, positionals } = parsed(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { format: TEXT, job: TEXT, as: TEXT },
    }),
  );
  return { ...inputs(positionals, values.as), format: format(values.format), job: values.job };
}

export function parseLog(args: readonly string[]): LogOptions {
  const { values, positionals } = parsed(() =>
    parseArgs({ args: [...args], allowPositionals: true, options: { format: TEXT, workspace: TEXT } }),
  );
  const [file = '-', ...others] = positionals;
  if (others.length > 0) throw new UsageError('log takes one file, or - for standard input');
  if (file === '' || values.workspace === '') throw new UsageError('a path is empty');
  return { file, workspace: values.workspace, format: format(values.format) };
}

export function parseConvert(args: readonly string[]): ConvertOptions {
  const { values, positionals } = parsed(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { job: TEXT, to: TEXT, diff: SWITCH, write: SWITCH },
    }),
  );
  const [file, ...others] = positionals;
  const { job, to, diff = false, write = false } = values;
  if (file === undefined || file === '' || file === '-' || others.length > 0)
    throw new UsageError('convert takes one file');
  if (job === undefined || to === undefined) throw new UsageError('convert needs --job and --to');
  if (diff === write) throw new UsageError('convert takes one of --diff and --write');
  return { file, job, to, diff };
}

export function parseRules(args: readonly string[]): RulesOptions {
  const { values } = parsed(() => parseArgs({ args: [...args], options: { format: TEXT } }));
  return { format: format(values.format) };
}

export function parseExplain(args: readonly string[]): ExplainOptions {
  const { values, positionals } = parsed(() =>
    parseArgs({ args: [...args], allowPositionals: true, options: { format: TEXT } }),
  );
  const [rule, ...others] = positionals;
  if (rule === undefined || others.length > 0) throw new UsageError('explain takes the id of one rule');
  return { format: format(values.format), rule };
}

export function parsePlan(args: readonly string[]): PlanOptions {
  const { values } = parsed(() =>
    parseArgs({
      args: [...args],
      options: {
        platform: TEXT,
        strategy: TEXT,
        need: { ...TEXT, multiple: true },
        runner: TEXT,
        write: TEXT,
      },
    }),
  );
  const { platform, strategy, need, runner, write } = values;
  if (platform === undefined) throw new UsageError('plan needs --platform');
  if ((strategy === undefined) === (need === undefined))
    throw new UsageError('plan takes either --strategy or --need');
  if (write === '') throw new UsageError('--write: the folder is empty');
  return {
    platform,
    strategy,
    needs: need?.flatMap(words => words.split(',')).map(word => word.trim()),
    runner: runner === undefined ? undefined : oneOf('--runner', runner, ['config', 'helm'] as const),
    write,
  };
}

/** `--fix` may stand without a value, which `parseArgs` cannot say. */
function withFixValue(args: readonly string[]): string[] {
  const end = args.indexOf('--');
  return args.map((arg, index) => (arg === '--fix' && (end < 0 || index < end) ? '--fix=safe' : arg));
}

function inputs(positionals: readonly string[], as: string | undefined): InputOptions {
  const paths = positionals.length === 0 ? ['.'] : positionals;
  const dialect = as === undefined ? undefined : oneOf('--as', as, DIALECT_IDS);
  if (paths.includes('-') && dialect === undefined) throw new UsageError('standard input (-) needs --as');
  if (paths.includes('')) throw new UsageError('a path is empty');
  return { paths, as: dialect };
}

function format(value: string | undefined): Format {
  return oneOf('--format', value ?? 'text', FORMATS);
}

/** @throws UsageError unless the value is one of those that are known. */
export function oneOf<T extends string>(flag: string, value: string, known: readonly T[]): T {
  const found = known.find(candidate => candidate === value);
  if (found !== undefined) return found;
  throw new UsageError(`${flag}: "${value}" is none of ${known.join(', ')}${suggestion(value, known)}`);
}

/** Node's own message, its first sentence, as wrong use. */
function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(message.split(/\. |\n/)[0] ?? message);
  }
}
