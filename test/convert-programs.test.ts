/** Which commands may stay in a script when its job gets the image of another tool. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPrograms } from '../server/src/analysis/convert/programs.js';
import { siteWithScript } from './support/site.js';

type Tool = Parameters<typeof checkPrograms>[1];

const check = (script: string, tool: Tool = 'buildkit-rootless'): void =>
  checkPrograms(siteWithScript(script), tool, new Set(), 'the image');

test('what the shell and the image have may stay', () => {
  for (const script of [
    'echo docker push',
    'export A=1\nB=2\n[ -n "$A" ] && cd sub || exit 1',
    'if [ -f x ]; then cat x | grep -v y > z; fi',
    'timeout 5 sleep 1; time true',
    'VERSION=$(cat VERSION | tr -d "\\n")',
    'cat docker/Dockerfile docker-compose.yml',
  ])
    check(script);
  check('awk 1 x', 'kaniko');
  check('cat <<< "$A"', 'buildah');
});

test('what it may not have stops the conversion, by its name', () => {
  const cases: readonly (readonly [string, RegExp, Tool?])[] = [
    ['npm ci', /npm cannot be counted on in the image/],
    ['apk add git', /apk cannot be counted on/],
    ['./build.sh', /\.\/build\.sh cannot be counted on/],
    ['/usr/local/bin/grep x', /\/usr\/local\/bin\/grep cannot be counted on/],
    ['. ./env.sh', /\. cannot be counted on/],
    ['eval "$COMMANDS"', /eval cannot be counted on/],
    ['bash -c "true"', /bash cannot be counted on/],
    ['sudo cat x', /cat|sudo/],
    ['$TOOL run', /Which program this command runs cannot be told/],
    ['echo a | xargs docker push', /xargs is handed docker/],
    ['find . -exec docker push {} ;', /find is handed docker/],
    ['trap "docker logout" EXIT', /trap is handed docker/],
    ['cat <<< "$A"', /<<< is known to bash/],
    ['git rev-parse HEAD', /git cannot be counted on/],
    ['git rev-parse HEAD', /git cannot be counted on/, 'kaniko'],
    ['wget x', /wget cannot be counted on/, 'buildah'],
  ];
  for (const [script, message, tool] of cases) assert.throws(() => check(script, tool), { message }, script);
});
