/** The data that the product loads on first use, made from its sources as the build makes it. */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const generator = createRequire(resolve('package.json'))('./scripts/generate-catalog.mjs') as {
  runtimeData(): ReadonlyMap<string, unknown>;
};
const made = generator.runtimeData();

/** As `ProjectOptions.data`. The texts of rules are not among it: outside of bundles they are in the code. */
export function runtimeData(name: string): unknown {
  return made.get(name);
}
