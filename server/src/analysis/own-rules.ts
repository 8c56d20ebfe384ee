/** The rules that look at files as such, not at builds: syntax, `.drydock.yml`, ignores. */
import { DIALECT_IDS } from '../model/build-site.js';
import { prose } from '../model/prose.js';
import type { RuleMeta } from '../rules/define.js';
import { pipelineRules } from './pipeline-rules.js';

const DOCS = 'https://docs.gitlab.com/runner/configuration/advanced-configuration/';
const OURS = 'docs/configuration.md';

export const ownRules: readonly RuleMeta[] = [
  {
    id: 'toml-syntax',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-runner', 'helm-values'],
    ...prose({
      title: 'Line that is not valid TOML',
      why: 'GitLab Runner does not start with a configuration that it cannot parse, and keeps the old one when it changes while running.',
      remedy:
        'Correct the line. Templates (.j2, .tpl, .tftpl, .tmpl, .template) and heredocs of Terraform are not reported.',
      sources: [DOCS, 'https://toml.io/en/v1.0.0'],
    }),
    fixable: false,
  },
  ...pipelineRules,
  {
    id: 'config-invalid',
    severity: 'warning',
    profile: 'default',
    dialects: ['drydock-config'],
    ...prose({
      title: 'Invalid entry in .drydock.yml',
      why: 'A misspelt key or value is left out, so what it was meant to say does not hold.',
      remedy: 'Use the keys and values of the documentation; editors complete them from the schema.',
      sources: [OURS],
    }),
    fixable: false,
  },
  {
    id: 'ignore-without-reason',
    severity: 'warning',
    profile: 'default',
    dialects: DIALECT_IDS,
    ...prose({
      title: 'Ignore without a reason',
      why: 'In half a year nobody will know whether the ignore still holds. Without a reason it does not count.',
      remedy: 'Write the reason behind two dashes: # drydock-ignore: RULE -- reason (// in Groovy).',
      sources: [OURS],
    }),
    fixable: false,
  },
  {
    id: 'ignore-expired',
    severity: 'warning',
    profile: 'default',
    dialects: ['drydock-config'],
    ...prose({
      title: 'Ignore past its date',
      why: 'The day named in `until` has passed, so the findings are shown again.',
      remedy: 'Fix what is ignored, or give a new date.',
      sources: [OURS],
    }),
    fixable: false,
  },
  {
    id: 'ignore-unused',
    severity: 'info',
    profile: 'default',
    dialects: DIALECT_IDS,
    ...prose({
      title: 'Ignore that ignores nothing',
      why: 'The finding is gone; the ignore would only hide the next one.',
      remedy: 'Delete it.',
      sources: [OURS],
    }),
    fixable: false,
  },
];
