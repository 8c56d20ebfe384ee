/**
 * The bare cost of `yaml`, in a process of its own. `file PATH` prints the cold and the warm times of parsing
 * one file as JSON; `tree FOLDER` parses every YAML file below a folder once.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { LineCounter, parseAllDocuments } from 'yaml';
import { quantile } from './stats.mjs';

const WARM_UP_MS = 700;
const MEASURE_MS = 2500;
const LEAST = 5;
const MOST = 200;

const [mode, target] = process.argv.slice(2);
if (mode === 'tree') {
  for (const name of readdirSync(target, { recursive: true })) {
    if (/\.ya?ml$/.test(name)) parse(readFileSync(path.join(target, name), 'utf8'));
  }
} else {
  console.log(JSON.stringify(measure(readFileSync(target, 'utf8'))));
}

function parse(text) {
  const start = performance.now();
  parseAllDocuments(text, { lineCounter: new LineCounter() });
  return performance.now() - start;
}

function measure(text) {
  const cold = parse(text);
  const warmEnd = performance.now() + WARM_UP_MS;
  while (performance.now() < warmEnd) parse(text);
  const taken = [];
  const end = performance.now() + MEASURE_MS;
  while (taken.length < LEAST || (taken.length < MOST && performance.now() < end)) taken.push(parse(text));
  return { cold, p10: quantile(taken, 0.1), median: quantile(taken, 0.5), count: taken.length };
}
