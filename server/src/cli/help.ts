/** The texts of `--help`. */

export const COMMANDS = ['check', 'trace', 'jobs', 'log', 'rules', 'explain'] as const;

export type CommandName = (typeof COMMANDS)[number];

export const GENERAL_HELP = `Drydock tells whether the container builds of a pipeline will work, how safe they are, and how to put them right.

Usage: drydock COMMAND [ARGUMENTS]

  check [PATH...|-]   report what is wrong, and fix it with --fix
  trace [PATH...]     tell which daemon each build reaches, over what, and why
  jobs [PATH...]      show the effective GitLab jobs, and where each value comes from
  log [FILE|-]        find the known errors in a job log, and what they come from
  rules               list the rules
  explain RULE        say what a rule means and what to do

  --help              this text; after a command, the help of that command
  --version           the version, and the dates of the data

Exit codes: 0 nothing to report, 1 findings, 2 wrong use or unreadable input, 3 internal error.
`;

const INPUT_HELP = `  PATH                a file, or a folder to search; the current folder when none is given
  -                   read standard input; needs --as
  --as DIALECT        what all named files are: gitlab-ci, gitlab-runner, helm-values,
                      drydock-config`;

export const COMMAND_HELP: Readonly<Record<CommandName, string>> = {
  check: `Reports what is wrong with the builds in pipelines and runner files.

Usage: drydock check [PATH...|-] [OPTIONS]

${INPUT_HELP}
  --format FORMAT     text (default), json, sarif, gitlab (Code Quality), github (workflow commands)
  --fix[=safe|all]    make the fixes, by default the safe ones, and report what is left;
                      with -, the new text goes to standard output and the report to standard error
  --diff              show what --fix would change, and write nothing; the report goes to standard error
  --profile PROFILE   default, strict, pedantic; wins over .drydock.yml
  --fail-on LEVEL     exit with 1 from this severity on: error (default), warning, info, never
`,
  trace: `Tells which daemon each build reaches, over what, and why.

Usage: drydock trace [PATH...|-] [OPTIONS]

${INPUT_HELP}
  --job NAME          only this job
  --format FORMAT     text (default), json
`,
  jobs: `Shows the jobs of GitLab pipelines as GitLab would hand them to a runner: includes, extends, defaults and
references merged, where each value comes from, and what the files leave open.

Usage: drydock jobs [PATH...|-] [OPTIONS]

${INPUT_HELP}
  --job NAME          only this job
  --format FORMAT     text (default), json
`,
  log: `Finds the known error texts of a job log, names their likely causes, the likeliest first, and says which job and
which line they stand in. Secrets in the log are not shown.

Usage: drydock log [FILE|-] [OPTIONS]

  FILE                the log as GitLab or GitHub hand it out; standard input when none is given, or with -
  --workspace DIR     the project that the log is of; without it no other file is read
  --format FORMAT     text (default), json
`,
  rules: `Lists the rules.

Usage: drydock rules [OPTIONS]

  --format FORMAT     text (default), json
`,
  explain: `Says what a rule means, why it matters and what to do.

Usage: drydock explain RULE [OPTIONS]

  --format FORMAT     text (default), json
`,
};
