/** Copies projects into git repositories of their own, without the includes that need a network. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isAlias, isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';

const YAML_FILE = /\.ya?ml$/i;

/** Settings of the oracle itself, with variables and more that GitLab knows nothing of. */
const ORACLE_SETTINGS = /^\.gitlab-ci-local/;

/**
 * Copies a project, or one pipeline file as `.gitlab-ci.yml`, to `target` and makes a git repository of it.
 * The result names the files that lost an include.
 */
export function copyProject(source, target) {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  if (statSync(source).isDirectory()) {
    cpSync(source, target, {
      recursive: true,
      filter: from => path.basename(from) !== '.git' && !ORACLE_SETTINGS.test(path.basename(from)),
      dereference: false,
    });
  } else {
    cpSync(source, path.join(target, '.gitlab-ci.yml'));
  }
  const edited = yamlFiles(target).filter(file => keepLocalIncludes(path.join(target, file)));
  initialise(target);
  return edited;
}

/** The pipelines of a copy: every `.gitlab-ci.yml` that no other file merges in, relative to the copy. */
export function rootPipelines(copy) {
  const files = yamlFiles(copy);
  const included = new Set();
  for (const file of files) {
    for (const pattern of localIncludes(readFileSync(path.join(copy, file), 'utf8'))) {
      const expression = pathExpression(pattern);
      for (const other of files) if (other !== file && expression.test(other)) included.add(other);
    }
  }
  return files.filter(file => path.basename(file) === '.gitlab-ci.yml' && !included.has(file));
}

/** Says whether a text is YAML with a map at the top, which is the least a pipeline has to be. */
export function isPipelineText(text) {
  const documents = parse(text);
  return (
    documents.length > 0 &&
    documents.every(one => one.errors.length === 0) &&
    documents.some(one => isMap(one.contents))
  );
}

function yamlFiles(folder) {
  return readdirSync(folder, { recursive: true })
    .map(file => file.split(path.sep).join('/'))
    .filter(file => YAML_FILE.test(file) && !file.startsWith('.git/') && isFile(path.join(folder, file)))
    .sort();
}

function isFile(file) {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

function parse(text) {
  return parseAllDocuments(text, {
    logLevel: 'silent',
    merge: true,
    uniqueKeys: false,
    customTags: [{ tag: '!reference', collection: 'seq' }],
  });
}

function includePairs(text) {
  return parse(text)
    .filter(one => isMap(one.contents))
    .flatMap(one =>
      one.contents.items
        .filter(pair => isScalar(pair.key) && pair.key.value === 'include' && pair.value)
        .map(pair => ({ document: one, key: pair.key, value: pair.value })),
    );
}

function items({ document, value }) {
  const node = isAlias(value) ? value.resolve(document) : value;
  return (isSeq(node) ? node.items : [node]).map(item => item?.toJS(document));
}

const isUrl = text => /^[a-z][a-z+.-]*:\/\//i.test(text);
const isLocal = item => (typeof item === 'string' ? !isUrl(item) : typeof item?.local === 'string');
const locationOf = item => (typeof item === 'string' ? item : item.local);

function localIncludes(text) {
  return includePairs(text).flatMap(pair => items(pair).filter(isLocal).map(locationOf));
}

/** Rewrites `include:` in place; the number of lines stays, so that both tools name the lines of the original. */
function keepLocalIncludes(file) {
  let text = readFileSync(file, 'utf8');
  const pairs = includePairs(text).reverse();
  let edited = false;
  for (const pair of pairs) {
    const all = items(pair);
    const local = all.filter(isLocal);
    if (local.length === all.length || !pair.value.range) continue;
    const [start, end] = [pair.key.range[0], pair.value.range[1]];
    const lines = text.slice(start, end).split('\n').length - 1;
    const kept = local.length > 0 ? `include: ${JSON.stringify(local)}` : '';
    text = text.slice(0, start) + kept + '\n'.repeat(lines) + text.slice(end);
    edited = true;
  }
  if (edited) writeFileSync(file, text);
  return edited;
}

/** GitLab's patterns: `**` over folders, `*` within one, all else as written; the path is from the root. */
function pathExpression(pattern) {
  const escaped = pattern.replace(/^\/+/, '').replace(/[.+?^${}()|[\]\\*]/g, '\\$&');
  return new RegExp(
    `^${escaped.replaceAll('\\*\\*/', '(.*?/)?').replaceAll('\\*\\*', '.*?').replaceAll('\\*', '[^/]*?')}$`,
  );
}

/** Lets a pipeline include one more local file, before all others. */
export function includeFirst(file, location) {
  const text = readFileSync(file, 'utf8');
  const pair = includePairs(text).at(-1);
  const all = JSON.stringify([{ local: location }, ...(pair ? items(pair) : [])]);
  const end = pair?.value.range?.[1] ?? 0;
  writeFileSync(
    file,
    pair
      ? `${text.slice(0, pair.key.range[0])}include: ${all}${text.slice(end)}`
      : `${text}\ninclude: ${all}\n`,
  );
}

/** Puts all that lies in a copy under git's care, as the oracle reads nothing else. */
export function commitCopy(folder) {
  git(folder, 'add', '-A', '-f');
  git(folder, '-c', 'commit.gpgsign=false', 'commit', '-q', '--allow-empty', '-m', 'copy');
}

function initialise(folder) {
  git(folder, 'init', '-q', '-b', 'main');
  git(folder, 'remote', 'add', 'origin', 'git@gitlab.example.com:group/project.git');
  commitCopy(folder);
  git(folder, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
  git(folder, 'symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main');
}

function git(folder, ...words) {
  execFileSync('git', ['-c', 'user.name=oracle', '-c', 'user.email=oracle@example.com', ...words], {
    cwd: folder,
    stdio: 'ignore',
  });
}
