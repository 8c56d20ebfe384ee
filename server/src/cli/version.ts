/** `drydock --version`. */
import { type CliIo, exitCode } from './io.js';

/** Put in by the bundler, from package.json. */
declare const DRYDOCK_VERSION: string | undefined;

export function programVersion(): string {
  return typeof DRYDOCK_VERSION === 'string' ? DRYDOCK_VERSION : '0.0.0-dev';
}

/** Returns the exit code. */
export async function printVersion(io: CliIo): Promise<number> {
  const { dataDates } = await import('../analysis/index.js');
  const dates = dataDates().map(({ name, date }) => `${name}: data of ${date}\n`);
  io.stdout.write(`drydock ${programVersion()}\n${dates.join('')}`);
  return exitCode.clean;
}
