/** Tells a GitLab Runner configuration from other TOML files, by its content alone. */

const RUNNERS = /^[ \t]*\[\[[ \t]*runners[ \t]*\]\]/m;
const NAME = /\.toml(?:\.(?:j2|tpl|tftpl|tmpl|template|erb))?$/i;

/** The first line with content is a key of YAML: Helm values that somebody named after what they hold. */
const YAML_FIRST = /^(?:\s*(?:#[^\n]*)?\n)*[\w.-]+:(?:\s|$)/;

/** `config.toml` is a common name, so only a `[[runners]]` header counts. */
export function recogniseRunner(path: string, head: string): boolean {
  return NAME.test(path) && RUNNERS.test(head) && !YAML_FIRST.test(head);
}
