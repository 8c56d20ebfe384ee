/** Answers what a job log says, with places in the files of the workspace. */
import type { explainLog, LogCause, logMarkdown, ProjectOptions } from '../analysis/index.js';
import { linkTo } from './hover.js';
import {
  type ExplainLogParams,
  type ExplainLogResult,
  type LikelyCause,
  RULE_PAGE_BASE,
} from './messages.js';
import type { Root } from './root.js';
import { toRange } from './to-lsp.js';

/** What it needs of the core. */
export interface LogCore {
  explainLog: typeof explainLog;
  logMarkdown: typeof logMarkdown;
  /** Data for hovers and logs, read on first use. */
  readonly data?: NonNullable<ProjectOptions['data']>;
}

/**
 * @param roots the projects that the log may be of
 * @throws Error when the table of error texts cannot be had
 */
export function answerLog(
  { text, line = 0, source }: ExplainLogParams,
  { explainLog, logMarkdown, data = () => undefined }: LogCore,
  roots: readonly Root[],
): ExplainLogResult {
  const enabled = roots.filter(root => root.enabled);
  const projects = enabled.map(root => root.current());
  const report = explainLog(text, data, projects);
  const matches = report.matches.map(match => ({ ...match, line: match.line + line }));
  const links = {
    line: (number: number) => (source === undefined ? undefined : `${source}#L${number + 1}`),
    cause: ({ project = -1, range }: LogCause) => {
      const root = enabled[project];
      return root && range && linkTo(range, root, undefined, true);
    },
    rule: (id: string) => `${enabled[0]?.client.rulePageBase ?? RULE_PAGE_BASE}${id}`,
  };
  return {
    matches: matches.map(match => ({
      line: match.line,
      text: match.text,
      causes: match.causes.map(cause => likelyCause(cause, enabled)),
    })),
    markdown: logMarkdown({ ...report, matches }, links),
  };
}

function likelyCause(cause: LogCause, roots: readonly Root[]): LikelyCause {
  const { failure, title, confidence, site, project = -1, range, fix } = cause;
  const root = roots[project];
  const location = root && range ? { uri: root.uriOf(range.path), range: toRange(range, root) } : undefined;
  return {
    failure,
    title,
    confidence,
    ...(site === undefined ? {} : { site }),
    ...(location ? { location } : {}),
    fix,
  };
}
