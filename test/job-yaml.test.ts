/** Holds the YAML of effective jobs against the jobs themselves, and its comments against where values come from. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { type JobRow, jobComment, jobLines } from '../server/src/analysis/index.js';
import { readFixtures } from './support/fixture.js';
import { projectOf } from './support/project.js';

function yamlOf(row: JobRow): string {
  return jobLines(row)
    .map(line => {
      const comment = jobComment(line, ({ path }) => path);
      return comment === undefined ? line.text : `${line.text}  # ${comment}`;
    })
    .join('\n');
}

/** The job as its YAML ought to be read. */
function expected({ job }: JobRow): Record<string, unknown> {
  const texts = (items: readonly { readonly text: string }[]) => items.map(({ text }) => text.trimEnd());
  const values = (map: JobRow['job']['variables']) =>
    Object.fromEntries(
      [...map].map(([name, { text, raw }]) => [name, raw ? { value: text, expand: false } : text]),
    );
  const services = job.services.map(({ name, alias, entrypoint, command, variables }) => {
    const more = {
      ...(alias ? { alias: alias.text } : {}),
      ...(entrypoint ? { entrypoint: entrypoint.map(({ text }) => text) } : {}),
      ...(command ? { command: command.map(({ text }) => text) } : {}),
      ...(variables.size > 0 ? { variables: values(variables) } : {}),
    };
    return Object.keys(more).length > 0 ? { name: name.text, ...more } : name.text;
  });
  const { image } = job;
  const entrypoint = image?.entrypoint?.map(({ text }) => text);
  const all = {
    ...(image ? { image: entrypoint ? { name: image.name.text, entrypoint } : image.name.text } : {}),
    services,
    tags: job.tags.map(({ text }) => text),
    variables: values(job.variables),
    ...(job.matrix ? { parallel: { matrix: job.matrix.map(row => Object.fromEntries(row)) } } : {}),
    before_script: texts(job.script.before),
    script: texts(job.script.main),
    after_script: texts(job.script.after),
  };
  const isEmpty = (value: unknown) =>
    typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return Object.fromEntries(Object.entries(all).filter(([, value]) => !isEmpty(value)));
}

test('the YAML of every job of every fixture is read as that job', () => {
  let jobs = 0;
  for (const { name, files } of readFixtures('test/fixtures')) {
    const project = projectOf(files.map(({ path, text }) => [path, text]));
    for (const row of project.jobs()) {
      jobs += 1;
      const read = parse(yamlOf(row))[row.job.name];
      assert.deepEqual(read ?? {}, expected(row), `${name}: ${row.job.name}`);
    }
  }
  assert.ok(jobs > 200);
});

const ODD = `"job: 1 # x":
  image: { name: "docker:29.7.2-cli", entrypoint: [""] }
  tags: [12, "a: b"]
  variables: { A: "1\\n2", B: { value: $X, expand: false }, C: 'יום' }
  script:
    - "a: b # no comment"
    - "  starts with blanks\\nand goes on"
    - |
      two

      lines  # kept
    - "!reference"
    - "tab\\there\\nand there"
    - '-'
    - "\\u0007 bell\\nline"
`;

test('texts that YAML could take for something else stay what they are', () => {
  const [row] = projectOf([['.gitlab-ci.yml', ODD]]).jobs();
  assert.ok(row);
  assert.deepEqual(parse(yamlOf(row))['job: 1 # x'], expected(row));
});

test('a comment says how a value came and from where, and holes are named', () => {
  const files: [string, string][] = [
    [
      '.gitlab-ci.yml',
      'include: [base.yml, { remote: "https://example.com/x.yml" }]\njob:\n  extends: .base\n  script: x\n',
    ],
    ['base.yml', 'default: { before_script: [y] }\n.base:\n  image: docker:cli\n'],
  ];
  const [row] = projectOf(files).jobs();
  const text = row ? yamlOf(row) : '';
  assert.match(text, /^ {2}image: docker:cli {2}# extends \.base, base\.yml$/m);
  assert.match(text, /^ {4}- y {2}# default, base\.yml$/m);
  assert.match(text, /^ {4}- x {2}# \.gitlab-ci\.yml$/m);
  assert.match(text, /^ {2}# \? services: it includes https:\/\/example\.com\/x\.yml$/m);
});
