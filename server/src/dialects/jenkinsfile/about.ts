/** Says what of a Jenkinsfile was read, and what was not. */
import { walked } from './lower.js';
import type { JenkinsTree } from './read.js';

/** As Markdown. */
export function aboutJenkins(tree: JenkinsTree): string {
  if (tree.problems.length > 0)
    return 'Drydock reads nothing of this Jenkinsfile: a string, a comment or a bracket in it does not end.';
  const { steps, scopes, made, declarative } = walked(tree);
  const agents = new Set(scopes.map(({ agent }) => agent));
  const kind = (name: string): number => [...agents].filter(agent => agent.kind === name).length;
  const parts = [
    count(steps.length, '`sh` step', '`sh` steps'),
    count(kind('docker'), 'container', 'containers'),
    count(kind('pod'), 'pod', 'pods'),
  ];
  const skipped =
    made > 0 ? ` ${count(made, 'script', 'scripts')} made by code ${made === 1 ? 'is' : 'are'} not.` : '';
  return [
    `Drydock reads of this ${declarative ? 'declarative' : 'scripted'} pipeline: ${parts.join(', ')}.${skipped}`,
    'What methods, shared libraries and other code do is not analysed.',
  ].join('\n\n');
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
