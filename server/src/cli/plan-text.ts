/** The text reports of `plan`: the ranking of strategies, and the files of one. */
import type { Answers, Choice } from '../analysis/index.js';
import type { Paint } from './paint.js';

/** What was asked for, every strategy with a sentence for and one against it, and what holds for all of them there. */
export function rankingText(
  answers: Answers,
  ranking: readonly Choice[],
  caution: string | undefined,
  paint: Paint,
): string {
  const fit = ranking.filter(({ excluded }) => excluded === undefined);
  const rest = ranking.filter(({ excluded }) => excluded !== undefined);
  const lines = [
    `For ${asked(answers)}:`,
    '',
    ...fit.flatMap(({ id, title, pro, con }, i) => [
      `${i + 1}. ${paint('bold', id)}: ${title}`,
      `   ${paint('good', '+')} ${pro}`,
      `   ${paint('warning', '-')} ${con}`,
    ]),
    ...(caution === undefined ? [] : ['', caution]),
    ...(rest.length === 0 ? [] : ['', 'Not here:', ...rest.map(one => `  ${one.id}: ${one.excluded}`)]),
    '',
    '',
  ];
  return lines.join('\n');
}

function asked({ platform, privileged, exposure, run, multiArch }: Answers): string {
  const jobs = [
    run ? 'run containers' : 'build and push',
    ...(multiArch ? ['serve several architectures'] : []),
  ];
  const allowed = privileged ? 'may be privileged' : 'may not be privileged';
  return `jobs that ${jobs.join(' and ')} on ${platform}, on a runner that ${allowed} and is ${exposure}`;
}

/** The files one after the other, each below its path. */
export function planText(
  files: readonly { readonly path: string; readonly text: string }[],
  paint: Paint,
): string {
  return files.map(({ path, text }) => `${paint('bold', `==> ${path} <==`)}\n${text}`).join('\n');
}
