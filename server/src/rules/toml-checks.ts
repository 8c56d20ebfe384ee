/** Checks single values of config.toml by their grammar. */
import { keyIn, sectionAt } from '../catalog/runner-sections.js';
import type { RunnerKeyTable } from '../catalog/variables.js';
import type { RunnerFile, Setting, SettingItem } from '../model/build-site.js';
import { wrongChoice } from './toml-choices.js';
import {
  imageProblem,
  isBareHost,
  isDuration,
  LINUX_DOCKER,
  volumeProblem,
  volumeTarget,
} from './toml-grammar.js';
import { executorOf } from './toml-places.js';

/** A value that cannot be used. */
export interface Found {
  readonly item: SettingItem;
  readonly problem: string;
  /** What becomes of it, where it is not that jobs fail. */
  readonly effect?: string | undefined;
  readonly better?: string | undefined;
  /** `better` may not be what was meant. */
  readonly guess?: boolean;
  readonly warning?: boolean;
  /** It may hold what is not to be shown. */
  readonly hidden?: boolean;
}

/** What is wrong with the values of a key that have its type. */
export function problemsOf(keys: RunnerKeyTable, file: RunnerFile, setting: Setting): readonly Found[] {
  const section = sectionAt(keys, setting.section);
  const known = section?.kind === 'section' ? keyIn(keys, section.path, setting.key) : undefined;
  if (!known || section?.kind !== 'section') return [];
  const { value } = setting;
  const items = (value.kind === 'array' ? value.items : [setting]).filter(isText);
  if (known.doc.type.startsWith('duration')) return items.flatMap(durations);
  const name = `${section.path}.${known.name}`;
  // The chart sets these two itself.
  if (file.host === 'helm-values' && /^runners\[\]\.(?:executor|url)$/.test(name)) return [];
  if (name === 'runners[].docker.volumes') return volumes(file, setting, items);
  return items.flatMap(item => single(name, item));
}

/** A text that is all there: variables and templates are put in later. */
function isText({ value }: SettingItem): boolean {
  return value.kind === 'string' && !value.templated && !value.text.includes('$');
}

export function textOf({ value }: SettingItem): string {
  return 'text' in value ? value.text : '';
}

function durations(item: SettingItem): readonly Found[] {
  if (isDuration(textOf(item))) return [];
  const effect = 'GitLab Runner refuses the whole file';
  return [{ item, problem: 'a duration is written as in "1h30m"', effect }];
}

function volumes(file: RunnerFile, { runner }: Setting, items: readonly SettingItem[]): readonly Found[] {
  if (!LINUX_DOCKER.includes(executorOf(file, runner) ?? '')) return [];
  const seen = new Set<string>();
  return items.flatMap(item => {
    const text = textOf(item);
    if (/\\|^[A-Za-z]:/.test(text)) return [];
    const target = volumeTarget(text);
    const twice = target !== undefined && seen.has(target);
    if (target !== undefined) seen.add(target);
    const problem = volumeProblem(text) ?? (twice ? `"${target}" is mounted already` : undefined);
    return problem === undefined ? [] : [{ item, problem }];
  });
}

const IMAGE = /^runners\[\]\.(?:docker|kubernetes)\.(?:image|helper_image|services\[\]\.name)$/;

function single(name: string, item: SettingItem): readonly Found[] {
  const text = textOf(item);
  if (IMAGE.test(name)) {
    const problem = imageProblem(text);
    return problem === undefined ? [] : [{ item, problem, effect: 'jobs that use it fail' }];
  }
  if (name === 'runners[].url' && isBareHost(text))
    return [
      {
        item,
        problem: 'it must begin with https:// or http://',
        effect: 'the runner gets no jobs',
        better: `https://${text}`,
        guess: true,
      },
    ];
  if (/\.environment$/.test(name) && text !== '' && !text.includes('='))
    return [
      {
        item,
        hidden: true,
        warning: true,
        problem: 'a variable is written as "NAME=value"',
        effect: 'this one is dropped',
      },
    ];
  const wrong = wrongChoice(name, text);
  return wrong ? [{ item, ...wrong }] : [];
}
