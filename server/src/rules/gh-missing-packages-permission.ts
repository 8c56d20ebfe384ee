/** Flags pushes to ghcr.io with a token that may not push. */
import type { BuildSite } from '../model/build-site.js';
import type { FixPlan } from '../model/finding.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { show } from '../model/text.js';
import type { Permissions } from '../model/workflow.js';
import { defineRule } from './define.js';
import { settledText } from './docker-commands.js';
import { onlyFix } from './images.js';
import { severityOf } from './surety.js';
import { type Push, pushesOf, stepsOf } from './workflow-steps.js';

const TOKEN = /\b(?:secrets\.GITHUB_TOKEN|github\.token)\b/;

export default defineRule({
  id: 'gh-missing-packages-permission',
  severity: 'error',
  profile: 'default',
  dialects: ['github-actions'],
  ...prose({
    title: 'Push to ghcr.io without the permission for it',
    why: 'A workflow that says permissions gives its token what stands there and nothing else. Without packages: write ghcr.io refuses the push: "denied: permission_denied: write_package", or "denied: installation not allowed to Create organization package".',
    remedy: 'Add packages: write to the permissions of the job.',
    sources: [
      'https://docs.github.com/en/packages/managing-github-packages-using-github-actions-workflows/publishing-and-installing-a-package-with-github-actions',
      'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions',
    ],
  }),
  fixable: true,
  *site(context) {
    const { site, tools } = context;
    const given = site.workflow?.permissions;
    if (given?.state !== 'known' || mayWrite(given.value) || !logsInWithToken(site)) return;
    const push = pushesOf(site, tools).find(one => goesToGhcr(site, one));
    const severity = push && severityOf(push.command);
    if (!push || !severity) return;
    yield {
      at: push.command.script.place(push.value.start, push.value.end),
      message: `${titleOf(site)} pushes to ghcr.io with a token that may not write packages.`,
      severity: push.always ? severity : 'warning',
      related: [
        { place: given.origin.place, message: 'These are its permissions; packages: write is missing.' },
      ],
      fixes: () => allow(given.value),
    };
  },
});

function mayWrite({ all, scopes }: Permissions): boolean {
  return all === 'write' || scopes.get('packages')?.level === 'write';
}

function allow({ map, scopes }: Permissions): readonly FixPlan[] {
  if (!map || scopes.size === 0) return [];
  return onlyFix('Add packages: write to the permissions', 'safe', [
    { kind: 'set-key', at: map, key: 'packages', value: 'write' },
  ]);
}

/** Every login to ghcr.io uses the token of the job, and there is one. */
function logsInWithToken(site: BuildSite): boolean {
  const byAction = stepsOf(site).flatMap(({ uses, inputs }) =>
    /^(?:docker\/login-action|redhat-actions\/podman-login)$/.test(uses?.action ?? '') &&
    /ghcr\.io/.test(
      settledText(site, inputs.get('registry')?.text ?? '') ?? inputs.get('registry')?.text ?? '',
    )
      ? [inputs.get('password')?.text ?? '']
      : [],
  );
  const written = stepsOf(site).flatMap(({ uses, script }) => (uses || !script ? [] : [script]));
  const byCommand = written.flatMap(({ text, env }) => {
    if (!/\blogin\b[^\n]*\bghcr\.io\b/.test(text)) return [];
    const values = (env?.names() ?? []).map(name => {
      const value = env?.get(name);
      return value?.state === 'known' ? show(value.value) : '';
    });
    return [`${text} ${values.join(' ')}`];
  });
  const logins = [...byAction, ...byCommand];
  return logins.length > 0 && logins.every(text => TOKEN.test(text));
}

/** The image as written, with the images of a docker/metadata-action in the place of its output. */
function goesToGhcr(site: BuildSite, { value }: Push): boolean {
  const own = settledText(site, value.text.replace(/[:@].*$/s, ''));
  if (own !== undefined || /^ghcr\.io\//.test(value.text)) return /^ghcr\.io\//.test(own ?? value.text);
  const id = /^\$\{\{\s*steps\.([\w-]+)\.outputs\.tags\s*\}\}$/.exec(value.text)?.[1];
  const meta = stepsOf(site).find(step => step.id === id && step.uses?.action === 'docker/metadata-action');
  const images = (meta?.inputs.get('images')?.text ?? '').split(/[\n,]/).map(line => line.trim());
  const named = images.filter(line => line !== '');
  return named.length > 0 && named.every(line => /^(?:name=)?ghcr\.io\//.test(settledHead(site, line)));
}

/** The registry in front of an image, with variables put in. */
function settledHead(site: BuildSite, line: string): string {
  const [, head = '', rest = ''] = /^((?:name=)?\$\{\{.*?\}\}|[^/]*)(.*)$/s.exec(line) ?? [];
  return (settledText(site, head) ?? head) + rest;
}
