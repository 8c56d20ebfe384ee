/** Writes everything that is made from something else: pages, snippets, the catalogue's tables. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeGeneratedFiles } from './generate-catalog.mjs';
import { documents } from './generate-docs.mjs';
import { examplePages } from './generate-examples.mjs';
import { generatedFiles } from './generate-recognise.mjs';
import { snippetFiles, strategyPages } from './generate-strategies.mjs';

for (const folder of ['docs/rules', 'docs/strategies']) rmSync(folder, { recursive: true, force: true });
const pages = [...documents(), ...examplePages(), ...strategyPages(), ...snippetFiles(), ...generatedFiles()];
for (const [path, text] of pages) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
writeGeneratedFiles();
