/** What is said of a Jenkinsfile, in short lines. */
import { projectOf } from './project.js';

/** The sites with their verdicts, and the failure or the address that is dialled. */
export function rows(text: string): readonly string[] {
  return projectOf([['Jenkinsfile', text]])
    .trace()
    .map(({ site, verdict, failure, client }) =>
      [site, verdict, failure ?? client?.endpoint].filter(Boolean).join(' '),
    );
}

/** The findings with what they underline. */
export function found(text: string, path = 'Jenkinsfile'): readonly string[] {
  return projectOf([[path, text]])
    .check()
    .flatMap(({ findings }) =>
      findings.map(({ rule, start, end }) => `${rule} ${text.slice(start, end).split('\n')[0]}`),
    );
}

export const SOCKET = '-v /var/run/docker.sock:/var/run/docker.sock';
