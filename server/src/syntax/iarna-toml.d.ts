/** The type of the one file of `@iarna/toml` that is bundled; the package types only its main entry. */
declare module '@iarna/toml/parse-string.js' {
  /** @throws Error at the first thing that is not TOML 1.0. */
  function parseString(toml: string): Record<string, unknown>;
  export = parseString;
}
