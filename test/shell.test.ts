/** Which commands the shell reader finds in script text, where they stand and what surrounds them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { programOf, readShell, type ShellCommand } from '../server/src/syntax/shell.js';

const DOCKER_LIKE = /^(docker|buildah|executor|buildctl-daemonless\.sh)$/;

/** The source text of the commands whose program is `docker` or another builder, from that program's word on. */
function builds(text: string): string[] {
  return readShell(text).commands.flatMap(command => {
    const program = programOf(command);
    const word = program && command.words[program.index];
    return program && word && DOCKER_LIKE.test(program.name) ? [text.slice(word.start, command.end)] : [];
  });
}

test('finds builders with the exact span of their command', () => {
  const cases: [string, string[]][] = [
    ['docker build', ['docker build']],
    ['docker login -u u -p "$P" reg', ['docker login -u u -p "$P" reg']],
    ['  docker run --privileged -v /a:/b img  # why', ['docker run --privileged -v /a:/b img']],
    ['/kaniko/executor --context "$PWD" --no-push', ['/kaniko/executor --context "$PWD" --no-push']],
    ['buildah bud -t x .', ['buildah bud -t x .']],
    [
      'buildctl-daemonless.sh build --frontend=dockerfile.v0',
      ['buildctl-daemonless.sh build --frontend=dockerfile.v0'],
    ],
    ['sudo docker ps', ['docker ps']],
    ['DOCKER_HOST=x docker info', ['docker info']],
    ['if ! docker info; then exit 1; fi', ['docker info']],
    ['docker build . && docker push x', ['docker build .', 'docker push x']],
    ['cat x | docker login --password-stdin', ['docker login --password-stdin']],
    ['for c in $(docker ps -q); do docker rm -f $c; done', ['docker ps -q', 'docker rm -f $c']],
    ['eval $(docker run x env)', ['docker run x env']],
    ['echo "built $(docker images -q "$A") ok"', ['docker images -q "$A"']],
    ['x=`docker ps -q`; docker rm $x', ['docker ps -q', 'docker rm $x']],
    ['y=${z:-$(docker ps)}', ['docker ps']],
    ['n=$(( $(docker ps -q | wc -l) + 1 ))', ['docker ps -q']],
    ['a=(one $(docker ps))', ['docker ps']],
    ['diff <(docker info) b', ['docker info']],
    ['build() { docker build .; }; build', ['docker build .']],
    ['function build { docker build .; }', ['docker build .']],
    ['build-image ()\n{\n  docker build .\n}', ['docker build .']],
    ['(cd a; docker build .)', ['docker build .']],
    [
      'case $1 in a|b) docker push a;; (*) docker push b ;; esac; docker ps',
      ['docker push a', 'docker push b', 'docker ps'],
    ],
    ['case x in esac; docker ps', ['docker ps']],
    ['x=$(case a in a) docker ps;; esac)', ['docker ps']],
    ['until docker info; do sleep 1; done', ['docker info']],
    ['for ((i=0;i<3;i++)); do docker ps; done', ['docker ps']],
    ['for i do docker ps; done', ['docker ps']],
    ['((n > 2)) && docker ps', ['docker ps']],
    ['[[ -f a && ( b > c ) ]] && docker ps', ['docker ps']],
    ['time { docker ps; }; time -p docker info', ['docker ps', 'docker info']],
    ['docker build \\\n  -t x \\\n  .\ndocker push x', ['docker build \\\n  -t x \\\n  .', 'docker push x']],
    ['cat <<A <<-B; docker ps\nA(\nA\n"\n\tB\ndocker info', ['docker ps', 'docker info']],
    ['x=$(cat <<E\n)\nE\n)\ndocker ps', ['docker ps']],
    ['x=$(cat <<E\n)\nE)\ndocker ps', ['docker ps']],
    ['cat <<E\n$(docker ps)\nE', ['docker ps']],
    ['docker ps >/dev/null 2>&1 &', ['docker ps >/dev/null 2>&1']],
    ['>log docker ps &>x; docker info', ['docker ps &>x', 'docker info']],
    [
      "docker run ${{ inputs.a || '}} ;' }} b; docker ps",
      ["docker run ${{ inputs.a || '}} ;' }} b", 'docker ps'],
    ],
    ['docker run $[[ inputs.image ]] b', ['docker run $[[ inputs.image ]] b']],
    ['x=$(\n  docker ps\n\t)\ndocker info', ['docker ps', 'docker info']],
    ['fi; docker ps\ndone }\n) docker info', ['docker ps', 'docker info']],
    ['docker build .\r\ndocker push x\r\n', ['docker build .', 'docker push x']],
    [
      'd\\\nocker ps; "dock"er info; \\docker version',
      ['d\\\nocker ps', '"dock"er info', '\\docker version'],
    ],
  ];
  for (const [text, expected] of cases) assert.deepEqual(builds(text), expected, text);
});

test('sees no command in what only looks like one', () => {
  const cases = [
    '# docker build .',
    'true # && docker build .',
    'echo docker login -p x',
    'echo "; docker ps"',
    "echo 'x\ndocker ps\n' \"$(echo 'docker ps')\"",
    'cat <<EOF\ndocker build .\nEOF',
    "bash <<'EOF'\n$(docker ps)\nEOF",
    'cat <<-EOF > f\n\tdocker build .\n\tEOF',
    'X=docker',
    'CMD="docker build ." TOOL=docker',
    'export T="docker build"',
    'case docker in docker) ;; esac',
    'for t in docker buildah; do echo $t; done',
    'a=(docker build)',
    '[[ docker == x ]]',
    'command -v docker',
    'sudo -l docker',
    '> docker',
    'docker() { true; }',
    '$DOCKER docker',
    'echo \\\n docker ps',
    "$'docker\\x20ps'",
    "echo `echo '; docker ps'`",
  ];
  for (const text of cases) assert.deepEqual(builds(text), [], text);
});

test('commands know what precedes them, where they stand and what they are piped to', () => {
  const text = [
    'a | b |& c && d || e; f & g',
    'if ! h; then i; else j; fi | k',
    'l | while read m; do (n); done || { o; }',
    'p() { q "$(r)"; }',
    's &&',
    '  t',
  ].join('\n');
  const rows = readShell(text).commands.map(({ words, before, pipedFrom, pipedInto, tested, context }) =>
    [
      words[0]?.text,
      before,
      pipedFrom ? '<' : '',
      pipedInto ? '>' : '',
      tested ? '?' : '',
      context.join('.'),
    ].join(' '),
  );
  assert.deepEqual(rows, [
    'a start  > ? ',
    'b | < > ? ',
    'c |& <  ? ',
    'd &&   ? ',
    'e ||    ',
    'f ;    ',
    'g &    ',
    'h keyword  > ? if.negated',
    'i keyword  >  if',
    'j keyword  >  if',
    'k | <   ',
    'l newline  > ? ',
    'read keyword <  ? loop',
    'n start <  ? loop.subshell',
    'o keyword    group',
    'q keyword    function',
    'r start    function.substitution',
    's newline   ? ',
    't &&    ',
  ]);
});

function commandOf(text: string): ShellCommand {
  const command = readShell(text).commands[0];
  assert.ok(command, `no command in ${text}`);
  return command;
}

test('text that is not closed runs to the end and says so', () => {
  for (const text of [
    'docker "a',
    "docker 'a",
    'docker $(a',
    'docker `a',
    'docker ${a',
    'docker <<E\na',
    "docker $'a",
  ]) {
    assert.equal(readShell(text).complete, false, text);
    assert.equal(programOf(commandOf(text))?.name, 'docker', text);
  }
  assert.equal(readShell('if docker "a" `b` $(c)').complete, true);
});

test('a range of a text is read with offsets into the whole', () => {
  const text = 'sh -c "docker ps"; x';
  const inner = readShell(text, 7, 16).commands;
  assert.deepEqual(
    inner.map(command => text.slice(command.start, command.end)),
    ['docker ps'],
  );
  const ticks = 'a `b \\`c d\\` e` f';
  assert.deepEqual(
    readShell(ticks).commands.map(command => ticks.slice(command.start, command.end)),
    ['a `b \\`c d\\` e` f', 'b \\`c d\\` e', 'c d'],
  );
});
