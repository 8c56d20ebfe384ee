/** Entry of the language server: settles how the engine compiles, then loads the server. */
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { loadCached } from '../start/load.js';

/** Put in by the build. */
declare const DRYDOCK_BUILD: string;

/** By then the open documents have had their diagnostics, and what that takes is compiled. */
const KEEP_AFTER_MS = 10_000;

// A key press runs for a millisecond or two: compiling for more than that costs the user memory and the first answer.
// Code that really runs long is still optimised, only later. An engine without this flag goes on without it.
setFlagsFromString('--interrupt-budget=2000000');

const { keep } = loadCached(join(__dirname, 'server-main.js'), { program: 'server', build: DRYDOCK_BUILD });
setTimeout(keep, KEEP_AFTER_MS).unref();
process.once('exit', keep);
