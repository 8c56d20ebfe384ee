/** The options of the benchmark's command line. */
import { parseArgs } from 'node:util';

export const USAGE = `node bench/run.mjs [options]

  --runs N          samples of each measure, the median counts (5)
  --quick           one run
  --edits N         key presses in each sample (200)
  --edit-seconds S  time that slow servers get for them, at least 5 key presses (10)
  --sizes A,B       lines of the pipelines, at least 40 each (50,500,5000,50000); empty for none
  --trees A,B       files of the trees (100,1000); empty for none
  --projects A,B    files of the projects that are typed in (1000); empty for none
  --seed N          seed of the generated files (1)
  --server CMD      measure this language server (node dist/server.js --stdio)
  --cli CMD         measure this command line, followed by: check --fail-on never DIR (node dist/cli.js)
  --keep            keep the generated files and print where they are
`;

/**
 * @typedef {object} Options
 * @property {boolean} help
 * @property {number} runs
 * @property {number} edits
 * @property {number} editSeconds
 * @property {readonly number[]} sizes lines
 * @property {readonly number[]} trees files
 * @property {readonly number[]} projects files
 * @property {number} seed
 * @property {readonly string[]} server program and arguments
 * @property {readonly string[]} cli program and arguments
 * @property {string} name what the measured server is called in the tables
 * @property {boolean} keep
 */

/**
 * Reads the options.
 * @param {readonly string[]} argv without the program's own name
 * @returns {Options}
 * @throws {Error} on an unknown option or a number that is none
 */
export function readOptions(argv) {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      runs: { type: 'string', default: '5' },
      quick: { type: 'boolean', default: false },
      edits: { type: 'string', default: '200' },
      'edit-seconds': { type: 'string', default: '10' },
      sizes: { type: 'string', default: '50,500,5000,50000' },
      trees: { type: 'string', default: '100,1000' },
      projects: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      server: { type: 'string' },
      cli: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  });
  return {
    help: values.help,
    runs: values.quick ? 1 : count('runs', values.runs, 1),
    edits: count('edits', values.edits, 1),
    editSeconds: count('edit-seconds', values['edit-seconds'], 1),
    sizes: counts('sizes', values.sizes, 40),
    trees: counts('trees', values.trees, 1),
    projects: counts('projects', values.projects, 1),
    seed: count('seed', values.seed, 0),
    server: command(values.server ?? 'node dist/server.js --stdio'),
    cli: command(values.cli ?? 'node dist/cli.js'),
    name: values.server === undefined ? 'Drydock' : 'given server',
    keep: values.keep,
  };
}

function counts(name, text, least) {
  if (text.trim() === '') return [];
  return text.split(',').map(part => count(name, part, least));
}

function count(name, text, least) {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new Error(`--${name}: ${text} is not a whole number of at least ${least}`);
}

/** Splits at blanks; `node` becomes the Node.js that runs this, so that all servers run on the same one. */
function command(text) {
  const [program, ...rest] = text.trim().split(/\s+/);
  return [program === 'node' ? process.execPath : program, ...rest];
}
