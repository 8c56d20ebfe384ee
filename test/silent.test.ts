/** Real shapes that must stay silent: no finding above info in the default profile. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readFolder } from './support/fixture.js';
import { projectOf } from './support/project.js';

for (const name of readdirSync('test/silent').sort()) {
  test(`silent: ${name}`, () => {
    const files = readFolder(join('test/silent', name));
    const project = projectOf(files.map(file => [file.path, file.text]));
    const found = project
      .check()
      .flatMap(file => file.findings.map(({ rule, message }) => `${file.path} ${rule}: ${message}`));
    assert.deepEqual(found, []);
    assert.ok(project.check().length > 0, 'it is recognised');
  });
}
