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
  ['no privilege, and anyone who runs jobs', 'unprivileged,shared'],
  ['no privilege, for one trusted team', 'unprivileged,single-tenant'],
  ['privilege, and anyone who runs jobs', 'privileged,shared'],
  ['privilege for one trusted team', 'privileged,single-tenant'],
  ['privilege and one job per machine', 'privileged,ephemeral'],
];

/** A row for each platform; where what the runner allows decides, the cell says so. */
function decisions({ infos, platforms, choose, readNeeds }) {
  const best = (platform, words) => choose(readNeeds(platform, words.split(',')), infos)[0].id;
  const cell = (platform, need) => {
    const all = RUNNERS.map(([runner, words]) => ({ runner, id: best(platform, `${words},${need}`) }));
    const ids = [...new Set(all.map(({ id }) => id))];
    const where = id => all.filter(one => one.id === id).map(({ runner }) => runner);
    return ids
      .map((id, i) => `[${id}](${id}.md)${i === 0 ? '' : ` with ${where(id).join(', or ')}`}`)
      .join('; ');
  };
  return table(
    ['platform', ...SITUATIONS.map(([title]) => `jobs ${title}`)],
    platforms.map(({ id, title }) => [title, ...SITUATIONS.map(([, need]) => cell(id, need))]),
  );
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
    ...(platform.caution ? [platform.caution] : []),
    ...(info.cells[platform.id].needs ?? []).map(need => `It needs ${need}.`),
    `\`drydock plan --platform ${platform.id} --strategy ${info.id} --write .\`${helm ? `\n\n${helm.trim()}` : ''}`,
    ...files
      .filter(({ path }) => path !== '.drydock.yml')
      .map(({ path, text }) => `\`${path}\`\n\n\`\`\`${languageOf(path)}\n${text.trimEnd()}\n\`\`\``),
  ];
}

function languageOf(path) {
  return path.endsWith('.toml') ? 'toml' : path.endsWith('Jenkinsfile') ? 'groovy' : 'yaml';
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
const WORKFLOWS = ['**/.github/workflows/*.{yml,yaml}'];
const COMPOSE_FILES = ['**/{compose,docker-compose}*.{yml,yaml}'];
const JENKINSFILES = ['**/*Jenkinsfile*', '**/*.{jenkinsfile,groovy}'];
const RUNNER_FILES = ['**/*config*.toml', '**/*runner*.toml'];

/** Where pipelines of a platform go: the file of snippets, the files they are offered in, and how prefixes end. */
const OFFERS = {
  'gitlab-docker': { file: 'gitlab-ci', include: PIPELINES, end: '' },
  'gitlab-kubernetes': { file: 'gitlab-ci', include: PIPELINES, end: '-k8s' },
  'github-hosted': { file: 'github-actions', include: WORKFLOWS, end: '-github' },
  'github-self-hosted': { file: 'github-actions', include: WORKFLOWS, end: '-self-hosted' },
  'github-arc': { file: 'github-actions', include: WORKFLOWS, end: '-arc' },
  'jenkins-docker': { file: 'jenkinsfile', include: JENKINSFILES, end: '' },
  'jenkins-kubernetes': { file: 'jenkinsfile', include: JENKINSFILES, end: '-k8s' },
  compose: { file: 'compose', include: COMPOSE_FILES, end: '-compose' },
};

/** Path and text of every file of snippets that is made from recipes. */
export function snippetFiles() {
  const { strategyInfos, platforms, runnerEntry, runnerFile, snippetText } = core();
  const made = new Map();
  for (const info of strategyInfos()) {
    const seen = new Set();
    for (const platform of platforms()) {
      const recipe = info.cells[platform.id];
      if (typeof recipe === 'string') continue;
      const { file, include, end } = OFFERS[platform.id];
      const add = (name, text, patterns, suffix = '', what = '') => {
        const path = `snippets/${name}.json`;
        if (!made.has(path)) made.set(path, {});
        made.get(path)[`${info.title}${what} (${platform.title})`] = {
          prefix: info.id + end + suffix,
          body: snippetText(text.trimEnd()).split('\n'),
          description: info.what,
          include: patterns,
        };
      };
      if (!seen.has(recipe.pipeline)) add(file, withoutComment(recipe.pipeline), include);
      seen.add(recipe.pipeline);
      if (recipe.runner === undefined) continue;
      if (platform.runners.includes('config'))
        add('gitlab-runner', runnerEntry(platform, recipe.runner), RUNNER_FILES, '', ': runner');
      if (platform.runners.includes('helm'))
        add(
          `${platform.dialect === 'gitlab-ci' ? 'gitlab' : 'github'}-runner-values`,
          runnerFile(platform, recipe.runner, 'helm'),
          VALUES,
          '-values',
          ': Helm values',
        );
    }
  }
  return new Map([...made].map(([path, all]) => [path, `${JSON.stringify(all, undefined, 2)}\n`]));
}

function withoutComment(text) {
  return text.replace(/^(?:#|\/\/).*\n/, '');
}
