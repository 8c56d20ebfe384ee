/** Puts a socket proxy before the service "app" of each case: `after.yml` is the result, `told.txt` what is told. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { projectOf } from './support/project.js';

const CASES = 'test/convert-compose';
const FILE = 'compose.yml';

for (const name of readdirSync(CASES).sort()) {
  const folder = path.join(CASES, name);
  const before = readFileSync(path.join(folder, 'before.yml'), 'utf8');
  test(name, () => {
    const project = projectOf([[FILE, before]]);
    const result = project.convert({ path: FILE, job: 'app', to: 'socket-proxy' });
    if ('refused' in result) {
      const line = result.at ? before.slice(0, result.at.start).split('\n').length : 0;
      expectFile(path.join(folder, 'told.txt'), `refused, line ${line}: ${result.refused}\n`);
      expectFile(path.join(folder, 'after.yml'), undefined);
      return;
    }
    const after = result.texts.get(FILE) ?? '';
    expectFile(path.join(folder, 'after.yml'), after);
    expectFile(path.join(folder, 'told.txt'), result.notes.map(note => `${note}\n`).join(''));
    const kept = before.replaceAll(/^.*docker\.sock.*$/gm, '');
    assert.deepEqual(comments(after), comments(kept), 'only what stands at the mount goes with it');
    assert.equal(after.includes('\r\n'), before.includes('\r\n'));
    const { app: _, 'socket-proxy': proxy, ...others } = parse(after).services;
    const { app: __, ...old } = parse(before).services;
    assert.deepEqual(others, old, 'the other services are as they were');
    assert.deepEqual(proxy.networks, ['socket-proxy'], 'the proxy is in no other network');
    assert.equal(proxy.ports, undefined);
    const again = projectOf([[FILE, after]]).convert({ path: FILE, job: 'app', to: 'socket-proxy' });
    assert.ok('refused' in again, 'what is converted is not converted again');
  });
}

function comments(text: string): readonly string[] {
  return text.split('\n').flatMap(line => /(?:^|\s)(#.*?)\r?$/.exec(line)?.[1] ?? []);
}

function expectFile(file: string, text: string | undefined): void {
  if (process.env.UPDATE) {
    if (text === undefined) rmSync(file, { force: true });
    else writeFileSync(file, text);
    return;
  }
  assert.equal(existsSync(file) ? readFileSync(file, 'utf8') : undefined, text, file);
}
