/** Where the bundled command starts: loads the command line and hands the process to it. */
import { join } from 'node:path';
import { createDataReader } from '../start/data.js';
import { loadCached, loadPlain } from '../start/load.js';

/** Put in by the build. */
declare const DRYDOCK_BUILD: string;

/** These need most of the code; the others would keep too little of it, and be done before it pays. */
const LARGE_COMMANDS: readonly (string | undefined)[] = ['check', 'trace', 'jobs', 'log'];

// A reader such as `head` may close its end early; that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const argv = process.argv.slice(2);
const main = join(__dirname, 'cli-main.js');
// A machine that runs pipelines starts with an empty home each time, and would write for nobody.
const { exports: commandLine, keep } =
  LARGE_COMMANDS.includes(argv[0]) && !process.env.CI
    ? loadCached(main, { program: 'cli', build: DRYDOCK_BUILD })
    : loadPlain(main);

(commandLine as typeof import('./main.js'))
  .run(argv, {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: readStdin,
    cwd: process.cwd(),
    isTTY: process.stdout.isTTY === true,
    columns: process.stdout.columns,
    data: createDataReader(join(__dirname, 'data'), message => process.stderr.write(`drydock: ${message}\n`)),
    env: process.env,
  })
  .then(code => {
    process.exitCode = code;
    process.once('exit', keep);
  });

async function readStdin(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}
