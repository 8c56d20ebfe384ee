/** The entry that VS Code calls: runs the end-to-end tests inside the extension host and writes down how they went. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';

interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly { readonly title: string; readonly message: string }[];
}

/**
 * Runs the tests that `DRYDOCK_E2E_TESTS` names (`editor,job-log`: those files beside this one, with `.test.js`) and writes the outcome as JSON to the file that `DRYDOCK_E2E_RESULT` names.
 * Rejects if a test failed or none ran.
 */
export async function run(): Promise<void> {
  say(`Extension host: VS Code ${vscode.version}, Node ${process.versions.node}`);
  const outcome = await runTests().catch((error: Error) => {
    say(`  The tests could not be loaded.\n${error.stack ?? error.message}`);
    throw error;
  });
  const file = process.env.DRYDOCK_E2E_RESULT;
  if (file !== undefined) writeFileSync(file, JSON.stringify(outcome));
  if (outcome.failed > 0) throw new Error(`${outcome.failed} tests failed`);
  if (outcome.passed === 0) throw new Error('no test ran');
}

async function runTests(): Promise<Outcome> {
  // Mocha is an ES module, this file is CommonJS.
  const { default: Mocha } = await import('mocha');
  // The base reporter prints nothing; the lines of the others could not be told from VS Code's.
  const reporter = Mocha.reporters.Base;
  const mocha = new Mocha({
    ui: 'bdd',
    reporter,
    timeout: 60_000,
    forbidOnly: true,
    forbidPending: true,
  });
  const names = process.env.DRYDOCK_E2E_TESTS?.split(',') ?? [];
  for (const name of names) mocha.addFile(join(__dirname, `${name}.test.js`));
  return new Promise(done => {
    const failures: { title: string; message: string }[] = [];
    const runner = mocha.run(failed => done({ passed: runner.stats?.passes ?? 0, failed, failures }));
    runner.on('pass', test => say(`  passed  ${test.fullTitle()} (${test.duration ?? 0} ms)`));
    runner.on('fail', (test, error: Error) => {
      failures.push({ title: test.fullTitle(), message: error.message });
      say(`  FAILED  ${test.fullTitle()}\n${error.stack ?? error.message}`);
    });
  });
}

/** Prints a line with the mark by which the runner tells it from the log of VS Code. */
function say(text: string): void {
  console.log(`[e2e] ${text}`);
}
