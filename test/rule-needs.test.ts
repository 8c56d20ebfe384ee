/** What a rule is not shown, for lack of what it needs, it has nothing to say about. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createProject } from '../server/src/analysis/index.js';
import { hasASay, type Seen, seenIn } from '../server/src/analysis/run-rules.js';
import type { SiteContext } from '../server/src/rules/define.js';
import { allRules } from '../server/src/rules/index.js';
import { runtimeData } from './support/data.js';
import { readFixtures, readFolder } from './support/fixture.js';
import { TODAY } from './support/project.js';

const PROJECTS = [
  ...readFixtures('test/fixtures'),
  ...readdirSync('test/silent').map(name => ({ name, files: readFolder(join('test/silent', name)) })),
];

const shown = new Map<Seen['most'], number>();
const missed = new Set<string>();

/** Shows the rules everything, and notes what they would not have been shown. */
function watchRules(): void {
  for (const rule of allRules()) {
    const { id, site } = rule;
    if (!site) continue;
    const original = { ...rule };
    const watched = (context: SiteContext) => {
      const seen = seenIn(context);
      const reports = [...site(context)];
      shown.set(seen.most, (shown.get(seen.most) ?? 0) + 1);
      if (reports.length > 0 && !hasASay(original, seen)) missed.add(`${id}: ${reports[0]?.message}`);
      return reports;
    };
    Object.assign(rule, { needs: undefined, site: watched });
  }
}

test('rules have nothing to say about sites without what they need', () => {
  watchRules();
  for (const { files } of PROJECTS) {
    const log = (message: string): never => assert.fail(message);
    const project = createProject({ today: TODAY, profile: 'pedantic', data: runtimeData, log });
    for (const { path, text } of files) project.setFile(path, text);
    project.check();
  }
  assert.deepEqual([...missed], []);
  for (const seen of ['nothing', 'trace', 'tool'] as const) assert.ok((shown.get(seen) ?? 0) > 1000, seen);
});
