/** Starts the language server on the channel that the command line names, standard input and output when it names none. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConnection } from 'vscode-languageserver/node';
import { startServer } from './server.js';

const TRANSPORT = /^--(?:node-ipc|stdio|socket(?:=|$)|pipe(?:=|$))/;

const connection = process.argv.some(word => TRANSPORT.test(word))
  ? createConnection()
  : createConnection(process.stdin, process.stdout);

for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, (error: unknown) => {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    connection.console.error(`${event}: ${detail}`);
  });
}

startServer(connection, async () => ({
  ...(await import('../analysis/index.js')),
  data: createDataReader(),
}));

/** Reads the JSON files that the build puts beside the bundle; hovers do without one that is missing. */
function createDataReader(): (name: string) => unknown {
  const known = new Map<string, unknown>();
  return name => {
    if (!known.has(name)) known.set(name, readData(name));
    return known.get(name);
  };
}

function readData(name: string): unknown {
  try {
    return JSON.parse(readFileSync(join(__dirname, 'data', `${name}.json`), 'utf8'));
  } catch (error) {
    connection.console.warn(`The data "${name}" cannot be read: ${error}`);
    return undefined;
  }
}
