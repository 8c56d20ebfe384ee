/** What actions that build images run in the end: docker's command line, made of their inputs as they make it. */
import type { ScalarNode } from '../../syntax/tree.js';

/** A word of a command; with the input that it comes from, where it comes from one. */
export interface Word {
  readonly text: string;
  readonly input?: Input;
  /** Where in the text of the input `text` begins, for one that is a part of it; missing for a flag. */
  readonly from?: number;
}

export interface Input {
  readonly name: string;
  readonly node: ScalarNode;
  readonly text: string;
}

/** By names in lower case, as the runner has them. */
export type Inputs = ReadonlyMap<string, Input>;

/** How an input becomes flags. `lines` splits at line ends, `list` at commas as well, `joined` puts those into one. */
export type InputKind = 'value' | 'switch' | 'lines' | 'list' | 'joined' | 'words';

export type FlagRow = readonly [input: string, flag: string, kind: InputKind];

interface Action {
  /** Commands without what inputs add; none for an action that has nothing to do with images. */
  readonly command?: readonly string[];
  readonly flags?: readonly FlagRow[];
  /** What stands behind the flags: an input and its default. */
  readonly operand?: readonly [string, string];
  /** It is not run where the input has this value. */
  readonly unless?: readonly [string, string];
}

/** Source: docker/build-push-action v7.3.0 src/context.ts; files for its own use are left out. */
export const BUILD_PUSH: readonly FlagRow[] = [
  ['add-hosts', '--add-host', 'list'],
  ['allow', '--allow', 'list'],
  ['annotations', '--annotation', 'lines'],
  ['build-args', '--build-arg', 'lines'],
  ['build-contexts', '--build-context', 'lines'],
  ['builder', '--builder', 'value'],
  ['cache-from', '--cache-from', 'lines'],
  ['cache-to', '--cache-to', 'lines'],
  ['call', '--call', 'value'],
  ['file', '--file', 'value'],
  ['labels', '--label', 'lines'],
  ['load', '--load', 'switch'],
  ['network', '--network', 'value'],
  ['no-cache', '--no-cache', 'switch'],
  ['outputs', '--output', 'lines'],
  ['platforms', '--platform', 'joined'],
  ['pull', '--pull', 'switch'],
  ['push', '--push', 'switch'],
  ['secrets', '--secret', 'lines'],
  ['shm-size', '--shm-size', 'value'],
  ['ssh', '--ssh', 'list'],
  ['tags', '--tag', 'list'],
  ['target', '--target', 'value'],
];

const BUILDX_CREATE: readonly FlagRow[] = [
  ['name', '--name', 'value'],
  ['driver', '--driver', 'value'],
  ['driver-opts', '--driver-opt', 'lines'],
  ['platforms', '--platform', 'joined'],
  ['use', '--use', 'switch'],
];

const ACTIONS: Readonly<Record<string, Action>> = {
  'docker/build-push-action': {
    command: ['docker', 'buildx', 'build'],
    flags: BUILD_PUSH,
    operand: ['context', '.'],
  },
  'docker/bake-action': {
    command: ['docker', 'buildx', 'bake'],
    flags: [
      ['builder', '--builder', 'value'],
      ['files', '--file', 'list'],
      ['load', '--load', 'switch'],
      ['no-cache', '--no-cache', 'switch'],
      ['pull', '--pull', 'switch'],
      ['push', '--push', 'switch'],
      ['set', '--set', 'lines'],
      ['targets', '', 'list'],
    ],
  },
  'docker/setup-buildx-action': {
    command: ['docker', 'buildx', 'create', '--use'],
    flags: BUILDX_CREATE,
    // It makes a context of its own where the default one holds TLS data. Source: its src/main.ts since v3.6.0.
    operand: ['endpoint', 'default'],
    unless: ['driver', 'docker'],
  },
  'docker/login-action': {
    command: ['docker', 'login', '--password-stdin'],
    flags: [['username', '--username', 'value']],
    operand: ['registry', ''],
  },
  'docker/setup-qemu-action': {
    command: ['docker', 'run', '--rm', '--privileged', 'tonistiigi/binfmt', '--install'],
    operand: ['platforms', 'all'],
  },
  // It installs a daemon of its own and chooses a context that leads there.
  'docker/setup-docker-action': {
    command: ['docker', 'context', 'use'],
    operand: ['context', 'setup-docker-action'],
  },
  'docker/metadata-action': {},
  'redhat-actions/buildah-build': {
    command: ['buildah', 'bud'],
    flags: [
      ['build-args', '--build-arg', 'lines'],
      ['platforms', '--platform', 'joined'],
      ['containerfiles', '--file', 'lines'],
      ['dockerfiles', '--file', 'lines'],
      ['extra-args', '', 'lines'],
    ],
    operand: ['context', '.'],
  },
  'redhat-actions/push-to-registry': { command: ['podman', 'push'] },
  'redhat-actions/podman-login': {
    command: ['podman', 'login', '--password-stdin'],
    flags: [['username', '--username', 'value']],
    operand: ['registry', ''],
  },
};

/** Actions that neither build, nor make builders, nor change docker's variables. */
const HARMLESS =
  /^(?:actions\/[\w.-]+|github\/codeql-action|codecov\/[\w-]+|aquasecurity\/trivy-action|anchore\/(?:scan|sbom)-action|sigstore\/cosign-installer|aws-actions\/(?:configure-aws-credentials|amazon-ecr-login)|google-github-actions\/[\w-]+|azure\/(?:login|docker-login)|dorny\/[\w-]+|softprops\/[\w-]+|peter-evans\/[\w-]+|dtolnay\/rust-toolchain|swatinem\/rust-cache|pnpm\/action-setup|oven-sh\/setup-bun|astral-sh\/setup-uv|step-security\/harden-runner|crazy-max\/ghaction-(?:dump-context|import-gpg|upx)|gradle\/[\w-]+|jlumbroso\/free-disk-space|slackapi\/[\w-]+|ncipollo\/release-action|hadolint\/hadolint-action)(?:\/.*)?$/;

/** The older names of the same actions. */
const ALIASES: Readonly<Record<string, string>> = {
  'crazy-max/ghaction-docker-buildx': 'docker/setup-buildx-action',
  'crazy-max/ghaction-docker-meta': 'docker/metadata-action',
  'crazy-max/ghaction-setup-docker': 'docker/setup-docker-action',
};

/** Whether all that an action does to docker is known. */
export function isUnderstood(action: string): boolean {
  return (ALIASES[action] ?? action) in ACTIONS || HARMLESS.test(action);
}

/** The command that an action runs; `undefined` where it runs none that matters here. */
export function commandOf(name: string, inputs: Inputs): readonly Word[] | undefined {
  const action = ACTIONS[ALIASES[name] ?? name];
  if (!action?.command) return undefined;
  const [input, value] = action.unless ?? [];
  if (input !== undefined && inputs.get(input)?.text === value) return undefined;
  const flags = action.flags ?? [];
  return [
    ...action.command.flatMap(text => (text === '--use' && inputs.has('use') ? [] : [{ text }])),
    ...flags.flatMap(row => flagsOf(row, inputs.get(row[0]))),
    ...operandOf(action.operand, inputs),
  ];
}

function operandOf(operand: Action['operand'], inputs: Inputs): readonly Word[] {
  if (!operand) return [];
  const input = inputs.get(operand[0]);
  const text = input?.text.trim() || operand[1];
  return text === '' ? [] : [input ? { text, input } : { text }];
}

function flagsOf([, flag, kind]: FlagRow, input: Input | undefined): readonly Word[] {
  if (!input || input.text.trim() === '') return [];
  if (kind === 'switch') return switchOf(flag, input);
  const parts = kind === 'value' ? [whole(input)] : partsOf(input, kind !== 'lines');
  if (kind === 'joined')
    return [
      { text: flag, input },
      { text: parts.map(({ text }) => text).join(','), input },
    ];
  return parts.flatMap(part => (flag === '' ? [part] : [{ text: flag, input }, part]));
}

function whole(input: Input): Word {
  return { text: input.text.trim(), input, from: input.text.length - input.text.trimStart().length };
}

/** What an expression makes of it is not known, but that it may be on. */
function switchOf(flag: string, input: Input): readonly Word[] {
  if (/^(?:true|True|TRUE)$/.test(input.text)) return [{ text: flag, input }];
  return [{ text: `${flag}=${/^(?:false|False|FALSE)$/.test(input.text) ? 'false' : input.text}`, input }];
}

/** Source: docker/actions-toolkit src/util.ts, getInputList: commas count unless they stand in quotes. */
function partsOf(input: Input, atCommas: boolean): readonly Word[] {
  const pattern = atCommas ? /(?:\$\{\{.*?\}\}|[^,\n])+/g : /[^\n]+/g;
  return [...input.text.matchAll(pattern)].flatMap(match => {
    const text = match[0].trim();
    if (text === '' || text.startsWith('#')) return [];
    return [{ text, input, from: match.index + match[0].length - match[0].trimStart().length }];
  });
}
