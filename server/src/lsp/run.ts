/** Starts the language server on the channel that the command line names, standard input and output when it names none. */
import { join } from 'node:path';
import { createConnection } from 'vscode-languageserver/node';
import { createDataReader } from '../start/data.js';
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
  data: createDataReader(join(__dirname, 'data'), message => connection.console.warn(message)),
}));
