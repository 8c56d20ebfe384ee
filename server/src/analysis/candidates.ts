/** Decides by a path alone whether a file is worth reading, and by its text whether it can be analysed. */

/** The configuration of a project, by its path from the root. */
export const CONFIG_NAME = /^\.drydock\.ya?ml$/;

/** Longer texts are not analysed, so that every answer comes in bounded time; UTF-16 units. */
export const MAX_LENGTH = 2_000_000;

const CANDIDATE =
  /(?:^|\/)(?:[^/]*\.gitlab-ci(?:[.-][^/]*)?\.ya?ml|[^/]*\.toml(?:\.(?:j2|tpl|tftpl|tmpl|template|erb))?|[^/]*\.(?:tf|tofu)|(?:docker-)?compose(?:[._-][^/]*)?\.ya?ml|[^/]*(?:values|runner)[^/]*\.ya?ml(?:\.(?:j2|tpl|tftpl|tmpl|gotmpl|template))?|\.github\/workflows\/[^/]+\.ya?ml|action\.ya?ml|Jenkinsfile(?:[._-][^/]*)?|[^/]*\.jenkinsfile|\.drydock\.ya?ml)$/i;

/** True for files that may be ours by name; their content decides. Files that others include come on top. */
export function candidatePath(path: string): boolean {
  return CANDIDATE.test(path);
}

const BY_CONTENT =
  /(?:^|\/)(?:[^/]*\.(?:ya?ml(?:\.\w+)?|groovy|sh|bash|dockerfile|containerfile)|(?:Docker|Container)file(?:\.[^/]*)?)$/i;

/** Where whole folders are searched by hand, files count too of which only the content tells: many, and few are ours. */
export function searchedPath(path: string): boolean {
  return candidatePath(path) || BY_CONTENT.test(path);
}

/** Why a text is not analysed, or `undefined` when it is. */
export function unreadable(text: string): string | undefined {
  if (text.length > MAX_LENGTH) return `larger than ${MAX_LENGTH / 1_000_000} million characters`;
  if (text.includes('\0')) return 'binary: it holds NUL characters';
  return undefined;
}
