/** The rules about pipelines that GitLab refuses to make, whatever their jobs are. */
import { prose } from '../model/prose.js';
import type { RuleMeta } from '../rules/define.js';

const INCLUDE = 'https://docs.gitlab.com/ci/yaml/#include';
const INPUTS = 'https://docs.gitlab.com/ci/inputs/';
const EXTENDS = 'https://docs.gitlab.com/ci/yaml/#extends';

export const pipelineRules: readonly RuleMeta[] = [
  {
    id: 'include-missing',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci'],
    ...prose({
      title: 'Included file that is not there',
      why: 'GitLab makes no pipeline at all when a local file that it is to include does not exist: "Local file `…` does not exist!".',
      remedy:
        'Correct the path, which counts from the root of the repository whatever file the include stands in, or add the file.',
      sources: ['https://docs.gitlab.com/ci/yaml/#includelocal'],
    }),
    fixable: false,
  },
  {
    id: 'include-cycle',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci'],
    ...prose({
      title: 'Includes that go round in a circle',
      why: 'GitLab follows the circle until it has taken in 150 files, and then gives up: "Maximum of 150 nested includes are allowed!".',
      remedy: 'Take one of the includes out; what both files need belongs in a third.',
      sources: ['https://docs.gitlab.com/ci/yaml/includes/#use-nested-includes'],
    }),
    fixable: false,
  },
  {
    id: 'extends-cycle',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci'],
    ...prose({
      title: 'Jobs that extend each other in a circle',
      why: 'A job that extends itself, by whatever detour, has no end. GitLab makes no pipeline: "circular dependency detected in `extends`".',
      remedy: 'Let one of the jobs extend nothing, and move what they share into a hidden job.',
      sources: [EXTENDS],
    }),
    fixable: false,
  },
  {
    id: 'include-invalid',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci'],
    ...prose({
      title: 'Included file that cannot be part of a pipeline',
      why: 'GitLab takes files in whose name ends in `.yml` or `.yaml` and which hold at least one key; for others it makes no pipeline: "Included file `…` does not have YAML extension!", "Local file `…` is empty!", "Included file `…` does not have valid YAML syntax!".',
      remedy: 'Rename the file, write into it what it is there for, or take the include out.',
      sources: [INCLUDE],
    }),
    fixable: false,
  },
  {
    id: 'input-missing',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci'],
    ...prose({
      title: 'Include without an input that its file demands',
      why: 'An input without a `default:` must be given by each include of the file; without it GitLab makes no pipeline: "`…` input: required value has not been provided".',
      remedy: 'Give the input below `inputs:` of the include, or a default to its declaration.',
      sources: [INPUTS],
    }),
    fixable: false,
  },
  {
    id: 'input-unknown',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci'],
    ...prose({
      title: 'Input that the included file does not declare',
      why: 'GitLab makes no pipeline when an include gives an input that the `spec:` of its file does not declare: "unknown input arguments", or "Given inputs not defined in the `spec` section of the included configuration file" where it has no `spec:` at all.',
      remedy: 'Correct the name, or declare the input in the `spec: inputs:` of the file.',
      sources: [INPUTS],
    }),
    fixable: true,
  },
  {
    id: 'input-invalid',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci'],
    ...prose({
      title: 'Input with a value that its declaration does not allow',
      why: 'GitLab holds each input against the `type`, `options` and `regex` of its declaration, and makes no pipeline when one does not fit.',
      remedy:
        'Give a value that the declaration allows. A text takes numbers and truth values too; patterns that RE2 and JavaScript may read differently are not judged.',
      sources: [INPUTS],
    }),
    fixable: true,
  },
  {
    id: 'extends-unknown',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci'],
    ...prose({
      title: 'Job that extends one that is nowhere',
      why: 'GitLab makes no pipeline when a job extends a name that no file of the pipeline has: "unknown keys in `extends`". This is said of `.gitlab-ci.yml` only, and only where all that it includes is in view; a file for others to include may well extend what they have.',
      remedy: 'Correct the name, or include the file that has the job.',
      sources: [EXTENDS],
    }),
    fixable: true,
  },
  {
    id: 'reference-unknown',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci'],
    ...prose({
      title: '!reference to something that is not there',
      why: 'GitLab makes no pipeline when a `!reference` leads nowhere: "`!reference […]` could not be found". Keys that a job only has through `default:` do not count. This is said of `.gitlab-ci.yml` only, and only where all that it includes is in view.',
      remedy: 'Correct the names, or write the key into the job that is referred to.',
      sources: ['https://docs.gitlab.com/ci/yaml/yaml_optimization/#reference-tags'],
    }),
    fixable: false,
  },
  {
    id: 'default-twice',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci'],
    ...prose({
      title: 'Key both in default: and at the top',
      why: '`image`, `services`, `before_script`, `after_script` and `cache` at the top are the old form of `default:`. Where both forms set the same key, also in different files, GitLab makes no pipeline: "image is defined in top-level and `default:` entry".',
      remedy: 'Keep the one in `default:`.',
      sources: [
        'https://docs.gitlab.com/ci/yaml/#globally-defined-image-services-cache-before_script-after_script',
      ],
    }),
    fixable: true,
  },
  {
    id: 'services-nested',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci'],
    ...prose({
      title: 'List within the services of a job',
      why: 'GitLab makes lists within lists flat for scripts and rules, not for `services:`. A `!reference` to the services of another job as one item of the list brings a list, and GitLab makes no pipeline: "service config should be a hash or a string".',
      remedy:
        'Make the reference the value of `services:` itself, or write the services out; an anchor on each single service can be taken in by an alias.',
      sources: ['https://docs.gitlab.com/ci/yaml/yaml_optimization/#reference-tags'],
    }),
    fixable: false,
  },
  {
    id: 'words-not-list',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci'],
    ...prose({
      title: 'Command or entrypoint that is no list of texts',
      why: 'GitLab takes `command` and `entrypoint` of images and services only as a list of texts. For one text, for a number or a truth value without quotes in the list, and for a list in the list, which a `!reference` as one of the items brings, it makes no pipeline: "service command should be an array of strings".',
      remedy:
        'Write a list with one item for each word, `[""]` for an empty entrypoint, and numbers in quotes. A `!reference` can be the whole value only.',
      sources: [
        'https://docs.gitlab.com/ci/services/#available-settings-for-services',
        'https://gitlab.com/gitlab-org/gitlab/-/issues/517479',
      ],
    }),
    fixable: true,
  },
  {
    id: 'script-not-text',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci'],
    ...prose({
      title: 'Line of a script that YAML does not take for text',
      why: 'A colon with a space or the end of the line behind it makes a map of a line without quotes, whatever quotes stand within the line: `- echo "built: $IMAGE"`. Numbers, `true` and empty items are no texts either. GitLab takes texts only, and makes no pipeline: "script config should be a string or a nested array of strings up to 10 levels deep".',
      remedy:
        'Put the whole line in single quotes, or write it as a block: `- |` and the line below, indented. What was meant to be a variable belongs in `variables:`.',
      sources: [
        'https://docs.gitlab.com/ci/yaml/script/',
        'https://gitlab.com/gitlab-org/gitlab/-/issues/420897',
      ],
    }),
    fixable: true,
  },
  {
    id: 'script-missing',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci'],
    ...prose({
      title: 'Job without a script',
      why: 'A key at the top that is no keyword is a job, unless it begins with a dot, and a job needs a `script:`, or a `trigger:`, that is not empty. GitLab makes no pipeline otherwise: "config should implement the script:, run:, or trigger: keyword", "script can\'t be blank". This is said of `.gitlab-ci.yml` only, and only where all that it includes is in view.',
      remedy:
        'Give the job a script, put a dot before the name of a template or an anchor, or correct the keyword.',
      sources: ['https://docs.gitlab.com/ci/yaml/#script', 'https://docs.gitlab.com/ci/jobs/#hide-a-job'],
    }),
    fixable: false,
  },
  {
    id: 'services-not-list',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci'],
    ...prose({
      title: 'Services that are no list',
      why: 'GitLab takes `services:` as a list only, also where there is one. For one text, or for a map, it makes no pipeline: "services config should be a array".',
      remedy: 'Write a list: `services: [docker:dind]`, or a dash before the service.',
      sources: [
        'https://docs.gitlab.com/ci/yaml/#services',
        'https://gitlab.com/gitlab-org/gitlab/-/blob/master/lib/gitlab/ci/config/entry/services.rb',
      ],
    }),
    fixable: true,
  },
  {
    id: 'tags-not-list',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci'],
    ...prose({
      title: 'Tags that are no list of texts',
      why: 'GitLab takes `tags:` as a list of texts only. For one text, also for a variable, and for numbers without quotes in the list, it makes no pipeline: "tags config should be an array of strings".',
      remedy: 'Write a list, `tags: [docker]`, and numbers in quotes.',
      sources: [
        'https://docs.gitlab.com/ci/yaml/#tags',
        'https://gitlab.com/gitlab-org/gitlab/-/blob/master/lib/gitlab/ci/config/entry/tags.rb',
      ],
    }),
    fixable: true,
  },
  {
    id: 'image-invalid',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci'],
    ...prose({
      title: 'Image or service that GitLab cannot read',
      why: 'An image or a service is a text, or a map with a `name:` and no keys but those that GitLab knows: `entrypoint`, `pull_policy`, `docker`, `kubernetes`, and for services `command`, `alias` and `variables`. For other keys, for a number such as `3.20`, and where the name is missing, GitLab makes no pipeline: "image config contains unknown keys", "service name can\'t be blank", "image config should be a hash or a string".',
      remedy:
        'Name the image under `name:`, put numbers in quotes, and take other keys out. Volumes and privilege are set at the runner.',
      sources: [
        'https://docs.gitlab.com/ci/yaml/#image',
        'https://docs.gitlab.com/ci/services/#available-settings-for-services',
        'https://gitlab.com/gitlab-org/gitlab/-/blob/master/lib/gitlab/ci/config/entry/imageable.rb',
      ],
    }),
    fixable: true,
  },
  {
    id: 'variables-invalid',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci'],
    ...prose({
      title: 'Variables that are no map of texts',
      why: 'GitLab takes `variables:` as a map of names and values. For a list, for a list as a value, and for a map as a value with other keys than `value` and `expand` (at the top also `description` and `options`), it makes no pipeline: "variables config should be a hash", "variable definition must be either a string or a hash", "uses invalid data keys".',
      remedy:
        'Write `NAME: value` without dashes, a list as one text, and descriptions at the top of the file only.',
      sources: [
        'https://docs.gitlab.com/ci/yaml/#variables',
        'https://gitlab.com/gitlab-org/gitlab/-/blob/master/lib/gitlab/ci/config/entry/variable.rb',
      ],
    }),
    fixable: false,
  },
  {
    id: 'date-unquoted',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci'],
    ...prose({
      title: 'Date without quotes',
      why: 'YAML takes a plain `2024-01-31` for a date. GitLab lets YAML bring texts, numbers and truth values only, and makes no pipeline: "Tried to load unspecified class: Date".',
      remedy: 'Put the value in quotes.',
      sources: ['https://gitlab.com/gitlab-org/gitlab/-/blob/master/lib/gitlab/config/loader/yaml.rb'],
    }),
    fixable: true,
  },
];
