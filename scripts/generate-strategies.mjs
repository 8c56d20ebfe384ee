/** Makes the page of every strategy and the one that compares them, and the snippets, all from the strategies themselves. */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

/** What the compiled core (`tsc -b server`) knows. */
function core() {
  const require = createRequire(resolve('package.json'));
  const load = name => require(resolve('out/server/src', `${name}.js`));
  return {
    ...load('analysis/strategy-infos'),
    ...load('analysis/plan'),
    ...load('strategies/files'),
    ...load('strategies/recipe'),
  };
}

/** Path and text of every page. */
export function strategyPages() {
  const { strategyInfos, platforms, planFiles, platformsOf, choose, readNeeds } = core();
  const infos = strategyInfos();
  const all = { infos, platforms: platforms(), planFiles, platformsOf, choose, readNeeds };
  return new Map([
    ['docs/strategies/README.md', overview(all)],
    ...infos.map(info => [`docs/strategies/${info.id}.md`, page(info, all)]),
  ]);
}

function overview(all) {
  return parts([
    '# Build strategies',
    'This page and those it links are made from the strategies, whose recipes are held against the rules by tests. `drydock strategies` lists them, `drydock plan` prints or writes the files of one.',
    '## What they are',
    table(
      ['strategy', 'state', 'what it is'],
      all.infos.map(info => [link(info), info.state, info.what]),
    ),
    '## Which one',
    'What `drydock plan --need` takes first; it shows the whole ranking, with a sentence for and one against each, and says why the others do not fit.',
    decisions(all),
    '## Security',
    security(all.infos),
    '## What they give',
    table(
      ['strategy', 'containers of jobs', 'cache', 'speed', 'several architectures'],
      all.infos.map(info => [
        link(info),
        info.traits.runs,
        info.traits.cache,
        info.traits.speed,
        info.traits.platforms,
      ]),
    ),
    '## Where there are recipes',
    table(
      ['strategy', ...all.platforms.map(({ title }) => title)],
      all.infos.map(info => [
        link(info),
        ...all.platforms.map(({ id }) => {
          const cell = info.cells[id];
          return typeof cell === 'string' ? cell : `[yes](${info.id}.md#${id})`;
        }),
      ]),
    ),
  ]);
}

const SITUATIONS = [
  ['build and push', 'build'],
  ['build for several architectures', 'multi-arch'],
  ['run containers: `docker run`, Compose, Testcontainers', 'run'],
];

const RUNNERS = [
  ['no privilege, anyone may run jobs', 'unprivileged,shared'],
  ['no privilege, one trusted team', 'unprivileged,single-tenant'],
  ['privilege, anyone may run jobs', 'privileged,shared'],
  ['privilege, one trusted team', 'privileged,single-tenant'],
  ['privilege, one job per machine', 'privileged,ephemeral'],
];

function decisions({ infos, platforms, choose, readNeeds }) {
  const best = (platform, words) => choose(readNeeds(platform, words.split(',')), infos)[0].id;
  const rows = RUNNERS.map(([runner, words]) => [
    runner,
    ...SITUATIONS.map(([, need]) => {
      const ids = [...new Set(platforms.map(({ id }) => best(id, `${words},${need}`)))];
      return ids.map(id => `[${id}](${id}.md)`).join(' or ');
    }),
  ]);
  return table(['the runner allows', ...SITUATIONS.map(([title]) => `jobs ${title}`)], rows);
}

function page(info, all) {
  const { id, title, state, what, when, whenNot, needs, accepts, facts, topology } = info;
  return parts([
    `# ${title}`,
    `\`${id}\` · ${state} · recipes for: ${all.platformsOf(info).join(', ') || 'none'} · [all strategies](README.md)`,
    what,
    `**When.** ${when}`,
    `**When not.** ${whenNot}`,
    '## What it needs',
    needs.map(need => `- ${need}`).join('\n'),
    '## Who talks to whom',
    ['```mermaid', 'flowchart LR', ...topology.map(line => `  ${line}`), '```'].join('\n'),
    '## Security',
    security(all.infos, id),
    '## Configuration',
    "The pipeline builds the `Dockerfile` at the root of the project and pushes to the project's registry.",
    ...all.platforms.flatMap(platform => configuration(info, platform, all)),
    ...(accepts.length === 0
      ? []
      : [
          '## Findings that come with it',
          accepts.map(rule => `- [${rule}](../rules/${rule}.md)`).join('\n'),
        ]),
    '## Facts',
    facts.map(({ text, source, date }) => `- ${text} (${linked(source)}, ${date})`).join('\n'),
  ]);
}

function configuration(info, platform, { planFiles }) {
  const head = `<a id="${platform.id}"></a>\n\n### ${platform.title}`;
  const files = planFiles(info, platform);
  if (typeof files === 'string') return [head, `None: ${lower(files)}`];
  const helm = platform.runners.includes('helm')
    ? ' With `--runner helm` the runner file is values of the chart.'
    : '';
  return [
    head,
    `\`drydock plan --platform ${platform.id} --strategy ${info.id} --write .\`${helm ? `\n\n${helm.trim()}` : ''}`,
    ...files
      .filter(({ path }) => path !== '.drydock.yml')
      .map(
        ({ path, text }) =>
          `\`${path}\`\n\n\`\`\`${path.endsWith('.toml') ? 'toml' : 'yaml'}\n${text.trimEnd()}\n\`\`\``,
      ),
  ];
}

function security(infos, own) {
  const mark = (info, text) => (info.id === own ? `**${text}**` : text);
  return table(
    ['strategy', 'privilege', 'what a job can take over', 'what keeps jobs apart'],
    infos.map(info => [
      info.id === own ? `**${info.title}**` : link(info),
      ...[info.traits.privilege, info.traits.takeover, info.traits.isolation].map(text => mark(info, text)),
    ]),
  );
}

function link({ id, title }) {
  return `[${title}](${id}.md)`;
}

function linked(source) {
  return source
    .split('; ')
    .map(one => (one.startsWith('http') ? `<${one}>` : one))
    .join('; ');
}

function lower(text) {
  return /^[A-Z][a-z]* /.test(text) && !/^[A-Z][a-z]+[A-Z]/.test(text)
    ? text[0].toLowerCase() + text.slice(1)
    : text;
}

function table(head, rows) {
  const line = cells => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function parts(all) {
  return `${all.join('\n\n')}\n`;
}

/** Files that pipelines and values are likely to lie in; older hosts ignore the patterns. */
const PIPELINES = [
  '**/*.gitlab-ci.{yml,yaml}',
  '**/.gitlab/**/*.{yml,yaml}',
  '**/{ci,.gitlab-ci}/**/*.{yml,yaml}',
];
const VALUES = ['**/*values*.{yml,yaml}'];
const RUNNER_FILES = ['**/*config*.toml', '**/*runner*.toml'];

const SHORT = { 'gitlab-docker': '', 'gitlab-kubernetes': '-k8s' };

/** Path and text of every file of snippets that is made from recipes. */
export function snippetFiles() {
  const { strategyInfos, platforms, runnerEntry, runnerFile, snippetText } = core();
  const made = { ci: {}, toml: {}, values: {} };
  for (const info of strategyInfos()) {
    const seen = new Set();
    for (const platform of platforms()) {
      const recipe = info.cells[platform.id];
      if (typeof recipe === 'string') continue;
      const prefix = `${info.id}${SHORT[platform.id]}`;
      const add = (kind, text, include, suffix = '', what = '') => {
        made[kind][`${info.title}${what} (${platform.title})`] = {
          prefix: prefix + suffix,
          body: snippetText(text.trimEnd()).split('\n'),
          description: info.what,
          include,
        };
      };
      if (!seen.has(recipe.pipeline)) add('ci', withoutComment(recipe.pipeline), PIPELINES);
      seen.add(recipe.pipeline);
      if (recipe.runner === undefined) continue;
      add('toml', runnerEntry(platform, recipe.runner), RUNNER_FILES, '', ': runner');
      if (platform.runners.includes('helm'))
        add('values', runnerFile(platform, recipe.runner, 'helm'), VALUES, '-values', ': Helm values');
    }
  }
  const text = value => `${JSON.stringify(value, undefined, 2)}\n`;
  return new Map([
    ['snippets/gitlab-ci.json', text(made.ci)],
    ['snippets/gitlab-runner.json', text(made.toml)],
    ['snippets/gitlab-runner-values.json', text(made.values)],
  ]);
}

function withoutComment(text) {
  return text.replace(/^#.*\n/, '');
}
