/** Writes everything that is made from something else: rule pages, the client's table of file names, the catalogue's tables. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeGeneratedFiles } from './generate-catalog.mjs';
import { documents } from './generate-docs.mjs';
import { generatedFiles } from './generate-recognise.mjs';

rmSync('docs/rules', { recursive: true, force: true });
for (const [path, text] of [...documents(), ...generatedFiles()]) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
writeGeneratedFiles();
