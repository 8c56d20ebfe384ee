/** What the opt-in tests with real programs have in common. */
import { spawnSync } from 'node:child_process';

/** Why the runs are left out; `false` where they are wanted and possible. */
export function unwanted(...programs: readonly string[]): string | false {
  if (process.env.DRYDOCK_LIVE !== '1') return 'DRYDOCK_LIVE=1 asks for it';
  const missing = programs.filter(program => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0);
  if (missing.length > 0) return `not installed: ${missing.join(', ')}`;
  return process.getuid?.() === 0 ? false : 'it needs root';
}

/** What a script prints, on both streams; `wrap` are words in front of the shell. */
export function shell(script: string, cwd: string, wrap: readonly string[] = []): string {
  const [program = 'sh', ...args] = [...wrap, 'sh', '-c', script];
  const { stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8', timeout: 60_000 });
  if (error) throw error;
  return `${stdout}${stderr}`;
}
