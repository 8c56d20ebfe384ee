/** The grammar of single values of config.toml: each tells what is wrong with a text, or nothing. */

/** Executors of GitLab Runner 19. Source: gitlab-runner main.go, newExecutorProviders. */
export const EXECUTORS = [
  'shell',
  'custom',
  'instance',
  'docker',
  'docker-windows',
  'docker-autoscaler',
  'docker+machine',
  'kubernetes',
  'ssh',
  'parallels',
  'virtualbox',
];

/** Executors that give `[runners.docker]` to Linux containers. */
export const LINUX_DOCKER = ['docker', 'docker-autoscaler', 'docker+machine'];

const PATH = String.raw`\/(?:[^\\/:*?"<>|\r\n]+(?:\/[^\\/:*?"<>|\r\n]+)*\/?)?`;
const NAME = String.raw`[^\\/:*?"<>|\r\n]+`;
const OPTIONS = /^(?::(?:ro|rw|o))?(?:[:,]z)?(?:[:,]r?(?:shared|slave|private))?$/i;
const SPLIT = new RegExp(`^(?:(${PATH}|${NAME}):)?(${PATH})((?::|,).*)?$`);

/**
 * `[source:]target[:mode]` of a Linux engine; a relative source or target and docker's other modes are refused.
 * Source: gitlab-runner executors/docker/internal/volumes/parser/linux_parser.go, volumes/manager.go.
 */
export function volumeProblem(text: string): string | undefined {
  if (text === '') return undefined;
  const split = SPLIT.exec(text);
  if (split && OPTIONS.test(split[3] ?? ''))
    return split[2] === '/' ? 'the root of the container cannot be mounted over' : undefined;
  const parts = text.split(':');
  const mode = parts[2];
  if (parts.length > 3) return 'it has too many colons';
  if (/\/\//.test(text)) return 'a path in it has two slashes in a row';
  const target = parts[1] ?? parts[0] ?? '';
  if (!target.startsWith('/')) return 'the path in the container must begin with a slash';
  if (parts.length > 1 && /^[.~]|[^/]\//.test(parts[0] ?? '') && !parts[0]?.startsWith('/'))
    return 'the path on the host must begin with a slash';
  return mode === undefined ? 'its paths hold a character that is not allowed' : `it has no mode "${mode}"`;
}

/** Where a volume ends up in the container; each may be there once. */
export function volumeTarget(text: string): string | undefined {
  return SPLIT.exec(text)?.[2];
}

/** Source: Go's time.ParseDuration. */
export function isDuration(text: string): boolean {
  return /^[-+]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.test(text);
}

/** Names of images have no blanks and no capitals, but for the registry's host. Source: distribution/reference. */
export function imageProblem(text: string): string | undefined {
  if (/\s/.test(text.trim())) return 'an image has no blanks in its name';
  const name = text
    .trim()
    .replace(/@.*$/, '')
    .replace(/:[^/:]*$/, '');
  const [first = '', ...rest] = name.split('/');
  const path = rest.length > 0 && /[.:A-Z]/.test(first) ? rest.join('/') : name;
  return /[A-Z]/.test(path) && !/^[A-Z][A-Z0-9_]*$/.test(name)
    ? 'an image has no capitals in its name'
    : undefined;
}

/** The name of a server without the scheme that an address needs; placeholders are none. */
export function isBareHost(text: string): boolean {
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?(?:\/\S*)?$/i.test(text);
}
