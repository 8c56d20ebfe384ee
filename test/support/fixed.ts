/** Applies the fix of a rule to a text, and holds the result against the rule again. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { applyEdits } from '../../server/src/analysis/index.js';
import { projectOf } from './project.js';

/** The text after the first fix of the first finding of a rule that has one; `undefined` where none is offered. */
export function fixed(rule: string, text: string, path = 'setup.sh'): string | undefined {
  const [file] = projectOf([[path, text]]).check();
  const found = file?.findings.filter(one => one.rule === rule) ?? [];
  assert.ok(found.length > 0, `${rule} is found in ${text}`);
  const fix = found.flatMap(one => one.fixes())[0];
  if (!fix) return undefined;
  const result = applyEdits(text, fix.edits[0]?.edits ?? []);
  const left = projectOf([[path, result]])
    .check()
    .flatMap(({ findings }) => findings);
  assert.ok(left.filter(one => one.rule === rule).length < found.length, `${rule} is gone from ${result}`);
  if (path.endsWith('.sh')) assertReads(text, result);
  return result;
}

function assertReads(before: string, result: string): void {
  const reads = (input: string): boolean => spawnSync('bash', ['-n'], { input }).status === 0;
  if (reads(before)) assert.ok(reads(result), `bash reads ${result}`);
}
