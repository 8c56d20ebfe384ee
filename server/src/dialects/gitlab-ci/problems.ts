/** All for which GitLab makes no pipeline of files that are there and can be read. Loaded where something looks odd. */
import type { Problem } from '../dialect.js';
import type { GitlabConfig } from './config.js';
import { defaultTwice, nestedServices, plainDates } from './refused.js';
import { missingScripts } from './script-missing.js';
import { scriptsNotText } from './script-text.js';
import { shapeProblems } from './shapes.js';
import { unknownNames } from './unknown-names.js';
import { wordsNotLists } from './words.js';

export function pipelineProblems(config: GitlabConfig): readonly Problem[] {
  return [
    ...unknownNames(config),
    ...defaultTwice(config),
    ...nestedServices(config),
    ...wordsNotLists(config),
    ...scriptsNotText(config),
    ...missingScripts(config),
    ...shapeProblems(config),
    ...plainDates(config),
  ];
}
