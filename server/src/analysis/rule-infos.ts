/** What rules there are, for help, docs and settings. */
import type { RuleMeta } from '../rules/define.js';
import { rules } from '../rules/index.js';
import type { RuleInfo } from './api.js';
import { ownRules } from './own-rules.js';

const all: readonly RuleInfo[] = [...rules, ...ownRules]
  .map(({ id, severity, profile, dialects, title, why, remedy, sources, fixable }: RuleMeta) => ({
    id,
    severity,
    profile,
    dialects,
    title,
    why,
    remedy,
    sources,
    fixable,
  }))
  .sort((a, b) => (a.id < b.id ? -1 : 1));

/** Every rule, sorted by id. */
export function ruleInfos(): readonly RuleInfo[] {
  return all;
}
