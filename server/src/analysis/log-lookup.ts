/** The door to the log lookup, which is loaded when it is first called. */
import type { LogTable } from '../catalog/log-signatures.js';
import type { LogReport, Project, ProjectOptions } from './api.js';
import { explain } from './log.js';
import { type RuleTexts, ruleInfos } from './rule-infos.js';

/**
 * What the known error texts of a job log come from, in the order of the log. Reads no file: `projects` are those that
 * the log may be of. Takes any text; secrets are masked in what it gives back.
 * @throws Error when the table of error texts cannot be had
 */
export function explainLog(
  log: string,
  data: NonNullable<ProjectOptions['data']>,
  projects: readonly Project[],
): LogReport {
  const table = data('log-signatures') as LogTable | undefined;
  if (!table) throw new Error('the table of error texts cannot be read');
  const rules = ruleInfos(data('rule-texts') as RuleTexts | undefined);
  return explain(
    log,
    table,
    rules,
    projects.map(project => project.logEvidence()),
  );
}
