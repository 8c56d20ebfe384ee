/** What rules there are, for help, docs and settings. */
import type { RuleMeta, RuleProse } from '../rules/define.js';
import { allRules } from '../rules/index.js';
import type { RuleInfo } from './api.js';
import { ownRules } from './own-rules.js';

/** The long texts by the id of their rule: `dist/data/rule-texts.json`. */
export type RuleTexts = Readonly<Record<string, RuleProse>>;

let made: { readonly all: readonly RuleMeta[]; readonly ids: ReadonlySet<string> } | undefined;

/** Put together when first asked for: it loads the rules about runners, which most projects do without. */
function everything(): NonNullable<typeof made> {
  if (made) return made;
  const all = [...allRules(), ...ownRules].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  made = { all, ids: new Set(all.map(({ id }) => id)) };
  return made;
}

const NO_TEXT: RuleProse = { title: '', why: '', remedy: '', sources: [] };

/** Every rule, sorted by id. `texts` are needed in the bundles, which do not hold them. */
export function ruleInfos(texts?: RuleTexts): readonly RuleInfo[] {
  return everything().all.map(({ id, severity, profile, dialects, fixable, ...rest }) => {
    const { title, why, remedy, sources } =
      'why' in rest ? { ...NO_TEXT, ...rest } : (texts?.[id] ?? NO_TEXT);
    return { id, severity, profile, dialects, title, why, remedy, sources, fixable };
  });
}

/** The ids of all rules. */
export function ruleIds(): ReadonlySet<string> {
  return everything().ids;
}
