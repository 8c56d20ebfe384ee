/** Tells workflows and action files of GitHub Actions from other YAML files, by their paths and what they hold. */

/** GitHub reads workflows from this folder alone, and from none below it; a project may lie in a folder of another. */
const WORKFLOW = /(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$/i;
const ACTION = /(?:^|\/)action\.ya?ml$/i;

/** The key that only action files have at the top. */
const RUNS = /^runs:[ \t]*(?:#.*|\{.*)?\r?$/m;

export function recogniseActions(path: string, text: string): boolean {
  return WORKFLOW.test(path) || (ACTION.test(path) && RUNS.test(text));
}
