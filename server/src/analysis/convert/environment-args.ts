/** Writes build arguments, also those that take their value from the environment. */
import type { BuildSite } from '../../model/build-site.js';
import { type ImageBuild, valuesIn } from './image-build.js';
import type { Value } from './values.js';

/**
 * A build argument as `flag` and word. `--build-arg NAME` alone means the value of the environment, and nothing where
 * there is none. Source: docker/cli opts/env.go, ValidateEnv, and cli/command/image/build.go.
 * @param write the flag with a word that is the argument's text, given as source inside of double quotes, or as a value
 */
export function buildArgument(
  site: BuildSite,
  build: ImageBuild,
  value: Value,
  write: (argument: Value | string) => string,
): string {
  const { word } = value;
  if (!word.literal || !/^[A-Za-z_]\w*$/.test(word.text)) return write(value);
  const name = word.text;
  const fromEnvironment = write(`${name}=$${name}`);
  const isSet = build.emptyArgs || site.env.get(name).state === 'known';
  return isSet ? fromEnvironment : `\${${name}+${fromEnvironment}}`;
}

/** All build arguments for tools that name them as docker does. */
export function buildArgFlags(site: BuildSite, build: ImageBuild): readonly string[] {
  return valuesIn(build, 'arg').map(value =>
    buildArgument(site, build, value, argument => {
      return `--build-arg ${typeof argument === 'string' ? `"${argument}"` : argument.source}`;
    }),
  );
}
