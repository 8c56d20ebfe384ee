/** The command line: chooses the command and turns what comes of it into an exit code. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  parseCheck,
  parseConvert,
  parseExplain,
  parseLog,
  parsePlan,
  parseRules,
  parseTrace,
} from './arguments.js';
import { suggestion } from './closest.js';
import { COMMAND_HELP, COMMANDS, type CommandName, GENERAL_HELP } from './help.js';
import { type CliIo, complain, exitCode, UsageError } from './io.js';
import { printVersion } from './version.js';

/** `argv` is what follows the name of the program. Never throws. */
export async function run(argv: readonly string[], io: CliIo): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    if (error instanceof UsageError) {
      complain(io, error.message);
      return exitCode.usage;
    }
    complain(
      io,
      `internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    return exitCode.internal;
  }
}

async function dispatch(argv: readonly string[], io: CliIo): Promise<number> {
  const [first, ...args] = argv;
  if (first === undefined) {
    io.stderr.write(GENERAL_HELP);
    return exitCode.usage;
  }
  if (first === '--version' || first === '-V') return await printVersion(io);
  if (first === '--help' || first === '-h') {
    io.stdout.write(GENERAL_HELP);
    return exitCode.clean;
  }
  const command = COMMANDS.find(name => name === first);
  if (command === undefined) throw new UsageError(unknownCommand(first, io.cwd));
  if (asksForHelp(args)) {
    io.stdout.write(COMMAND_HELP[command]);
    return exitCode.clean;
  }
  return await runCommand(command, args, io);
}

/** A command's code is loaded only when it is to run. */
async function runCommand(command: CommandName, args: readonly string[], io: CliIo): Promise<number> {
  switch (command) {
    case 'check': {
      const options = parseCheck(args);
      return (await import('./check.js')).check(options, io);
    }
    case 'trace': {
      const options = parseTrace(args);
      return (await import('./trace.js')).trace(options, io);
    }
    case 'jobs': {
      const options = parseTrace(args);
      return (await import('./jobs.js')).jobs(options, io);
    }
    case 'log': {
      const options = parseLog(args);
      return (await import('./log.js')).log(options, io);
    }
    case 'plan': {
      const options = parsePlan(args);
      return (await import('./plan.js')).plan(options, io);
    }
    case 'convert': {
      const options = parseConvert(args);
      return (await import('./convert.js')).convert(options, io);
    }
    case 'strategies': {
      const options = parseRules(args);
      return (await import('./strategies.js')).listStrategies(options, io);
    }
    case 'rules': {
      const options = parseRules(args);
      return (await import('./rules.js')).listRules(options, io);
    }
    case 'explain': {
      const options = parseExplain(args);
      return (await import('./rules.js')).explainRule(options, io);
    }
  }
}

function unknownCommand(word: string, cwd: string): string {
  if (word.startsWith('-')) return `unknown option "${word}"; see drydock --help`;
  const near = suggestion(word, COMMANDS);
  if (near === '' && existsSync(path.resolve(cwd, word)))
    return `unknown command "${word}"; did you mean "drydock check ${word}"?`;
  return `unknown command "${word}"${near === '' ? '; see drydock --help' : near}`;
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? args.length : end).some(arg => arg === '--help' || arg === '-h');
}
