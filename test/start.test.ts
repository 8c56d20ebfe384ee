/** Loading of bundles with kept code: it changes nothing but the time, and never stands in the way. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { cacheName, readCache, writeCache } from '../server/src/start/cache-file.js';
import { cacheFolder } from '../server/src/start/folder.js';

const LOADER = join(__dirname, '../server/src/start/load.js');
const MAIN = `const core = require('./core.js');
exports.answer = () => core.twice(21) + ' ' + __filename.endsWith('main.js') + ' ' + require('node:path').sep.length;
`;
const CORE = 'exports.twice = number => { const double = value => value * 2; return double(number); };\n';

/** Two bundles and a home for kept code in a folder of their own. */
function bundles(t: TestContext) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'drydock-start-')));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const kept = join(root, 'cache', 'drydock');
  const write = (main: string, core: string) => {
    writeFileSync(join(root, 'main.js'), main);
    writeFileSync(join(root, 'core.js'), core);
  };
  write(MAIN, CORE);
  const files = () => readdirSync(kept).sort();
  return { root, kept, write, files, run: (options: RunOptions = {}) => run(root, options) };
}

interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly build?: string;
  readonly call?: string;
}

/** Loads the bundles in a process of its own, as the entries do; tells what it printed. */
function run(root: string, { env = {}, build = '1.0.0-a', call = 'answer' }: RunOptions): string {
  const code = `const options = { program: 'test', build: ${JSON.stringify(build)} };
    const { exports, keep } = require(${JSON.stringify(LOADER)}).loadCached(${JSON.stringify(join(root, 'main.js'))}, options);
    console.log(exports.${call}());
    process.once('exit', keep);`;
  const { NODE_DISABLE_COMPILE_CACHE: _, ...inherited } = process.env;
  const home = { XDG_CACHE_HOME: join(root, 'cache'), LOCALAPPDATA: join(root, 'cache'), HOME: root };
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', code], {
    env: { ...inherited, ...home, ...env },
    encoding: 'utf8',
  });
  return (stdout + stderr).trim();
}

const linux = { skip: process.platform === 'linux' ? false : 'the folder is another one' };

describe('loading with kept code', linux, () => {
  it('gives the same answers with and without it, and writes it once', t => {
    const { run, files, kept } = bundles(t);
    assert.equal(run(), '42 true 1');
    const written = files();
    assert.deepEqual(
      written.map(name => name.split('~').slice(0, 2)),
      [
        ['test', 'core.js'],
        ['test', 'main.js'],
      ],
    );
    const times = () => written.map(name => statSync(join(kept, name)).mtimeMs);
    const before = times();
    assert.equal(run(), '42 true 1');
    assert.deepEqual(files(), written);
    assert.deepEqual(times(), before);
  });

  it('keeps folder and files to the user', t => {
    const { run, files, kept } = bundles(t);
    run();
    assert.equal(statSync(kept).mode & 0o777, 0o700);
    for (const name of files()) assert.equal(statSync(join(kept, name)).mode & 0o777, 0o600);
  });

  it('follows a bundle of the same length that changed', t => {
    const { run, write, files, root } = bundles(t);
    run();
    const before = files();
    write(MAIN, CORE.replace('* 2', '* 3'));
    utimesSync(join(root, 'core.js'), 1, 1);
    assert.equal(run(), '63 true 1');
    assert.notDeepEqual(files(), before);
    run({ build: '1.0.0-b' });
    assert.equal(files().filter(name => name.includes('~1.0.0-b~')).length, 2);
  });

  it('writes again when the first run had left most of the code out', t => {
    const { run, write, files, kept } = bundles(t);
    const more = Array.from({ length: 50 }, (_, index) => `value = (value + ${index}) % 1000;`).join('\n');
    write(
      `exports.little = () => 1;\nexports.much = () => { let value = 0; ${more} return value; };\n`,
      CORE,
    );
    assert.equal(run({ call: 'little' }), '1');
    const size = () => statSync(join(kept, files()[0] ?? '')).size;
    const little = size();
    assert.equal(run({ call: 'much' }), '225');
    assert.ok(size() > 1.2 * little);
  });

  it('does without when it is turned off, or others may write there, or what lies there is broken', t => {
    const { run, kept, files } = bundles(t);
    assert.equal(run({ env: { NODE_DISABLE_COMPILE_CACHE: '1' } }), '42 true 1');
    mkdirSync(kept, { recursive: true });
    chmodSync(kept, 0o777);
    assert.equal(run(), '42 true 1');
    assert.deepEqual(files(), []);
    chmodSync(kept, 0o700);
    run();
    for (const name of files()) writeFileSync(join(kept, name), 'no code at all');
    assert.equal(run(), '42 true 1');
    for (const name of files()) assert.ok(statSync(join(kept, name)).size > 100);
    const flat = join(kept, 'no-folder');
    writeFileSync(flat, '');
    assert.equal(run({ env: { XDG_CACHE_HOME: flat } }), '42 true 1');
  });

  it('lets the errors of a bundle through, once', t => {
    const { run, write } = bundles(t);
    write(`console.log('loaded');\n${'\n'.repeat(5)}throw new Error('of its own');\n`, CORE);
    const printed = run();
    assert.equal(printed.match(/^loaded$/gm)?.length, 1);
    assert.match(printed, /main\.js:7\n/);
    assert.match(printed, /Error: of its own/);
  });
});

describe('files of kept code', linux, () => {
  const key = { program: 'test', build: '1', source: 'core.js', size: 10, mtimeMs: 5 };

  it('are another for another source, build, program', () => {
    const names = [
      key,
      { ...key, size: 11 },
      { ...key, mtimeMs: 6 },
      { ...key, build: '2' },
      { ...key, program: 'other' },
      { ...key, source: 'main.js' },
    ].map(cacheName);
    assert.equal(new Set(names).size, names.length);
  });

  it('are read back whole, or not at all', t => {
    const { root } = bundles(t);
    const path = join(root, cacheName(key));
    assert.equal(readCache(path), undefined);
    writeCache(path, Buffer.from('some code'));
    assert.equal(readCache(path)?.toString(), 'some code');
    const content = readFileSync(path);
    content[content.length - 1] = 0;
    writeFileSync(path, content);
    assert.equal(readCache(path), undefined);
    writeCache(path, Buffer.from('some code'));
    chmodSync(path, 0o666);
    assert.equal(readCache(path), undefined);
  });

  it('go when they are old, sooner where another build stands in for them; files of others stay', t => {
    const { root } = bundles(t);
    const daysAgo = (days: number, name: string) => {
      writeFileSync(join(root, name), '');
      const seconds = Date.now() / 1000 - days * 86_400;
      utimesSync(join(root, name), seconds, seconds);
      return name;
    };
    daysAgo(2, cacheName({ ...key, build: '0' }));
    daysAgo(31, cacheName({ ...key, program: 'old' }));
    daysAgo(31, `${cacheName({ ...key, program: 'old' })}.4711`);
    const stay = [
      daysAgo(0.5, cacheName({ ...key, build: '2' })),
      daysAgo(2, cacheName({ ...key, program: 'other' })),
      daysAgo(31, 'notes.code'),
    ];
    writeCache(join(root, cacheName(key)), Buffer.from('x'));
    const left = readdirSync(root).filter(name => name.includes('.code'));
    assert.deepEqual(left.sort(), [cacheName(key), ...stay].sort());
  });

  it('lie where the platform wants them', t => {
    const { root, run } = bundles(t);
    assert.equal(cacheFolder({ XDG_CACHE_HOME: root }), join(root, 'drydock'));
    assert.equal(cacheFolder({ XDG_CACHE_HOME: root, NODE_DISABLE_COMPILE_CACHE: '1' }), undefined);
    // A relative path does not count; the home folder does.
    run({ env: { XDG_CACHE_HOME: 'relative' } });
    assert.equal(readdirSync(join(root, '.cache', 'drydock')).length, 2);
  });
});
