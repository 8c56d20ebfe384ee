/** Says of workflows in one line each what their jobs reach, for tables of cases. */
import { projectOf } from './project.js';

export type Files = Readonly<Record<string, string>>;

export const PATH = '.github/workflows/build.yml';

/** `site from endpoint tls kind verdict failure` for each row, sorted as they are reported. */
export function rows(files: Files | string): readonly string[] {
  const given = typeof files === 'string' ? { [PATH]: files } : files;
  return projectOf(Object.entries(given))
    .trace()
    .map(({ site, from, client, daemon, verdict, failure }) =>
      [site, from, client?.endpoint ?? '-', client?.tls ?? '-', daemon.kind, verdict, failure]
        .filter(part => part !== undefined)
        .join(' '),
    );
}

/** A workflow with one job. */
export function workflow(job: string, top = ''): string {
  return `on: push\n${top}jobs:\n  job:\n${job.replace(/^/gm, '    ')}\n`;
}

export const SOCKET = 'unix:///var/run/docker.sock none';
export const HOSTED = `job job ${SOCKET} hosted reaches`;
export const BUILD = 'steps:\n  - run: docker build .';
export const DIND =
  'services:\n  dind:\n    image: docker:29.7.2-dind\n    options: --privileged\n    env: { DOCKER_TLS_CERTDIR: "" }';
