/** Reads a Jenkinsfile into a tree of one block, with the calls that it is made of. */
import { type GroovyScript, readGroovy } from '../../syntax/groovy.js';
import { newBlock, type Tree } from '../../syntax/tree.js';

export interface JenkinsTree extends Tree {
  readonly script: GroovyScript;
}

export function readJenkins(text: string, previous: Tree | undefined): JenkinsTree {
  if (previous?.text === text) return previous as JenkinsTree;
  const block = newBlock(text);
  const script = readGroovy(text);
  const problems = script.problems.map(span => ({ ...span, message: 'what is opened here does not end' }));
  return {
    text,
    documents: [{ blocks: [{ block, root: undefined, problems, anchors: new Map() }], entries: [] }],
    problems,
    isTainted: one => one === block && problems.length > 0,
    startOf: one => (one === block ? 0 : undefined),
    resolve: node => node,
    script,
  };
}
