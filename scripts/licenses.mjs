/** Collects the licences of the packages that went into the bundles: most ask that their text comes along. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * @param {readonly import('esbuild').Metafile[]} metafiles what the builds took in
 * @returns {string} every package with its licence, by name
 * @throws {Error} when a package brings no text of its licence
 */
export function licenses(metafiles) {
  const inputs = metafiles.flatMap(({ inputs }) => Object.keys(inputs));
  const folders = [...new Set(inputs.flatMap(input => packageFolder(input) ?? []))];
  const texts = new Map();
  for (const folder of folders) {
    const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    texts.set(name, `${name} ${version} (${license})\n\n${licenseText(folder)}`);
  }
  const sorted = [...texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
  return `Drydock holds code of these packages.\n\n${sorted.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

function packageFolder(input) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0];
}

function licenseText(folder) {
  const file = readdirSync(folder).find(name => /^licen[cs]e(?:[.-]\w+)?$/i.test(name));
  if (file === undefined) throw new Error(`${folder} has no text of its licence`);
  return `${readFileSync(path.join(folder, file), 'utf8').trim()}\n`;
}
