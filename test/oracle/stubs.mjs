/** Puts in for what a copy lacks: the jobs and files that came with includes that had to go. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { commitCopy, includeFirst } from './copy.mjs';

/**
 * Gives the pipeline `file` of a copy what the oracle says is missing, in a file that the pipeline includes first,
 * so that both tools go on reading the same text. False when the reason is none that this can mend.
 */
export function supply(copy, file, refusal) {
  const missing = /Local include file cannot be found ([^\s*]+)$/m.exec(refusal)?.[1];
  if (missing) return supplyFile(copy, missing);
  const keys = missingKeys(refusal);
  if (!keys) return false;
  const stub = `.oracle-stubs/${file.replaceAll('/', '__')}`;
  const place = path.join(copy, stub);
  const held = existsSync(place) ? JSON.parse(readFileSync(place, 'utf8')) : undefined;
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, `${JSON.stringify(put(held ?? {}, keys), undefined, 1)}\n`);
  if (!held) includeFirst(path.join(copy, file), stub);
  commitCopy(copy);
  return true;
}

function supplyFile(copy, missing) {
  const place = path.join(copy, missing);
  if (existsSync(place)) return false;
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, `.oracle-stub: {script: [":"]}\n`);
  commitCopy(copy);
  return true;
}

/** The path of keys that has to be there: a job with its script, or what a `!reference` names. */
function missingKeys(refusal) {
  const reference = /!reference \[(.+?)\] is undefined/.exec(refusal)?.[1];
  if (reference) return reference.split(/,\s*/);
  const stage = /^stage:(.+?) not found for /m.exec(refusal)?.[1];
  if (stage) return ['stages', stage];
  const needed = /^(?:needs|dependencies): \[(.+?)\] for .* (?:cannot|could not) be found/m.exec(
    refusal,
  )?.[1];
  if (needed) return [needed, 'script'];
  const job =
    /^(.+?) is unspecified, used by .* extends/m.exec(refusal) ??
    /^(.+?) must have script specified/m.exec(refusal);
  return job?.[1] ? [job[1].trim(), 'script'] : undefined;
}

function put(root, keys) {
  if (keys[0] === 'stages')
    return { ...root, stages: [...(root.stages ?? ['build', 'test', 'deploy']), keys[1]] };
  let at = root;
  for (const key of keys.slice(0, -1)) at = at[key] ??= {};
  at[keys.at(-1)] ??= valueFor(keys.at(-1));
  return root;
}

function valueFor(key) {
  if (key === 'rules') return [{ when: 'on_success' }];
  if (key === 'variables') return { ORACLE_STUB: '1' };
  return key.endsWith('script') ? [':'] : 'stub';
}
