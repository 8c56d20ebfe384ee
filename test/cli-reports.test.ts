/** Tests the reports of `check` that other programs read: SARIF, GitLab's Code Quality, GitHub's workflow commands. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folder, MISMATCH, RUNNER } from './cli-run.js';

const PORT = `${MISMATCH}
login, all at 100%:
  image: docker:29.7.2-cli
  script:
    - docker login -u ci -p "$TOKEN" registry.example.com
    - docker login -u ci -p "$TOKEN" registry.example.com
`;

const check = (format: string): readonly string[] => ['check', '--format', format];

test('reports: gitlab names each finding, severity and lines, from 1', async t => {
  const { drydock } = folder(t, { '.gitlab-ci.yml': PORT });
  const { code, stdout, stderr } = await drydock(check('gitlab'));
  assert.equal(code, 1);
  assert.equal(stderr, '');
  const issues = JSON.parse(stdout) as readonly Record<string, unknown>[];
  const [first] = issues;
  assert.deepEqual(
    { ...first, fingerprint: '', description: '' },
    {
      description: '',
      check_name: 'tls-port-mismatch-2375',
      fingerprint: '',
      severity: 'critical',
      location: { path: '.gitlab-ci.yml', lines: { begin: 6, end: 6 } },
    },
  );
  assert.match(String(first?.description), /^Job "build" dials tcp:\/\/docker:2375/);
  const ids = issues.map(({ fingerprint }) => fingerprint);
  assert.equal(new Set(ids).size, issues.length, 'two equal lines have two names');
  for (const id of ids) assert.match(String(id), /^[0-9a-f]{32}$/);
});

test('reports: a finding keeps its name when lines are put above it', async t => {
  const names = async (text: string): Promise<readonly string[]> => {
    const { drydock } = folder(t, { '.gitlab-ci.yml': text });
    const issues = JSON.parse((await drydock(check('gitlab'))).stdout) as { fingerprint: string }[];
    return issues.map(({ fingerprint }) => fingerprint);
  };
  const before = await names(PORT);
  assert.deepEqual(await names(`# A comment.\n\n${PORT}`), before);
  assert.notDeepEqual(await names(PORT.replace('tcp://docker:2375', '"tcp://docker:2375"')), before);
});

test('reports: nothing found is an empty report in every format', async t => {
  const { drydock } = folder(t, { '.gitlab-ci.yml': 'lint:\n  script: make lint\n' });
  assert.equal((await drydock(check('gitlab'))).stdout, '[]\n');
  assert.equal((await drydock(check('github'))).stdout, '');
  const { runs } = JSON.parse((await drydock(check('sarif'))).stdout);
  assert.deepEqual([runs.length, runs[0].results, runs[0].tool.driver.rules], [1, [], []]);
});

test('reports: github escapes what would end a command or a property', async t => {
  const { drydock } = folder(t, { 'a,b:c/.gitlab-ci.yml': PORT });
  const { stdout } = await drydock(check('github'));
  const lines = stdout.trimEnd().split('\n');
  const [mismatch = ''] = lines.filter(line => line.includes('tls-port-mismatch-2375'));
  assert.match(
    mismatch,
    /^::error file=a%2Cb%3Ac\/\.gitlab-ci\.yml,line=6,endLine=6,col=18,endColumn=35,title=drydock tls-port-mismatch-2375::Job "build" dials tcp:\/\/docker:2375, .*%0AFix: Switch to TLS/,
  );
  const [login = ''] = lines.filter(line => line.includes('login-password-on-command-line'));
  assert.match(login, /^::warning .*::Job "login, all at 100%25" gives docker login/);
});

test('reports: sarif has the rules that found something, regions and fixes', async t => {
  const { drydock } = folder(t, {
    'ci files/é.gitlab-ci.yml': PORT,
    'runner/config.toml': RUNNER.replace('"/certs/client", ', ''),
  });
  const { code, stdout } = await drydock(check('sarif'));
  assert.equal(code, 1);
  const { $schema, version, runs } = JSON.parse(stdout);
  assert.equal(version, '2.1.0');
  assert.match($schema, /sarif-2\.1\.0\.json$/);
  const [{ tool, columnKind, results }] = runs;
  assert.equal(columnKind, 'utf16CodeUnits');
  const { rules } = tool.driver;
  for (const { ruleId, ruleIndex, locations, partialFingerprints } of results) {
    assert.equal(rules[ruleIndex].id, ruleId);
    assert.equal(locations.length, 1);
    assert.match(partialFingerprints['drydock/v1'], /^[0-9a-f]{32}$/);
  }
  for (const { shortDescription, fullDescription, help, helpUri } of rules) {
    for (const { text } of [shortDescription, fullDescription, help]) assert.ok(text.length > 10);
    assert.match(helpUri, /^https:\/\//);
  }
  const mismatch = results.find(({ ruleId }: { ruleId: string }) => ruleId === 'tls-port-mismatch-2375');
  const { artifactLocation, region } = mismatch.locations[0].physicalLocation;
  assert.deepEqual(artifactLocation, { uri: 'ci%20files/%C3%A9.gitlab-ci.yml', uriBaseId: '%SRCROOT%' });
  assert.deepEqual(region, { startLine: 6, startColumn: 18, endLine: 6, endColumn: 35 });
  assert.equal(mismatch.level, 'error');
  const changed = mismatch.fixes[0].artifactChanges.map((one: { artifactLocation: { uri: string } }) =>
    decodeURIComponent(one.artifactLocation.uri),
  );
  assert.deepEqual(changed.toSorted(), ['ci files/é.gitlab-ci.yml', 'runner/config.toml']);
});

test('reports: only check has these formats', async t => {
  const { drydock } = folder(t, { '.gitlab-ci.yml': PORT });
  for (const command of ['trace', 'jobs', 'rules']) {
    const { code, stderr } = await drydock([command, '--format', 'sarif']);
    assert.equal(code, 2);
    assert.match(stderr, /"sarif" is none of text, json/);
  }
});
