/** The files that come of a strategy chosen in the wizard: where they go, what they join, and what is left as it is. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { TextDocument } from 'vscode-languageserver-textdocument';
import * as core from '../server/src/analysis/index.js';
import type { PlannedFile } from '../server/src/lsp/messages.js';
import { BUILDING, CAREFUL, PIPELINE, RUNNER, start, TRUSTED } from './plan-client.js';
import { runtimeData } from './support/data.js';

/** What a file holds after its edit, and what it holds after its snippet with every tab stop left as it is. */
function edited(before: string, { edit, snippet }: PlannedFile): { edit: string; snippet: string } {
  const document = TextDocument.create('', '', 0, before);
  const plain = (snippet ?? '').replace(/\$\{\d+:([^}]*)\}/g, '$1').replace(/\\([\\$])/g, '$1');
  const put = (newText: string) => TextDocument.applyEdits(document, [{ range: edit.range, newText }]);
  return { edit: put(edit.newText), snippet: put(plain) };
}

const paths = (files: readonly PlannedFile[]): readonly string[] => files.map(({ path }) => path);

describe('drydock/plan changes', () => {
  it('an empty folder: the files that `drydock plan` writes', async t => {
    const { change, at } = await start(t, {});
    const { files, notes } = await change(CAREFUL, 'buildkit-rootless');
    assert.deepEqual(paths(files), ['.gitlab-ci.yml', 'runner/config.toml', '.drydock.yml']);
    assert.deepEqual(
      files.map(({ part, isNew, version, languageId }) => [part, isNew, version, languageId]),
      [
        ['pipeline', true, null, 'yaml'],
        ['runner', true, null, 'toml'],
        ['runner', true, null, 'yaml'],
      ],
    );
    const strategy = core
      .strategyInfos(runtimeData('strategies'))
      .find(({ id }) => id === 'buildkit-rootless');
    const [platform] = core.platforms();
    assert.ok(strategy && platform);
    const planned = core.planFiles(strategy, platform, { exposure: 'shared' });
    assert.ok(typeof planned !== 'string');
    for (const file of files) {
      assert.equal(file.uri, at(file.path));
      assert.equal(file.text, planned.find(({ path }) => path === file.path)?.text);
      assert.equal(edited('', file).edit, file.text);
    }
    assert.equal(edited('', files[0] as PlannedFile).snippet, files[0]?.text);
    assert.match(files[0]?.snippet ?? '', /^\$\{1:build-image\}:$/m);
    assert.match(files[0]?.snippet ?? '', /tags: \[\$\{2:container-build\}\]\n$/);
    assert.match(notes[0] ?? '', /^It needs a runner that starts jobs without the default seccomp .*\.$/);
  });

  it('for every strategy that is not ruled out, on every platform', async t => {
    for (const there of [{}, { '.gitlab-ci.yml': PIPELINE }]) {
      const { ask } = await start(t, there);
      const [platform] = (await ask([])).questions;
      for (const { id } of platform?.options ?? []) {
        const answers = [id, 'privileged', 'single-tenant', 'build'];
        for (const { id: strategy, excluded } of (await ask(answers)).ranking ?? []) {
          const { change, refused } = await ask(answers, { strategy });
          assert.equal(refused, excluded, `${id} ${strategy}`);
          assert.equal(change === undefined, excluded !== undefined);
          for (const { isNew, text, uri } of change?.files ?? []) {
            assert.doesNotMatch(text, /@\w+@/);
            assert.equal(isNew, !Object.keys(there).some(path => uri?.endsWith(`/${path}`)));
          }
        }
      }
    }
  });

  it('a pipeline that is there: the job comes at its end, in a stage that there is', async t => {
    const { client, change, at } = await start(t, { '.gitlab-ci.yml': PIPELINE });
    for (const text of [PIPELINE, PIPELINE.trimEnd(), `${PIPELINE}\n\n`, PIPELINE.replaceAll('\n', '\r\n')]) {
      const uri = at('.gitlab-ci.yml');
      await client.open(uri, text);
      const { files } = await change(CAREFUL, 'kaniko', { uri });
      const [file] = files;
      assert.ok(file);
      assert.deepEqual([file.uri, file.isNew, file.version], [uri, false, 1]);
      assert.equal(file.edit.range.start.character, 0);
      assert.ok(file.text.startsWith(text.trimEnd()));
      const { edit, snippet } = edited(text, file);
      assert.equal(edit, file.text);
      assert.equal(snippet, file.text);
      assert.match(
        file.text.replaceAll('\r\n', '\n'),
        /echo lint\n\n+# Builds [^\n]*\nbuild-image:\n {2}stage: image\n/,
      );
      assert.equal(/(?<!\r)\n/.test(file.text), !text.includes('\r\n'));
      await client.close(uri);
    }
  });

  it('nothing that the names of other jobs and runners are taken for', async t => {
    const { change } = await start(t, {
      '.gitlab-ci.yml': PIPELINE.replace('lint:', 'build-image:'),
      'runner/config.toml': RUNNER.replace('"vm"', '"container-build"'),
    });
    const { files } = await change(TRUSTED, 'dind-tls');
    assert.match(files[0]?.text ?? '', /^build-image-2:$/m);
    assert.match(files[0]?.text ?? '', /tags: \[container-build-2\]/);
    assert.match(files[1]?.text ?? '', /^ {2}name = "container-build-2"$/m);
  });

  it('the only config.toml, which takes one runner more; both are declared, so that no job loses its own', async t => {
    const { change } = await start(t, { '.gitlab-ci.yml': BUILDING, 'ci/config.toml': RUNNER });
    const { files, notes } = await change(TRUSTED, 'dind-tls');
    assert.deepEqual(paths(files), ['.gitlab-ci.yml', 'ci/config.toml', '.drydock.yml']);
    assert.ok(files[1]?.text.startsWith(`${RUNNER}\n[[runners]]\n  name = "container-build"\n`));
    const declared = `version: 1

runners:
  - name: vm
    config: ci/config.toml
    entry: vm
    tags: [linux]
    untagged: true
  - name: container-build
    config: ci/config.toml
    entry: container-build
    tags: [container-build]
    exposure: single-tenant
`;
    assert.equal(files[2]?.text, declared);
    const untagged = await start(t, { '.gitlab-ci.yml': PIPELINE, 'ci/config.toml': RUNNER });
    const text = (await untagged.change(TRUSTED, 'dind-tls')).files[2]?.text ?? '';
    assert.match(text, /^ {4}entry: vm\n {4}tags: \[\]\n {4}untagged: true$/m);
    assert.ok(notes.every(note => note.startsWith('It needs ')));
  });

  it('no declaration, and no runner, that jobs which are there would suffer from', async t => {
    const declared = await start(t, { '.gitlab-ci.yml': BUILDING });
    const { files, notes } = await declared.change(CAREFUL, 'kaniko');
    assert.deepEqual(paths(files), ['.gitlab-ci.yml']);
    assert.match(
      notes.at(-1) ?? '',
      /^Its runner is left out, because else: No declared runner takes job "old": none has the tag linux \(no-runner-for-tags\)\.$/,
    );
  });

  it('a .drydock.yml that is there: the runner comes into its list', async t => {
    const config =
      'version: 1\nrunners:\n  - name: vm # ours\n    config: ci/config.toml\n    tags: [linux]\n';
    const { change } = await start(t, {
      '.drydock.yml': config,
      '.gitlab-ci.yml': BUILDING,
      'ci/config.toml': RUNNER,
    });
    const { files } = await change(TRUSTED, 'dind-tls');
    const file = files.find(({ path }) => path === '.drydock.yml');
    assert.ok(file);
    const entry =
      '  - name: container-build\n    config: ci/config.toml\n    entry: container-build\n    tags: [container-build]\n    exposure: single-tenant\n';
    assert.equal(file.text, config + entry);
    assert.equal(edited(config, file).edit, file.text);
  });

  it('only the pipeline where the files of the runner are there already', async t => {
    const { change } = await start(t, { 'runner/values.yml': 'replicas: 1\n' });
    const { files, notes } = await change(
      ['gitlab-kubernetes/helm', 'unprivileged', 'shared', 'build'],
      'kaniko',
    );
    assert.deepEqual(paths(files), ['.gitlab-ci.yml']);
    assert.equal(
      notes.at(-1),
      'runner/values.yml is there already and stays as it is, so only the pipeline is written.',
    );
  });

  it('nothing where the new job would not work beside what is there', async t => {
    const global = `variables:\n  DOCKER_HOST: tcp://docker:2375\n\n${PIPELINE}`;
    const { ask } = await start(t, { '.gitlab-ci.yml': global });
    const { change, refused } = await ask(TRUSTED, { strategy: 'dind-tls' });
    assert.equal(change, undefined);
    assert.match(refused ?? '', /^The job cannot be added to \.gitlab-ci\.yml: .*2375.*\.$/);
  });

  it('nothing where the text cannot be added to', async t => {
    for (const text of ['{ lint: { script: [make] } }\n', `${PIPELINE}...\n`, `${PIPELINE}key: "open\n`]) {
      const { ask } = await start(t, { '.gitlab-ci.yml': text });
      const { change, refused } = await ask(CAREFUL, { strategy: 'kaniko' });
      assert.equal(change, undefined, text);
      assert.match(refused ?? '', /^The job cannot be added to \.gitlab-ci\.yml: /);
    }
  });
});

describe('drydock/plan finds the place', () => {
  it('in an empty document, also one that was never saved or that nobody told of', async t => {
    const { client, change, at } = await start(t, {});
    await client.open(at('ci/images.yml'), '\n');
    const blank = await change(CAREFUL, 'kaniko', { uri: at('ci/images.yml') });
    assert.deepEqual(paths(blank.files), ['ci/images.yml', 'runner/config.toml', '.drydock.yml']);
    assert.deepEqual([blank.files[0]?.uri, blank.files[0]?.isNew], [at('ci/images.yml'), false]);
    for (const isOpen of [true, false]) {
      if (isOpen) await client.open('untitled:Untitled-1', '');
      const { files } = await change(CAREFUL, 'kaniko', { uri: 'untitled:Untitled-1', text: '' });
      assert.deepEqual(
        files.map(({ uri, isNew }) => [uri, isNew]),
        [
          ['untitled:Untitled-1', false],
          [at('runner/config.toml'), true],
          [at('.drydock.yml'), true],
        ],
      );
    }
  });

  it('in the usual file where the document is something else', async t => {
    const { client, change, at } = await start(t, {});
    for (const [name, text] of [
      ['notes.yml', 'a: 1\n'],
      ['Dockerfile', ''],
      ['.drydock.yml', ''],
      ['main.toml', ''],
    ] as const) {
      await client.open(at(name), text);
      const { files } = await change(CAREFUL, 'kaniko', { uri: at(name) });
      assert.deepEqual([files[0]?.path, files[0]?.isNew], ['.gitlab-ci.yml', true], name);
    }
    const far = 'file:///elsewhere/notes.yml';
    await client.open(far, 'a: 1\n');
    assert.equal((await change(CAREFUL, 'kaniko', { uri: far })).files[0]?.uri, at('.gitlab-ci.yml'));
  });

  it('nowhere in an empty window: new documents without a name', async t => {
    const { client, change } = await start(t);
    const { files } = await change(CAREFUL, 'kaniko');
    assert.deepEqual(
      files.map(({ uri, path, isNew }) => [uri, path, isNew]),
      [
        [undefined, '.gitlab-ci.yml', true],
        [undefined, 'runner/config.toml', true],
      ],
    );
    await client.open('untitled:Untitled-1', '');
    const untitled = await change(CAREFUL, 'kaniko', { uri: 'untitled:Untitled-1' });
    assert.equal(untitled.files[0]?.uri, 'untitled:Untitled-1');
    const loose = 'file:///elsewhere/.gitlab-ci.yml';
    await client.open(loose, PIPELINE);
    const beside = await change(CAREFUL, 'kaniko', { uri: loose });
    const home = 'file:///elsewhere';
    assert.deepEqual(
      beside.files.map(({ uri }) => uri),
      [loose, `${home}/runner/config.toml`, `${home}/.drydock.yml`],
    );
  });

  it('in the folder of the document, of several', async t => {
    const one = await start(t, { '.gitlab-ci.yml': PIPELINE });
    const two = mkdtempSync(join(tmpdir(), 'drydock-plan-'));
    t.after(() => rmSync(two, { recursive: true }));
    const folder = pathToFileURL(two).toString();
    await one.client.notify('workspace/didChangeWorkspaceFolders', {
      event: { added: [{ uri: folder, name: 'two' }], removed: [] },
    });
    const there = await one.change(CAREFUL, 'kaniko', { folder });
    assert.deepEqual([there.files[0]?.uri, there.files[0]?.isNew], [`${folder}/.gitlab-ci.yml`, true]);
    await one.client.open(one.at('.gitlab-ci.yml'), PIPELINE);
    const here = await one.change(CAREFUL, 'kaniko', { uri: one.at('.gitlab-ci.yml'), folder });
    assert.deepEqual([here.files[0]?.uri, here.files[0]?.isNew], [one.at('.gitlab-ci.yml'), false]);
  });
});
