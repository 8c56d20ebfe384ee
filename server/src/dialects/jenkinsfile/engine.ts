/** Reads, lowers and writes Jenkinsfiles; loaded when the first one comes up. */
import type { Intent, Written } from '../../model/intent.js';
import type { Tree } from '../../syntax/tree.js';
import type { Embedded, Lowered, Unit } from '../dialect.js';
import { aboutJenkins } from './about.js';
import { lowerJenkins } from './lower.js';
import { podsOf } from './pods.js';
import { type JenkinsTree, readJenkins } from './read.js';
import { writeJenkins } from './write.js';

export function readFile(text: string, previous: Tree | undefined): Tree {
  return readJenkins(text, previous);
}

export function lowerFile(unit: Unit): Lowered {
  return lowerJenkins(unit);
}

export function embeddedPods(tree: Tree, path: string): readonly Embedded[] {
  return podsOf(tree as JenkinsTree, path);
}

export function writeFile(intents: readonly Intent[], unit: Unit): Written {
  return writeJenkins(intents, unit);
}

export function about(tree: Tree): string {
  return aboutJenkins(tree as JenkinsTree);
}
