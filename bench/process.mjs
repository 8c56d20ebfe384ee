/** Runs a program to its end and times it. */
import { spawn } from 'node:child_process';

/**
 * Runs a program to its end.
 * @param {readonly string[]} command program and arguments
 * @param {string} [cwd]
 * @returns {Promise<{ took: number, output: string }>} milliseconds from spawn to end, and what it printed
 * @throws {Error} when it cannot be started or ends with another code than 0
 */
export function timeProcess(command, cwd) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(command[0], command.slice(1), { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = [];
    const errors = [];
    child.stdout.on('data', chunk => output.push(chunk));
    child.stderr.on('data', chunk => errors.push(chunk));
    child.on('error', reject);
    child.on('close', code => {
      const took = performance.now() - start;
      if (code === 0) return resolve({ took, output: Buffer.concat(output).toString('utf8') });
      reject(
        new Error(`${command.join(' ')} ended with ${code}: ${Buffer.concat(errors).toString().slice(-300)}`),
      );
    });
  });
}
