/** Packages the built extension as a .vsix at the root of the project, and prints its size. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createVSIX } from '@vscode/vsce';

if (!existsSync('dist/client.js')) throw new Error('Nothing is built yet: run `npm run build` first.');
const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));
const packagePath = `${name}-${version}.vsix`;
await createVSIX({
  dependencies: false,
  packagePath,
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
});
console.log(`${packagePath}: ${statSync(packagePath).size} bytes`);
