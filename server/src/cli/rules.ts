/** `drydock rules` and `drydock explain`: which rules there are, and what one of them means. */
import { type RuleInfo, type RuleTexts, ruleInfos } from '../analysis/index.js';
import type { ExplainOptions, RulesOptions } from './arguments.js';
import { counted } from './check-text.js';
import { suggestion } from './closest.js';
import { type CliIo, exitCode, UsageError } from './io.js';
import { toJson } from './json.js';
import { createPaint, type Paint } from './paint.js';

const MAX_WIDTH = 100;
const NARROWEST = 40;

/** Returns the exit code. */
export function listRules({ format }: RulesOptions, io: CliIo): number {
  const infos = ruleInfos(io.data('rule-texts') as RuleTexts | undefined);
  io.stdout.write(
    format === 'json' ? toJson({ version: 1, rules: infos.map(listed) }) : table(infos, createPaint(io)),
  );
  return exitCode.clean;
}

/**
 * Returns the exit code.
 * @throws UsageError for an id that no rule has.
 */
export function explainRule({ format, rule }: ExplainOptions, io: CliIo): number {
  const infos = ruleInfos(io.data('rule-texts') as RuleTexts | undefined);
  const info = infos.find(({ id }) => id === rule);
  if (info === undefined) {
    const ids = infos.map(({ id }) => id);
    throw new UsageError(`unknown rule "${rule}"${suggestion(rule, ids)}`);
  }
  const width = Math.max(NARROWEST, Math.min(io.columns ?? MAX_WIDTH, MAX_WIDTH));
  io.stdout.write(
    format === 'json' ? toJson({ version: 1, rule: explained(info) }) : page(info, width, createPaint(io)),
  );
  return exitCode.clean;
}

function listed({ id, severity, profile, dialects, title, fixable }: RuleInfo) {
  return { id, severity, profile, dialects, fixable, title };
}

function explained(info: RuleInfo) {
  const { why, remedy, sources } = info;
  return { ...listed(info), why, remedy, sources };
}

function table(infos: readonly RuleInfo[], paint: Paint): string {
  const widest = Math.max(4, ...infos.map(({ id }) => id.length));
  const severities = Math.max(8, ...infos.map(info => severityText(info).length));
  const head = paint('bold', `${'rule'.padEnd(widest)}  ${'severity'.padEnd(severities)}  fix  title`);
  const rows = infos.map(info => {
    const severity = paint(info.severity, severityText(info).padEnd(severities));
    return `${info.id.padEnd(widest)}  ${severity}  ${info.fixable ? 'yes' : '-  '}  ${info.title}`;
  });
  return `${[head, ...rows].join('\n')}\n\n${counted(infos.length, 'rule')}. More on one: drydock explain RULE\n`;
}

/** With the profile that it takes, unless every profile has the rule. */
function severityText({ severity, profile }: RuleInfo): string {
  return profile === 'default' ? severity : `${severity} (${profile})`;
}

function page(info: RuleInfo, width: number, paint: Paint): string {
  const parts = [
    `${paint('bold', info.id)}: ${info.title}`,
    facts(info, width, paint),
    `${paint('bold', 'Why')}\n${wrap(info.why, width)}`,
    `${paint('bold', 'What to do')}\n${wrap(info.remedy, width)}`,
    ...(info.sources.length === 0
      ? []
      : [`${paint('bold', 'Sources')}\n${info.sources.map(source => `  ${source}`).join('\n')}`]),
    `${paint('bold', 'Examples')}\n  docs/rules/${info.id}.md`,
  ];
  return `${parts.join('\n\n')}\n`;
}

function facts(info: RuleInfo, width: number, paint: Paint): string {
  const severity = severityText(info);
  const text = `${severity}, in ${info.dialects.join(', ')}${info.fixable ? ', with a fix' : ''}`;
  return wrapLine(text, width).join('\n').replace(severity, paint(info.severity, severity));
}

/** Indented by two; lines of the text stay lines. */
function wrap(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap(line => wrapLine(line, width - 2))
    .map(line => `  ${line}`.trimEnd())
    .join('\n');
}

function wrapLine(line: string, width: number): readonly string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    if (current !== '' && current.length + 1 + word.length > width) {
      lines.push(current);
      current = word;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  return [...lines, current];
}
