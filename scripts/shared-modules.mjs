/** Lets the bundles that are loaded late take from the core what it holds anyway, instead of a copy of their own. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** @typedef {ReadonlyMap<string, ReadonlySet<string>>} Names Absolute path of a module to names that it exports. */

const IMPORT = /^(?:import|export) (?!type\b)\{([^}]*)\} from '(\.[^']*)\.js';/gm;
const EXPORT = /^export (?:async )?(?:abstract )?(?:function\*?|const|class) (\w+)/gm;

/**
 * What the core can hand to others: names that its modules import from each other.
 * @param {readonly string[]} modules absolute paths, without those that are loaded late
 * @returns {Names}
 */
export function namesIn(modules) {
  const inside = new Set(modules);
  const names = new Map();
  for (const module of modules) {
    for (const [from, imported] of importsOf(module)) {
      if (inside.has(from)) names.set(from, new Set([...(names.get(from) ?? []), ...imported]));
    }
  }
  return names;
}

/**
 * Of what the core can hand out, that which is asked for on the way from the modules that are loaded late.
 * @param {readonly string[]} entries absolute paths
 * @param {Names} offered
 * @returns {readonly { module: string, name: string }[]} in a fixed order
 */
export function wantedNames(entries, offered) {
  const late = new Set(entries);
  const seen = new Set(entries);
  const wanted = new Map();
  for (const module of seen) {
    for (const [from, imported] of importsOf(module)) {
      if (late.has(from)) continue;
      const here = [...imported].filter(name => offered.get(from)?.has(name));
      for (const name of here) wanted.set(`${from} ${name}`, { module: from, name });
      if (here.length < imported.size) seen.add(from);
    }
  }
  return [...wanted.keys()].sort().map(key => wanted.get(key));
}

/**
 * The text of an entry that exports what `entry` does, and all of `wanted` as the list `shared`.
 * @param {string} entry path from the root
 * @param {ReturnType<typeof wantedNames>} wanted
 */
export function sharingEntry(entry, wanted) {
  const imports = wanted.map(
    ({ module, name }, i) => `import { ${name} as shared${i} } from ${JSON.stringify(module)};`,
  );
  const list = wanted.map((_, i) => `shared${i}`).join(', ');
  return `export * from './${entry}';\n${imports.join('\n')}\nexport const shared = [${list}];\n`;
}

/**
 * Replaces in a bundle that is loaded late what the core hands out. What else a module holds is bundled.
 * @param {ReturnType<typeof wantedNames>} wanted
 * @returns {import('esbuild').Plugin}
 */
export function sharedModules(wanted) {
  const modules = new Map();
  wanted.forEach(({ module, name }, i) => {
    modules.set(module, new Map([...(modules.get(module) ?? []), [name, i]]));
  });
  return {
    name: 'shared-modules',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^\.\/core\.js$/, namespace: 'core' }, ({ path }) => ({ path, external: true }));
      onResolve({ filter: /^core:/ }, ({ path }) => ({ path, namespace: 'core', sideEffects: false }));
      onResolve({ filter: /^rest:/ }, ({ path }) => ({
        path: path.slice('rest:'.length),
        namespace: 'rest',
        sideEffects: false,
      }));
      onLoad({ filter: /./, namespace: 'core' }, () => ({
        contents: "export const take = i => require('./core.js').shared[i];",
      }));
      onLoad({ filter: /./, namespace: 'rest' }, ({ path }) => ({
        contents: readFileSync(path, 'utf8'),
        resolveDir: dirname(path),
        loader: 'ts',
      }));
      onLoad({ filter: /\.ts$/, namespace: 'file' }, ({ path }) => {
        const numbers = modules.get(path);
        return numbers && { contents: standIn(path, numbers), loader: 'js', resolveDir: dirname(path) };
      });
    },
  };
}

function standIn(path, numbers) {
  const rest = exportsOf(path).filter(name => !numbers.has(name));
  return [
    "import { take } from 'core:';",
    ...[...numbers].map(([name, i]) => `export const ${name} = /* @__PURE__ */ take(${i});`),
    ...(rest.length > 0 ? [`export { ${rest.join(', ')} } from ${JSON.stringify(`rest:${path}`)};`] : []),
  ].join('\n');
}

/** The modules of the project that one imports values from, with their names. */
function importsOf(module) {
  const text = readFileSync(module, 'utf8');
  return [...text.matchAll(IMPORT)].map(([, names = '', from = '']) => [
    resolve(dirname(module), `${from}.ts`),
    new Set(listed(names)),
  ]);
}

function exportsOf(module) {
  const text = readFileSync(module, 'utf8');
  const passedOn = [...text.matchAll(/^export (?!type\b)\{([^}]*)\}/gm)].flatMap(([, names = '']) =>
    names
      .split(',')
      .map(name => name.trim())
      .filter(name => name !== '' && !name.startsWith('type '))
      .map(name => name.replace(/^.* as /, '')),
  );
  return [...new Set([...[...text.matchAll(EXPORT)].map(match => match[1]), ...passedOn])];
}

/** The names in the braces of an import, as the other module calls them; types are none. */
function listed(names) {
  return names
    .split(',')
    .map(name => name.trim().replace(/ as .*$/, ''))
    .filter(name => name !== '' && !name.startsWith('type '));
}
