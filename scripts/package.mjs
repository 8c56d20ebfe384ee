/** Packages the built extension as a .vsix at the root of the project, and prints its size. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createVSIX } from '@vscode/vsce';

/** What a download may weigh. */
const MAX_BYTES = 1_000_000;

if (!existsSync('dist/client.js')) throw new Error('Nothing is built yet: run `npm run build` first.');
const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));
const packagePath = `${name}-${version}.vsix`;
await createVSIX({
  dependencies: false,
  packagePath,
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
});
const { size } = statSync(packagePath);
console.log(`${packagePath}: ${size} bytes`);
if (size >= MAX_BYTES) throw new Error(`The package must stay under ${MAX_BYTES} bytes.`);
