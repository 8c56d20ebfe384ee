/** The file that a strategy chosen in the wizard goes to: beside one that stays as it is, or the empty one in the editor. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PlannedFile } from '../server/src/lsp/messages.js';
import { start } from './plan-client.js';

const paths = (files: readonly PlannedFile[]): readonly string[] => files.map(({ path }) => path);

describe('drydock/plan puts the pipeline', () => {
  it('beside a Compose file: one that Compose does not read by itself, and says how it is run', async t => {
    const answers = ['compose', 'unprivileged', 'shared', 'build'];
    const service = 'services:\n  web:\n    image: nginx:1.27\n';
    const alone = await (await start(t, {})).change(answers, 'kaniko');
    assert.deepEqual(paths(alone.files), ['compose.yaml']);
    assert.match(alone.files[0]?.text ?? '', /^# {3}docker compose run --rm build-image$/m);
    for (const there of ['docker-compose.yml', 'compose.yaml']) {
      const { files, notes } = await (await start(t, { [there]: service })).change(answers, 'kaniko');
      assert.deepEqual(paths(files), ['compose.build.yaml']);
      assert.equal(files[0]?.isNew, true);
      assert.match(
        files[0]?.text ?? '',
        /^# {3}docker compose -f compose\.build\.yaml run --rm build-image$/m,
      );
      assert.match(
        files[0]?.snippet ?? '',
        /^# {3}docker compose -f compose\.build\.yaml run --rm \$\{1:build-image\}$/m,
      );
      assert.match(notes[0] ?? '', /^Compose goes on reading the file that is there/);
    }
    const empty = await start(t, { 'compose.yaml': service, 'my ci/compose.yml': '' });
    const { files } = await empty.change(answers, 'kaniko', {
      uri: empty.at('my ci/compose.yml'),
      text: '',
    });
    assert.deepEqual(paths(files), ['my ci/compose.yml']);
  });

  it('into an empty file of any pipeline', async t => {
    const empty = {
      'jenkins-kubernetes': 'ci/Jenkinsfile',
      'github-hosted': '.github/workflows/image.yml',
      compose: 'ci/compose.yaml',
      'gitlab-docker': 'ci/image.gitlab-ci.yml',
    };
    for (const [platform, path] of Object.entries(empty)) {
      const { change, at } = await start(t, { [path]: '' });
      const answers = [platform, 'unprivileged', 'shared', 'build'];
      const { files } = await change(answers, 'buildah', { uri: at(path), text: '' });
      assert.equal(files[0]?.path, path);
      assert.equal(files[0]?.isNew, false);
      assert.match(files[0]?.text ?? '', /buildah/);
    }
  });
});
