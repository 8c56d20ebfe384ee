/** What the build puts into bundles says the same as the modules that it is made of. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { folder } from './cli-run.js';

const FILES = readdirSync('test/fixtures', { recursive: true, encoding: 'utf8' }).sort();

/** The ends of the names of fixtures, by what they are checked as. */
const ENDS = {
  'gitlab-ci': '.gitlab-ci.yml',
  'gitlab-runner': '.gitlab-runner.toml',
  'github-actions': '.github-actions.yml',
  compose: '.compose.yml',
  kubernetes: '.kubernetes.yml',
  'helm-values': '.helm-values.yaml',
  jenkinsfile: '.jenkinsfile.groovy',
  shell: '.shell.sh',
  dockerfile: '.Dockerfile',
} as const;

const COMMANDS = [
  ['check', '--format', 'json', '--profile', 'pedantic'],
  ['check', '--fix=all', '--diff'],
];
const COMMANDS_ON_JOBS = [
  ['trace', '--format', 'json'],
  ['jobs', '--format', 'json'],
];

/** The texts of all fixtures that end so, in one folder. */
const fixtures = (end: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    FILES.filter(name => name.endsWith(end) && !name.endsWith(`.fixed${end}`)).map(name => [
      name.replaceAll(/[\\/]/g, '-'),
      readFileSync(`test/fixtures/${name}`, 'utf8'),
    ]),
  );

describe('bundles', () => {
  for (const [dialect, end] of Object.entries(ENDS)) {
    const commands = dialect === 'gitlab-ci' ? [...COMMANDS, ...COMMANDS_ON_JOBS] : COMMANDS;
    for (const command of commands) {
      it(`${command.slice(0, 2).join(' ')} as ${dialect}`, async t => {
        const files = fixtures(end);
        const args = [...command, '--as', dialect, ...Object.keys(files)];
        const { path, drydock } = folder(t, files);
        const modules = await drydock(args);
        const bundled = spawnSync(process.execPath, [resolve('dist/cli.js'), ...args], {
          cwd: path,
          encoding: 'utf8',
          env: { ...process.env, CI: '1' },
          maxBuffer: 2 ** 28,
        });
        assert.equal(bundled.stderr, modules.stderr);
        assert.ok(bundled.stdout === modules.stdout, 'they print something else');
        assert.equal(bundled.status, modules.code);
      });
    }
  }
});
