/** The report of `check` for people. */
import { type RuleTexts, ruleInfos } from '../analysis/index.js';
import { printable } from './cells.js';
import { findingText, type TextStyle } from './finding-text.js';
import { chosenFix, type FileReport, type Summary } from './findings.js';

export function checkText(
  files: readonly FileReport[],
  summary: Summary,
  style: TextStyle,
  texts: RuleTexts | undefined,
): string {
  const why = whyOnce(texts);
  const parts = files.flatMap(file => [
    ...(file.skipped === undefined
      ? []
      : [`${style.paint('dim', `${printable(file.path)}: skipped: ${file.skipped}`)}\n\n`]),
    ...file.findings.map(finding => findingText(finding, why(finding.rule), file, style)),
  ]);
  return `${parts.join('')}${summaryLine(files, summary)}\n`;
}

/** `3 files`, `1 file`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** The reason of a rule, the first time that it is asked for. */
function whyOnce(texts: RuleTexts | undefined): (rule: string) => string | undefined {
  const reasons = new Map(ruleInfos(texts).map(({ id, why }) => [id, why]));
  return rule => {
    const why = reasons.get(rule);
    reasons.delete(rule);
    return why;
  };
}

function summaryLine(files: readonly FileReport[], { error, warning, info, ...summary }: Summary): string {
  const where = `in ${counted(summary.files, 'file')}`;
  const found = [
    ...(error > 0 ? [counted(error, 'error')] : []),
    ...(warning > 0 ? [counted(warning, 'warning')] : []),
    ...(info > 0 ? [counted(info, 'info', 'infos')] : []),
  ];
  if (found.length === 0) return `No findings ${where}.`;
  return `Found ${found.join(', ')} ${where}${fixable(files)}.`;
}

function fixable(files: readonly FileReport[]): string {
  let safe = 0;
  let unsafe = 0;
  for (const { findings, covers } of files) {
    for (const finding of findings) {
      if (chosenFix(finding, 'safe', covers)) safe++;
      else if (chosenFix(finding, 'unsafe', covers)) unsafe++;
    }
  }
  const parts = [
    ...(safe > 0 ? [`${safe} fixable with --fix`] : []),
    ...(unsafe > 0 ? [`${unsafe}${safe > 0 ? ' more' : ' fixable'} with --fix=all`] : []),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
