/** Reads what a log says about the job that it is of: platform, image, services, commands. */
import type { LogText } from './log-text.js';

export type Platform = 'gitlab' | 'github' | 'jenkins';

/** How GitLab Runner ran the job: in containers of docker, in a pod, or without any of its own. */
export type Executor = 'docker' | 'kubernetes' | 'machine';

export interface LogHints {
  readonly platform: Platform | undefined;
  readonly executor: Executor | undefined;
  /** Where the log says it: CI_JOB_NAME, printed by a script or by CI_DEBUG_TRACE. */
  readonly job: string | undefined;
  readonly image: string | undefined;
  /** The images of all services; missing where the log does not tell them, as with Kubernetes. */
  readonly services: readonly string[] | undefined;
  /** First lines of the commands that the log repeats before it runs them, and where they stand in the plain text. */
  readonly commands: readonly { readonly text: string; readonly at: number }[];
}

const MAX_COMMANDS = 2000;

/** Words of GitLab Runner (executors/docker, executors/kubernetes, shells), actions/runner and Jenkins. */
export function readHints({ text }: LogText): LogHints {
  return {
    platform: platformOf(text),
    executor: executorOf(text),
    job: /\bCI_JOB_NAME=["']?([^"'\n]+?)["']?\s*$/m.exec(text)?.[1],
    image: /^Using (?:Docker|Kubernetes) executor with image (\S+)/m.exec(text)?.[1],
    services: /^Using Docker executor with image /m.test(text)
      ? [...text.matchAll(/^Starting service (\S+?)(?: ?\.\.\.)?\s*$/gm)].map(([, name = '']) => name)
      : undefined,
    commands: commandsOf(text),
  };
}

function platformOf(text: string): Platform | undefined {
  if (
    /^Running with gitlab-runner |^Preparing the "[\w+-]+" executor|^Executing "\w+" stage of the job script/m.test(
      text,
    )
  )
    return 'gitlab';
  if (/^##\[(?:group|error|section|command)\]|^Current runner version: /m.test(text)) return 'github';
  return /^\[Pipeline\] /m.test(text) ? 'jenkins' : undefined;
}

/** Source: gitlab-org/gitlab-runner common/build.go, "Preparing the %q executor"; names of executors/. */
function executorOf(text: string): Executor | undefined {
  const [, prepared, used] =
    /^Preparing the "([\w+-]+)" executor|^Using (Docker|Kubernetes) executor with image /m.exec(text) ?? [];
  const name = prepared ?? used?.toLowerCase();
  if (name === undefined) return undefined;
  if (name === 'kubernetes') return 'kubernetes';
  if (/^docker/.test(name)) return 'docker';
  return /^(?:shell|ssh|virtualbox|parallels|instance)$/.test(name) ? 'machine' : undefined;
}

function commandsOf(text: string): LogHints['commands'] {
  const commands: { text: string; at: number }[] = [];
  for (const match of text.matchAll(/^\$ (\S.*)$/gm)) {
    commands.push({ text: firstLine(match[1] ?? ''), at: match.index });
    if (commands.length === MAX_COMMANDS) break;
  }
  return commands;
}

/** A command as the log shows it: its first line, without the note that there is more. */
export function firstLine(command: string): string {
  return (command.trim().split('\n')[0] ?? '').replace(/ # collapsed multi-line command\s*$/, '').trim();
}
