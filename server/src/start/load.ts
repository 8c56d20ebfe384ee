/** Loads the bundles of the product with the compiled code that an earlier run of the same program left behind. */
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { cacheName, readCache, writeCache } from './cache-file.js';
import { cacheFolder } from './folder.js';

export interface LoadOptions {
  /** Name of the program, of letters and digits. Programs that set flags of the engine cannot share code. */
  readonly program: string;
  /** Changes with the content of the bundles; of letters, digits, dots and hyphens. */
  readonly build: string;
}

export interface Loaded {
  /** What the bundle exports. */
  readonly exports: unknown;
  /**
   * Keeps the code of all functions that have run so far, unless that is little more than what was kept before.
   * Takes some milliseconds; never fails.
   */
  keep(): void;
}

/** A bundle, where its code is kept, and the length of that code before; 0 when there was none to use. */
interface Compiled {
  readonly script: Script;
  readonly path: string;
  readonly length: number;
}

type Evaluate = (...scope: readonly unknown[]) => void;

/** Below this, writing the code again is not worth it. A first run that did nothing leaves far less. */
const LEAST_GROWTH = 1.1;

/**
 * Loads a CommonJS bundle, and the bundles beside it that it requires as `./NAME.js`. Without a folder for compiled
 * code, and for whatever cannot be read or compiled that way, this is a plain `require`.
 * @param file absolute path
 * @throws what the bundle throws
 */
export function loadCached(file: string, options: LoadOptions): Loaded {
  const folder = cacheFolder();
  if (folder === undefined) return loadPlain(file);
  const loader = new Loader(folder, options);
  return { exports: loader.load(file), keep: () => loader.keep() };
}

/** Loads a bundle as `require` does, and keeps nothing. */
export function loadPlain(file: string): Loaded {
  return { exports: createRequire(file)(file), keep: () => {} };
}

/**
 * Lives as long as the process. `enableCompileCache` of Node 22 does the same for the functions that ran while a
 * module loaded, but leaves out most that ran later, and never adds them: first diagnostics took a quarter longer.
 */
class Loader {
  readonly #folder: string;
  readonly #options: LoadOptions;
  readonly #modules = new Map<string, { exports: unknown }>();
  #compiled: readonly Compiled[] = [];

  constructor(folder: string, options: LoadOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  load(file: string): unknown {
    const known = this.#modules.get(file);
    if (known) return known.exports;
    const plain = createRequire(file);
    const evaluate = this.#compile(file);
    if (!evaluate) return plain(file);
    const module = { exports: {} };
    this.#modules.set(file, module);
    const folder = dirname(file);
    const requireHere = (id: string) =>
      /^\.\/[\w-]+\.js$/.test(id) ? this.load(join(folder, id)) : plain(id);
    evaluate.call(module.exports, module.exports, Object.assign(requireHere, plain), module, file, folder);
    return module.exports;
  }

  keep(): void {
    const compiled = this.#compiled;
    this.#compiled = [];
    for (const { script, path, length } of compiled) {
      try {
        const code = script.createCachedData();
        if (code.length > length * LEAST_GROWTH) writeCache(path, code);
      } catch {
        // The next start is as slow as this one.
      }
    }
  }

  /** `undefined` when it must be loaded in another way. */
  #compile(file: string): Evaluate | undefined {
    try {
      const { size, mtimeMs } = statSync(file);
      const { program, build } = this.#options;
      const path = join(this.#folder, cacheName({ program, build, source: basename(file), size, mtimeMs }));
      const cachedData = readCache(path);
      // As Node wraps a CommonJS module; on one line, so that the lines of errors are right.
      const source = `(function(exports,require,module,__filename,__dirname){${readFileSync(file, 'utf8')}\n})`;
      const script = new Script(source, { filename: file, ...(cachedData ? { cachedData } : {}) });
      const length = cachedData && !script.cachedDataRejected ? cachedData.length : 0;
      this.#compiled = [...this.#compiled, { script, path, length }];
      return script.runInThisContext();
    } catch {
      return undefined;
    }
  }
}
