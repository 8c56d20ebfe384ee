/** Keys of config.toml that take one of a few words, and what becomes of any other. */
import { closest, sameWord } from '../model/closest.js';
import { EXECUTORS } from './toml-grammar.js';

export interface Choice {
  readonly words: readonly string[];
  /** What follows from another word, where it is not that jobs fail. */
  readonly effect?: string;
  /** Something outside of the file may set it instead. */
  readonly warning?: boolean;
  /** Case counts for nothing. */
  readonly anyCase?: boolean;
}

const PULLS: Choice = { words: ['always', 'if-not-present', 'never'] };

/** By section and key as the table of keys spells them. Source: gitlab-runner common/config.go, log/configuration.go, shells/. */
const CHOICES: Readonly<Record<string, Choice>> = {
  '.log_level': {
    words: ['debug', 'info', 'warning', 'error', 'fatal', 'panic', 'warn', 'trace'],
    effect: 'the runner does not start',
    warning: true,
    anyCase: true,
  },
  '.log_format': { words: ['runner', 'text', 'json'], effect: 'the runner does not start', warning: true },
  'runners[].executor': { words: EXECUTORS, effect: 'the runner takes no jobs' },
  'runners[].shell': { words: ['bash', 'sh', 'pwsh', 'powershell', ''] },
  'runners[].docker.pull_policy': PULLS,
  'runners[].docker.allowed_pull_policies': PULLS,
  'runners[].docker.isolation': { words: ['default', 'process', 'hyperv', ''] },
  'runners[].kubernetes.pull_policy': { words: [...PULLS.words, ''] },
  'runners[].kubernetes.allowed_pull_policies': { words: [...PULLS.words, ''] },
  'runners[].kubernetes.dns_policy': {
    words: ['none', 'default', 'cluster-first', 'cluster-first-with-host-net', ''],
  },
  'runners[].kubernetes.pod_spec[].patch_type': { words: ['strategic', 'merge', 'json', ''] },
};

export interface WrongChoice {
  readonly problem: string;
  readonly effect: string | undefined;
  readonly warning: boolean;
  /** The word that was meant. */
  readonly better: string | undefined;
  /** More than case and dashes differ. */
  readonly guess: boolean;
}

/** What is wrong with a word for a key; `undefined` for a right one, and for a key that takes any. */
export function wrongChoice(name: string, text: string): WrongChoice | undefined {
  const choice = Object.hasOwn(CHOICES, name) ? CHOICES[name] : undefined;
  const word = choice?.anyCase ? text.toLowerCase() : text;
  if (!choice || choice.words.includes(word)) return undefined;
  const { words, effect, warning = false } = choice;
  const shown = words.filter(one => one !== '');
  const same = shown.find(one => sameWord(one, text));
  const near = same ?? closest(text, shown);
  const listed = `it must be ${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`;
  const problem = near === undefined || shown.length < 5 ? listed : `the nearest is "${near}"`;
  return { problem, effect, warning, better: near, guess: same === undefined };
}
