/** The machines that GitHub hosts, by the labels of `runs-on`, and the Docker that they have. */

/** ISO date of the table. Source: actions/runner-images, README.md and images/ubuntu/toolsets. */
export const HOSTED_MACHINES_DATE = '2026-08-21';

export interface HostedMachine {
  /** `small` is a container with docker's client and without a daemon. */
  readonly os: 'linux' | 'windows' | 'macos' | 'small';
  /** The version of its daemon; missing where it is not known. */
  readonly docker?: string;
}

const DOCKER: Readonly<Record<string, string>> = {
  latest: '28.0.4',
  '22.04': '28.0.4',
  '24.04': '28.0.4',
  '26.04': '29.4.2',
};

/** `undefined` for labels of one's own, those of larger machines among them. */
export function hostedMachine(label: string): HostedMachine | undefined {
  const name = label.toLowerCase();
  const ubuntu = /^ubuntu-(latest|\d\d\.\d\d)(?:-arm)?$/.exec(name)?.[1];
  if (ubuntu !== undefined) {
    const docker = DOCKER[ubuntu];
    return docker === undefined ? { os: 'linux' } : { os: 'linux', docker };
  }
  if (name === 'ubuntu-slim') return { os: 'small' };
  if (/^windows-(?:latest|20\d\d|11-arm)(?:-vs\d+)?$/.test(name)) return { os: 'windows' };
  return /^macos-(?:latest|\d\d)(?:-(?:x?large|intel))?$/.test(name) ? { os: 'macos' } : undefined;
}
