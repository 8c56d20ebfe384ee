/** Tells values of the gitlab-runner chart, and of GitHub's runner scale sets, from other YAML files, by their content. */

const NAME = /\.ya?ml(?:\.(?:j2|tpl|tftpl|tmpl|gotmpl|template))?$/i;

/**
 * A line that values of the charts have, alone or among those of an umbrella chart: TOML in a value, or what names GitLab
 * or GitHub.
 */
const HEAD =
  /^[ \t]*(?:\[\[[ \t]*runners[ \t]*\]\]|(?:gitlabUrl|runnerRegistrationToken|runnerToken|githubConfigUrl):)/m;

const RUNNERS = /^([ \t]*)runners:[ \t]*(?:#.*)?\r?$/;
const CONFIG = /^config:[ \t]*[|>][-+0-9]*[ \t]*(?:#.*)?\r?$/;
const SERVER = /^(?:gitlabUrl|runnerRegistrationToken|runnerToken):/;
const TABLE = /^\[\[[ \t]*runners[ \t]*\]\]/;

/** The one key that the chart of GitHub's runner scale sets cannot do without, beside another of its own. */
const SCALE_SET =
  /^([ \t]*)githubConfigUrl:[\s\S]*^\1(?:containerMode|template|githubConfigSecret|runnerScaleSetName|minRunners|maxRunners):|^([ \t]*)(?:containerMode|template|githubConfigSecret|runnerScaleSetName|minRunners|maxRunners):[\s\S]*^\2githubConfigUrl:/m;

/** What the values are made into, described. */
const DEFINITION = /^kind:[ \t]*CustomResourceDefinition\b/m;

/**
 * `runners:` with TOML in `config: |`, or beside one of the keys that name GitLab to the chart; at the top, or below
 * keys of an umbrella chart.
 */
export function recogniseHelmValues(path: string, text: string): boolean {
  if (!NAME.test(path) || !HEAD.test(text)) return false;
  if (SCALE_SET.test(text)) return !DEFINITION.test(text);
  const lines = text.split('\n');
  return lines.some((line, i) => {
    const indent = RUNNERS.exec(line)?.[1]?.length;
    return indent !== undefined && (holdsConfig(lines, i, indent) || standsBesideServer(lines, i, indent));
  });
}

function indentOf(line: string): number | undefined {
  const content = line.trimStart();
  return content === '' || content.startsWith('#') ? undefined : line.length - content.length;
}

/** Whether the map that opens at line `at` has a `config: |` with a table of runners in it. */
function holdsConfig(lines: readonly string[], at: number, indent: number): boolean {
  let config = false;
  for (const line of lines.slice(at + 1)) {
    const own = indentOf(line);
    if (own === undefined) continue;
    if (own <= indent) return false;
    if (CONFIG.test(line.trimStart())) config = true;
    else if (config && TABLE.test(line.trimStart())) return true;
  }
  return false;
}

/** Whether a key of the same map names the server or a token. */
function standsBesideServer(lines: readonly string[], at: number, indent: number): boolean {
  const beside = (line: string): boolean => indentOf(line) === indent && SERVER.test(line.trimStart());
  const ends = (line: string): boolean => (indentOf(line) ?? indent) < indent;
  const above = lines.slice(0, at);
  const first = above.findLastIndex(ends) + 1;
  const below = lines.slice(at + 1);
  const last = below.findIndex(ends);
  return above.slice(first).some(beside) || below.slice(0, last < 0 ? undefined : last).some(beside);
}
