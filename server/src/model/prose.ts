/** Marks long texts that lie in `dist/data` in the product and are loaded when somebody asks for them. */

/**
 * Gives its argument back. The build puts a function in its place that gives nothing, so that the texts are not in
 * the bundles; `ruleInfos` then takes them from `rule-texts.json`.
 */
export function prose<T extends object>(texts: T): T {
  return texts;
}
