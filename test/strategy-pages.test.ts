/** Pages and snippets of strategies: up to date, whole, and the same texts that `plan` writes. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { planFiles, platforms } from '../server/src/analysis/plan.js';
import { strategyInfos } from '../server/src/analysis/strategy-infos.js';

interface Snippet {
  readonly prefix: string;
  readonly body: readonly string[];
  readonly description: string;
  readonly include: readonly string[];
}

type Files = ReadonlyMap<string, string>;

let pages: Files;
let snippetFiles: Files;

before(async () => {
  const made = await import(pathToFileURL(resolve('scripts/generate-strategies.mjs')).href);
  pages = made.strategyPages();
  snippetFiles = made.snippetFiles();
});

function stale(files: Files): readonly string[] {
  return [...files]
    .filter(([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text)
    .map(([path]) => path);
}

function snippetsIn(path: string): readonly Snippet[] {
  return Object.values(JSON.parse(snippetFiles.get(path) ?? '{}') as Record<string, Snippet>);
}

/** What a user gets who leaves every tab stop as it is. */
function inserted({ body }: Snippet): string {
  return `${body
    .join('\n')
    .replace(/\$\{\d+:([^}]*)\}/g, '$1')
    .replace(/\\([\\$])/g, '$1')}\n`;
}

describe('pages of strategies', () => {
  it('are up to date, with none left of strategies that are gone', () => {
    assert.deepEqual(stale(pages), [], 'run `npm run generate`');
    assert.deepEqual(
      readdirSync('docs/strategies').filter(name => !pages.has(`docs/strategies/${name}`)),
      [],
    );
  });

  it('lead to pages and headings that are there', () => {
    for (const [path, text] of pages)
      for (const [, target = '', anchor] of text.matchAll(/\]\(([^)#]*\.md)(?:#([^)]+))?\)/g)) {
        const file = join(dirname(path), target);
        assert.ok(existsSync(file), `${path} leads to ${target}`);
        if (anchor) assert.match(readFileSync(file, 'utf8'), new RegExp(`<a id="${anchor}">`));
      }
  });

  it('draw who talks to whom, with as many ends as subgraphs', () => {
    for (const { id, topology } of strategyInfos()) {
      assert.ok(
        topology.some(line => /-->|-\. /.test(line)),
        id,
      );
      const count = (pattern: RegExp): number => topology.filter(line => pattern.test(line)).length;
      assert.equal(count(/^ *subgraph \w+ \["[^"]+"\]$/), count(/^ *end$/), id);
    }
  });
});

describe('snippets of strategies', () => {
  it('are up to date', () => {
    assert.deepEqual(stale(snippetFiles), [], 'run `npm run generate`');
  });

  it('are contributed, every file for the languages of its format', () => {
    const { contributes } = JSON.parse(readFileSync('package.json', 'utf8'));
    const listed = (contributes.snippets as readonly { language: string; path: string }[]).map(
      ({ language, path }) => `${path.slice(2)} ${language}`,
    );
    for (const name of readdirSync('snippets'))
      assert.ok(
        listed.some(one => one.startsWith(`snippets/${name} `)),
        name,
      );
    assert.ok(listed.includes('snippets/gitlab-ci.json yaml'));
    assert.ok(listed.includes('snippets/github-actions.json github-actions-workflow'));
    assert.ok(listed.includes('snippets/compose.json dockercompose'));
    assert.ok(listed.includes('snippets/jenkinsfile.json groovy'));
    assert.ok(listed.includes('snippets/gitlab-runner.json toml'));
    assert.ok(listed.includes('snippets/gitlab-runner.json gitlab-runner-toml'));
  });

  it('insert what a plan writes, pipeline and runner', () => {
    const planned = strategyInfos().flatMap(strategy =>
      platforms().flatMap(platform =>
        (platform.runners.length > 0 ? platform.runners : [undefined]).flatMap(runner => {
          const files = planFiles(strategy, platform, runner ? { runner } : {});
          return typeof files === 'string' ? [] : files.map(({ text }) => text);
        }),
      ),
    );
    const all = [...snippetFiles.keys()].flatMap(snippetsIn);
    assert.ok(all.length > 40);
    for (const snippet of all) {
      const text = inserted(snippet);
      assert.ok(
        planned.some(one => one.endsWith(text)),
        `${snippet.prefix}\n${text}`,
      );
    }
  });

  it('have prefixes that no two of a file share, and a tab stop for what must be changed', () => {
    for (const path of snippetFiles.keys()) {
      const all = snippetsIn(path);
      assert.equal(new Set(all.map(({ prefix }) => prefix)).size, all.length, path);
      for (const { prefix, body, include } of all) {
        assert.match(prefix, /^[a-z0-9-]+$/);
        assert.match(body.join('\n'), /\$\{1:/, prefix);
        assert.ok(include.length > 0, prefix);
      }
    }
  });
});
