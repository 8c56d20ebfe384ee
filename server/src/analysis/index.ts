/** The door to the core: all that the language server and the command line use of it. */

export type { DialectId } from '../model/build-site.js';
export type { Confidence, Profile, Safety, Severity } from '../model/finding.js';
export type { FileEdit } from '../model/intent.js';
export { applyEdits, type TextEdit } from '../syntax/patch.js';
export type * from './api.js';
export { candidatePath, MAX_LENGTH, searchedPath, unreadable } from './candidates.js';
export { conversionTargets } from './convert/ways.js';
export { dataDates } from './data-dates.js';
export type { Answers, Choice } from './decide.js';
export { includeMatcher, isPattern } from './follow.js';
export { jobComment, jobLines } from './job-yaml.js';
export { explainLog } from './log-lookup.js';
export { logMarkdown } from './log-markdown.js';
export { choose, needWords, planFiles, platforms, readNeeds } from './plan.js';
export type * from './plan-api.js';
export { answerPlan, plannedPaths } from './planning.js';
export { createProject } from './project.js';
export { type RuleTexts, ruleInfos } from './rule-infos.js';
export { platformsOf, type StrategyInfo, strategyInfos } from './strategy-infos.js';
