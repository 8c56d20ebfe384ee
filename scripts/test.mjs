/** Runs everything that tells whether the product is sound, one stage after the other, and counts. */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';

const unitTests = () =>
  readdirSync('out/test')
    .filter(name => name.endsWith('.test.js'))
    .map(name => `out/test/${name}`);

/** Stages in order. One that counts prints `N passed, N failed` itself; any other counts as one. */
const stages = [
  { name: 'types', command: ['npx', 'tsc', '-b'] },
  { name: 'lint', command: ['npx', 'biome', 'check'] },
  { name: 'build', command: ['node', 'scripts/build.mjs'] },
  {
    name: 'unit tests',
    counts: true,
    command: () => ['node', '--test', '--test-reporter=./scripts/reporter.mjs', ...unitTests()],
  },
  { name: 'package', command: ['node', 'scripts/package.mjs'] },
  { name: 'newcomer', command: ['node', 'scripts/start.mjs', '--check'] },
  { name: 'VS Code', counts: true, command: ['node', 'scripts/host/e2e.mjs'] },
];

const only = process.argv.slice(2);
const total = { passed: 0, failed: 0 };
for (const stage of stages) {
  if (only.length > 0 && !only.includes(stage.name)) continue;
  console.log(`\n=== ${stage.name}`);
  const started = Date.now();
  const { code, output } = await run(typeof stage.command === 'function' ? stage.command() : stage.command);
  count(stage, code, output);
  console.log(`(${((Date.now() - started) / 1000).toFixed(1)} s)`);
}
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** Runs a command, shows what it prints, and keeps it. */
function run([program, ...args]) {
  return new Promise(resolve => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      shell: process.platform === 'win32',
    });
    let output = '';
    child.stdout.on('data', chunk => {
      output += chunk;
      process.stdout.write(chunk);
    });
    child.on('error', error => resolve({ code: 1, output: String(error) }));
    child.on('close', code => resolve({ code: code ?? 1, output }));
  });
}

/** A stage that ends badly without counting a failure has failed as a whole. */
function count(stage, code, output) {
  const lines = stage.counts ? [...output.matchAll(/: (\d+) passed, (\d+) failed$/gm)] : [];
  const passed = lines.reduce((sum, match) => sum + Number(match[1]), 0);
  const failed = lines.reduce((sum, match) => sum + Number(match[2]), 0);
  total.passed += stage.counts ? passed : code === 0 ? 1 : 0;
  total.failed += failed > 0 ? failed : code === 0 ? 0 : 1;
  if (code !== 0) console.log(`FAILED  ${stage.name} (exit code ${code})`);
}
