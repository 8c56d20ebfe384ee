/** `drydock strategies` and `drydock plan`: every recipe into an empty folder, and what they refuse. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { platforms } from '../server/src/analysis/plan.js';
import { platformsOf, strategyInfos } from '../server/src/analysis/strategy-infos.js';
import { COMMAND_HELP } from '../server/src/cli/help.js';
import { folder } from './cli-run.js';

const infos = strategyInfos();

describe('drydock strategies', () => {
  it('lists every strategy with its state, its platforms and what it accepts', async t => {
    const { code, stdout } = await folder(t, {}).drydock(['strategies', '--format', 'json']);
    assert.equal(code, 0);
    const { version, strategies } = JSON.parse(stdout);
    assert.equal(version, 1);
    assert.deepEqual(
      strategies.map((one: { id: string }) => one.id),
      [
        'dind-tls',
        'dind-plain',
        'dind-socket',
        'dind-rootless',
        'dood',
        'socket-proxy',
        'sysbox',
        'kaniko',
        'buildah',
        'podman',
        'buildkit-rootless',
        'buildx-remote',
        'hosted',
      ],
    );
    assert.deepEqual(strategies[4], {
      id: 'dood',
      title: 'Socket of the host (DooD)',
      state: 'maintained',
      platforms: ['gitlab-docker', 'github-self-hosted', 'jenkins-docker', 'compose'],
      accepts: ['docker-sock-mount'],
    });
  });

  it('shows them as a table too', async t => {
    const { stdout } = await folder(t, {}).drydock(['strategies']);
    assert.match(
      stdout,
      /^dind-tls +Docker-in-Docker with TLS +maintained +gitlab-docker, gitlab-kubernetes, .*compose$/m,
    );
    assert.match(stdout, /^hosted .* +github-hosted$/m);
    assert.match(stdout, new RegExp(`^${infos.length} strategies\\.`, 'm'));
  });
});

describe('drydock plan', () => {
  for (const strategy of infos)
    for (const platform of platforms().filter(({ id }) => platformsOf(strategy).includes(id)))
      for (const runner of platform.runners.length > 0 ? platform.runners : [undefined])
        it(`writes ${strategy.id} for ${platform.id} (${runner ?? 'no runner file'}), which check has nothing new to say on`, async t => {
          const empty = folder(t, {});
          const args = ['--platform', platform.id, '--strategy', strategy.id];
          if (runner) args.push('--runner', runner);
          const { code, stderr } = await empty.drydock(['plan', ...args, '--write', '.']);
          assert.equal(stderr, '');
          assert.equal(code, 0);
          const checked = await empty.drydock(['check', '--profile', 'strict', '--format', 'json']);
          assert.equal(checked.code, 0);
          const { files } = JSON.parse(checked.stdout);
          assert.ok(files.some((file: { path: string }) => file.path === platform.pipeline));
          const rules: readonly string[] = files.flatMap((file: { findings: { rule: string }[] }) =>
            file.findings.map(({ rule }) => rule),
          );
          assert.deepEqual(
            rules.filter(rule => !strategy.accepts.includes(rule)),
            [],
          );
        });

  it('prints the files when it is not to write, each below its path', async t => {
    const empty = folder(t, {});
    const { code, stdout } = await empty.drydock([
      'plan',
      '--platform',
      'gitlab-docker',
      '--strategy',
      'dood',
    ]);
    assert.equal(code, 0);
    assert.deepEqual(
      [...stdout.matchAll(/^==> (.+) <==$/gm)].map(match => match[1]),
      ['.gitlab-ci.yml', 'runner/config.toml', '.drydock.yml'],
    );
    assert.match(stdout, /exposure: single-tenant/);
    assert.deepEqual(readdirSync(empty.path), []);
  });

  it('ranks by what is needed, takes the first, and declares whom the runner is for', async t => {
    const args = [
      'plan',
      '--platform',
      'gitlab-kubernetes',
      '--need',
      'run,privileged',
      '--need',
      'ephemeral',
    ];
    const { code, stdout } = await folder(t, {}).drydock([...args, '--runner', 'helm']);
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^For jobs that run containers on gitlab-kubernetes, .* may be privileged and is ephemeral:$/m,
    );
    assert.match(stdout, /^1\. dind-tls: .*\n {3}\+ .*\.\n {3}- .*\.$/m);
    assert.match(stdout, /^ {2}kaniko: It builds only/m);
    assert.match(stdout, /^==> runner\/values\.yml <==$/m);
    assert.match(stdout, /exposure: ephemeral/);
  });

  it('says with a ranking what holds there whatever is chosen', async t => {
    const { stdout } = await folder(t, {}).drydock(['plan', '--platform', 'jenkins-docker', '--need', 'run']);
    assert.match(stdout, /^Whoever may change the Jenkinsfile can use the docker of the machine/m);
  });

  it('writes further files that a recipe has', async t => {
    const empty = folder(t, {});
    const args = ['--platform', 'gitlab-kubernetes', '--strategy', 'buildx-remote', '--write', 'a/b'];
    const { code, stdout } = await empty.drydock(['plan', ...args]);
    assert.equal(code, 0);
    assert.match(stdout, /^Wrote a\/b\/\.gitlab-ci\.yml, .*a\/b\/runner\/buildx-rbac\.yml/);
    assert.match(empty.read('a/b/runner/buildx-rbac.yml'), /kind: RoleBinding/);
  });

  it('overwrites nothing, names what is there, and then writes nothing else', async t => {
    const full = folder(t, { '.gitlab-ci.yml': 'mine\n', 'runner/config.toml': 'mine\n' });
    const args = ['plan', '--platform', 'gitlab-docker', '--strategy', 'kaniko', '--write', '.'];
    const { code, stdout, stderr } = await full.drydock(args);
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /there already: \.gitlab-ci\.yml, runner\/config\.toml$/m);
    assert.equal(full.read('.gitlab-ci.yml'), 'mine\n');
    assert.ok(!existsSync(path.join(full.path, '.drydock.yml')));
  });

  it('follows no link to a file that is not there', async t => {
    const linked = folder(t, {});
    symlinkSync('elsewhere', path.join(linked.path, '.drydock.yml'));
    const args = ['plan', '--platform', 'gitlab-docker', '--strategy', 'kaniko', '--write', '.'];
    const { code, stderr } = await linked.drydock(args);
    assert.equal(code, 2);
    assert.match(stderr, /there already: \.drydock\.yml$/m);
    assert.deepEqual(readdirSync(linked.path), ['.drydock.yml']);
  });

  it('takes back what it wrote when a later file cannot be written', async t => {
    const blocked = folder(t, {});
    writeFileSync(path.join(blocked.path, 'runner'), 'a file, where a folder belongs');
    const args = ['plan', '--platform', 'gitlab-docker', '--strategy', 'kaniko', '--write', '.'];
    const { code, stderr } = await blocked.drydock(args);
    assert.equal(code, 2);
    assert.match(stderr, /nothing was written: runner\/config\.toml: /);
    assert.deepEqual(readdirSync(blocked.path), ['runner']);
    assert.ok(statSync(path.join(blocked.path, 'runner')).isFile());
  });

  for (const [name, args, message] of [
    ['no platform', ['--strategy', 'dood'], /plan needs --platform/],
    [
      'an unknown platform',
      ['--platform', 'gitlab-dokcer', '--strategy', 'dood'],
      /did you mean "gitlab-docker"/,
    ],
    ['neither strategy nor need', ['--platform', 'gitlab-docker'], /either --strategy or --need/],
    [
      'both',
      ['--platform', 'gitlab-docker', '--strategy', 'dood', '--need', 'run'],
      /either --strategy or --need/,
    ],
    [
      'an unknown strategy',
      ['--platform', 'gitlab-docker', '--strategy', 'doood'],
      /unknown strategy .*"dood"/,
    ],
    ['an empty strategy', ['--platform', 'gitlab-docker', '--strategy', ''], /unknown strategy ""/],
    [
      'no recipe there',
      ['--platform', 'gitlab-kubernetes', '--strategy', 'dood'],
      /no recipe for dood .*containerd/,
    ],
    ['an unknown need', ['--platform', 'gitlab-docker', '--need', 'speed'], /--need: "speed" is none of/],
    ['an empty need', ['--platform', 'gitlab-docker', '--need', ''], /--need: "" is none of/],
    [
      'needs that exclude each other',
      ['--platform', 'gitlab-docker', '--need', 'shared,ephemeral'],
      /exclude each/,
    ],
    [
      'a runner file that is not there',
      ['--platform', 'gitlab-docker', '--strategy', 'dood', '--runner', 'helm'],
      /--runner helm does not go with gitlab-docker; it has config/,
    ],
    [
      'an unknown runner file',
      ['--platform', 'gitlab-docker', '--strategy', 'dood', '--runner', 'x'],
      /none of config/,
    ],
    [
      'an empty folder name',
      ['--platform', 'gitlab-docker', '--strategy', 'dood', '--write', ''],
      /folder is empty/,
    ],
    ['an unknown flag', ['--platform', 'gitlab-docker', '--strategy', 'dood', '--force'], /--force/],
  ] as const) {
    it(`refuses ${name}`, async t => {
      const { code, stdout, stderr } = await folder(t, {}).drydock(['plan', ...args]);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, message);
    });
  }

  it('has a help that names every platform', () => {
    for (const { id } of platforms()) assert.ok(COMMAND_HELP.plan.includes(id), id);
  });
});
