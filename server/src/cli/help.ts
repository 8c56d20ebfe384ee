/** The texts of `--help`. */
import { DIALECT_IDS } from '../model/build-site.js';

export const COMMANDS = [
  'check',
  'trace',
  'jobs',
  'log',
  'plan',
  'convert',
  'strategies',
  'rules',
  'explain',
] as const;

export type CommandName = (typeof COMMANDS)[number];

export const GENERAL_HELP = `Drydock tells whether the container builds of a pipeline will work, how safe they are, and how to put them right.

Usage: drydock COMMAND [ARGUMENTS]

  check [PATH...|-]   report what is wrong, and fix it with --fix
  trace [PATH...]     tell which daemon each build reaches, over what, and why
  jobs [PATH...]      show the effective GitLab jobs, and where each value comes from
  log [FILE|-]        find the known errors in a job log, and what they come from
  plan                print or write the files of a build strategy
  convert FILE        move a job or service to another build strategy
  strategies          list the build strategies
  rules               list the rules
  explain RULE        say what a rule means and what to do

  --help              this text; after a command, the help of that command
  --version           the version, and the dates of the data

Exit codes: 0 nothing to report, 1 findings, 2 wrong use or unreadable input, 3 internal error.
`;

const INPUT_HELP = `  PATH                a file, or a folder to search; the current folder when none is given
  -                   read standard input; needs --as
  --as DIALECT        what all named files are:
${wrapped(DIALECT_IDS)}`;

/** Words in lines that go with the second column. */
function wrapped(words: readonly string[]): string {
  return words
    .join(', ')
    .replace(/(.{1,66})(?: |$)/g, `${' '.repeat(22)}$1\n`)
    .trimEnd();
}

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
  plan: `Prints the files of a build strategy, or writes them: the pipeline, one runner file, and the .drydock.yml that
declares the runner. The pipeline builds the Dockerfile at the root and pushes to the project's registry.

Usage: drydock plan --platform PLATFORM --strategy STRATEGY [OPTIONS]
       drydock plan --platform PLATFORM --need NEED[,NEED...] [OPTIONS]

  --platform PLATFORM gitlab-docker, gitlab-kubernetes, github-hosted, github-self-hosted, github-arc,
                      jenkins-docker, jenkins-kubernetes, compose
  --strategy STRATEGY one of drydock strategies
  --need NEED         what is needed, instead of a strategy; shows the ranking, and takes the first:
                      build, run (docker run, Compose, Testcontainers), multi-arch;
                      unprivileged (default), privileged: what the runner may be;
                      shared (default), single-tenant, ephemeral: who may run jobs there
  --runner KIND       the runner file: config (config.toml), helm (values of the chart, on Kubernetes)
  --write DIR         write the files there; those that are there already are never overwritten, and then
                      none is written
`,
  convert: `Moves a GitLab job to another build strategy: image, services, variables and the docker or kaniko commands of its
script; or a template, with all jobs that take parts from it. A Compose service with the docker socket of its host gets
a socket proxy. Where the result would not do the same, it says why, exits with 1 and leaves the file alone.

Usage: drydock convert FILE --job NAME --to STRATEGY --diff|--write

  FILE                the pipeline or Compose file
  --job NAME          the job, template or service
  --to STRATEGY       buildkit-rootless, buildah, kaniko (the maintained fork), dind-tls, dood; socket-proxy for Compose
  --diff              print the change, and on standard error what the new job does in another way
  --write             write the file
`,
  strategies: `Lists the build strategies, and the platforms that each has a recipe for.

Usage: drydock strategies [OPTIONS]

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
