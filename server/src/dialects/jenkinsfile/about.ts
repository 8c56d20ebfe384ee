/** Says what of a Jenkinsfile was read, and what was not. */
import { walked } from './lower.js';
import { podAgents } from './pods.js';
import type { JenkinsTree } from './read.js';

/** As Markdown. */
export function aboutJenkins(tree: JenkinsTree): string {
  const [problem] = tree.problems;
  if (problem) {
    const line = tree.text.slice(0, problem.start).split('\n').length;
    return `Drydock reads nothing of this Jenkinsfile: the string, comment or bracket on line ${line} does not end.`;
  }
  const all = walked(tree);
  const { steps, scopes, made, declarative } = all;
  const containers = new Set(scopes.flatMap(({ agent, beside }) => [agent, ...beside]));
  const docker = [...containers].filter(agent => agent.kind === 'docker');
  const pods = [...podAgents(all)];
  const open = docker.filter(({ image }) => !image).length + pods.filter(({ yaml }) => !yaml?.plain).length;
  const parts = [
    count(steps.length, '`sh` step', '`sh` steps'),
    count(docker.filter(({ image }) => image).length, 'container', 'containers'),
    count(pods.filter(({ yaml }) => yaml?.plain).length, 'pod', 'pods'),
  ];
  const left = [
    ...(made > 0 ? [`${count(made, 'script', 'scripts')} made by code`] : []),
    ...(open > 0
      ? [`${count(open, 'agent', 'agents')} that ${open === 1 ? 'is' : 'are'} not written here`]
      : []),
  ];
  const skipped = left.length > 0 ? ` It does not read ${left.join(' and ')}.` : '';
  return [
    `Drydock reads of this ${declarative ? 'declarative' : 'scripted'} pipeline: ${parts.join(', ')}.${skipped}`,
    'What methods, shared libraries and other code do is not analysed.',
  ].join('\n\n');
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
