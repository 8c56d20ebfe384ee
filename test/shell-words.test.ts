/** What the shell reader makes of words, flags, assignments and redirections. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  assignmentOf,
  programOf,
  readFlags,
  readShell,
  type ShellCommand,
  type ShellPart,
  type ShellWord,
} from '../server/src/syntax/shell.js';

function first(text: string): ShellCommand {
  const command = readShell(text).commands[0];
  assert.ok(command, `no command in ${text}`);
  return command;
}

/** The word after `x ` in a script. */
function word(text: string): ShellWord {
  const found = first(`x ${text}`).words[1];
  assert.ok(found, `no word in ${text}`);
  return found;
}

test('programOf sees through wrappers', () => {
  const cases: [string, string | undefined][] = [
    ['sudo -E -u root FOO=1 docker ps', 'docker 5'],
    ['sudo -- docker ps', 'docker 2'],
    ['sudo --user root docker ps', 'docker 3'],
    ['env -i A=b C="$D" docker ps', 'docker 4'],
    ['timeout -k 5 5m docker ps', 'docker 4'],
    ['timeout --signal=KILL 5m nice -n 5 docker ps', 'docker 6'],
    ['exec nohup /usr/bin/docker ps', 'docker 2'],
    ['command docker ps', 'docker 1'],
    ['command -v docker', 'command 0'],
    ['time -p docker ps', 'docker 2'],
    ['sudo', 'sudo 0'],
    ['env A=b', 'env 0'],
    ['xargs docker rm', 'xargs 0'],
    ['$X docker', undefined],
    ['sudo $X docker', undefined],
    ['A=b', undefined],
  ];
  for (const [text, expected] of cases) {
    const program = programOf(first(text));
    assert.equal(program && `${program.name} ${program.index}`, expected, text);
  }
});

test('readFlags tells flags, values and operands apart', () => {
  const valued = new Set(['-p', '-u', '--password', '-v', '-e', '--build-arg']);
  const read = (text: string, interspersed = true): [string[], string[]] => {
    const { flags, operands } = readFlags(first(`x ${text}`).words.slice(1), valued, interspersed);
    const shown = flags.map(({ name, value }) =>
      value ? `${name} ${`x ${text}`.slice(value.start, value.end)}` : name,
    );
    return [shown, operands.map(operand => operand.text)];
  };
  assert.deepEqual(read('-u me -p "$P" reg'), [['-u me', '-p "$P"'], ['reg']]);
  assert.deepEqual(read('--password=abc --password "a b"'), [['--password abc', '--password "a b"'], []]);
  assert.deepEqual(read('--password="$P" "--password=$Q" --pull=false'), [
    ['--password "$P"', '--password $Q', '--pull false'],
    [],
  ]);
  assert.deepEqual(read("-pabc -p'x y' -p=z -p"), [['-p abc', "-p 'x y'", '-p z', '-p'], []]);
  assert.deepEqual(read('-itv /a:/b -de A=b -itv/c:/d img'), [
    ['-i', '-t', '-v /a:/b', '-d', '-e A=b', '-i', '-t', '-v /c:/d'],
    ['img'],
  ]);
  assert.deepEqual(read('-i -- -p x'), [['-i'], ['-p', 'x']]);
  assert.deepEqual(read('--rm img -v x', false), [['--rm'], ['img', '-v', 'x']]);
  assert.deepEqual(read('- $FLAGS -t'), [['-t'], ['-', '$FLAGS']]);
  const text = 'x --password="$P"';
  assert.equal(readFlags(first(text).words, valued).flags[0]?.value?.literal, false);
});

test('words undo quotes and keep expansions', () => {
  const cases: [string, string, boolean, ShellWord['quoted']][] = [
    ['abc', 'abc', true, 'none'],
    ["'a $b'", 'a $b', true, 'single'],
    ['"a \\"$b\\" \\n"', 'a "$b" \\n', false, 'double'],
    ['"a \\$b"', 'a $b', true, 'double'],
    ['a"b"\'c\'', 'abc', true, 'mixed'],
    ["$'a\\tb\\'\\u00e9\\0101'", "a\tb'\u00e9\b1", true, 'single'],
    ['a\\ b\\\nc', 'a bc', true, 'none'],
    ['""', '', true, 'double'],
    ['$(a "b" `c`)x', '$(a "b" `c`)x', false, 'none'],
    ['*.tar', '*.tar', false, 'none'],
    ['\\*.tar', '*.tar', true, 'none'],
    ['"*"', '*', true, 'double'],
    ['~/x', '~/x', false, 'none'],
    ['{a,b}', '{a,b}', false, 'none'],
    ['{{.ID}}', '{{.ID}}', true, 'none'],
    ['[', '[', true, 'none'],
    ["'${{ secrets.P }}'", '${{ secrets.P }}', false, 'single'],
    ['a#b', 'a#b', true, 'none'],
    ['5$', '5$', true, 'none'],
  ];
  for (const [text, expected, literal, quoted] of cases) {
    const found = word(text);
    assert.equal(`x ${text}`.slice(found.start, found.end), text);
    assert.deepEqual([found.text, found.literal, found.quoted], [expected, literal, quoted], text);
  }
  assert.equal(first('x a\\\n  && b').end, 3);
});

test('parts name variables and their operators', () => {
  const text = 'x "a$B${C:-d e}${#E}${F%%.*}$((1+1))$(g)"h';
  const shown = (first(text).words[1]?.parts ?? []).map(part => [
    text.slice(part.start, part.end),
    summary(part),
  ]);
  assert.deepEqual(shown, [
    ['a', 'a'],
    ['$B', 'B'],
    ['${C:-d e}', 'C :- d e'],
    ['${#E}', 'other'],
    ['${F%%.*}', 'F %% .*'],
    ['$((1+1))', 'other'],
    ['$(g)', '1 commands'],
    ['h', 'h'],
  ]);
});

function summary(part: ShellPart): string {
  if (part.kind === 'text') return part.text;
  if (part.kind === 'command') return `${part.commands.length} commands`;
  if (part.kind === 'other') return 'other';
  return [part.name, part.operator, part.word].filter(item => item !== undefined).join(' ');
}

test('assignments and redirections know their pieces', () => {
  const text = 'A=1 B+="x $y" C= run D=2 >>log 2>&1 <<-"E F" 3<in\n\tbody $z\n\tE F\n';
  const command = first(text);
  const shown = command.assignments.map(({ name, append, value }) => [
    name,
    append,
    text.slice(value.start, value.end),
    value.text,
    value.literal,
  ]);
  assert.deepEqual(shown, [
    ['A', false, '1', '1', true],
    ['B', true, '"x $y"', 'x $y', false],
    ['C', false, '', '', true],
  ]);
  assert.deepEqual(
    command.words.map(item => item.text),
    ['run', 'D=2'],
  );
  assert.deepEqual(
    command.redirects.map(({ operator, fd, target }) => [fd, operator, target?.text]),
    [
      [undefined, '>>', 'log'],
      ['2', '>&', '1'],
      [undefined, '<<-', 'E F'],
      ['3', '<', 'in'],
    ],
  );
  const body = command.redirects[2]?.body;
  assert.deepEqual(body && [text.slice(body.start, body.end), body.expands], ['\tbody $z\n', false]);
  const exported = first('export H="tcp://a b"').words[1];
  const assignment = exported && assignmentOf('export H="tcp://a b"', exported);
  assert.deepEqual(
    [assignment?.name, assignment?.value.text, assignment?.value.quoted],
    ['H', 'tcp://a b', 'double'],
  );
});
