/** Converts the job "build", or the template ".build", of each case to every strategy: `<strategy>.gitlab-ci.yml` is the result, `<strategy>.txt` what is told. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { conversionTargets } from '../server/src/analysis/convert/ways.js';
import { projectOf } from './support/project.js';

const CASES = 'test/convert';
const PIPELINE = '.gitlab-ci.yml';

for (const name of readdirSync(CASES).sort()) {
  const folder = path.join(CASES, name);
  const others = readdirSync(folder)
    .filter(file => /^(?:config\.toml|\.drydock\.yml|template\.yml)$/.test(file))
    .map(file => [file, readFileSync(path.join(folder, file), 'utf8')] as const);
  const before = readFileSync(path.join(folder, 'before.gitlab-ci.yml'), 'utf8');
  const job = /^\.build:/m.test(before) ? '.build' : 'build';
  for (const to of conversionTargets().filter(one => one !== 'socket-proxy')) {
    test(`${name} to ${to}`, () => {
      const result = projectOf([[PIPELINE, before], ...others]).convert({ path: PIPELINE, job, to });
      if ('refused' in result) {
        const line = result.at ? before.slice(0, result.at.start).split('\n').length : 0;
        expectFile(path.join(folder, `${to}.txt`), `refused, line ${line}: ${result.refused}\n`);
        expectFile(path.join(folder, `${to}.gitlab-ci.yml`), undefined);
        return;
      }
      expectFile(path.join(folder, `${to}.gitlab-ci.yml`), result.texts.get(PIPELINE));
      expectFile(path.join(folder, `${to}.txt`), result.notes.map(note => `${note}\n`).join(''));
    });
  }
}

function expectFile(file: string, text: string | undefined): void {
  if (process.env.UPDATE) {
    if (text === undefined) rmSync(file, { force: true });
    else writeFileSync(file, text);
    return;
  }
  assert.equal(existsSync(file) ? readFileSync(file, 'utf8') : undefined, text, file);
}
