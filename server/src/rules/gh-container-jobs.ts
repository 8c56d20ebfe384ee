/** Says what docker is in a job that runs in a container: that of the machine, with the paths of the machine. */
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { defineRule, type SiteContext } from './define.js';
import { dockerRuns } from './docker-runs.js';
import { severityOf } from './surety.js';

const RUNNER = 'https://github.com/actions/runner/blob/main/src/Runner.Worker/Container/ContainerInfo.cs';

const hasSocket = defineRule({
  id: 'gh-container-job-has-socket',
  severity: 'info',
  profile: 'default',
  dialects: ['github-actions'],
  ...prose({
    title: 'docker of the machine in a container job',
    why: 'The runner mounts /var/run/docker.sock into the container of every job on Linux, whether it asks for it or not. docker in the job therefore talks to the daemon of the machine, and whatever the image of the container runs can do so too.',
    remedy:
      'Know it: containers that the job starts are beside it, not in it, and paths are those of the machine. Set DOCKER_HOST for another daemon, and use images that you trust.',
    sources: [RUNNER],
  }),
  fixable: false,
  *site(context) {
    const image = settled(context.site.image);
    const [trace] = ofMachine(context);
    if (!image || !trace || !/^unix:/.test(trace.client?.endpoint ?? '')) return;
    yield {
      at: image.origin.place,
      message: `docker in the container of job "${context.site.name}" is that of the machine: the runner mounts its socket.`,
    };
  },
});

const bindPath = defineRule({
  id: 'gh-container-bind-path',
  severity: 'warning',
  profile: 'default',
  dialects: ['github-actions'],
  ...prose({
    title: 'Folder of a container job mounted into another container',
    why: 'In a container job the working copy lies below /__w, on the machine it lies elsewhere. The daemon of the machine looks for the source of a mount there, finds nothing, and mounts an empty folder.',
    remedy:
      'Run the job without a container, or write ${{ github.workspace }}, which is the path on the machine.',
    sources: [RUNNER, 'https://github.com/actions/runner/issues/2058'],
  }),
  fixable: false,
  *site(context) {
    const { site, tools } = context;
    if (site.image.state === 'absent' || ofMachine(context).length === 0) return;
    for (const { command, binds } of dockerRuns(tools)) {
      const bind = binds.find(({ source }) => PROJECT.test(source));
      if (!bind || !severityOf(command)) continue;
      yield {
        at: command.script.place(bind.value.start, bind.value.end),
        message: `${titleOf(site)} mounts ${bind.source} of its container, and on the machine that is an empty folder.`,
      };
    }
  },
});

const PROJECT =
  /^(?:\$GITHUB_WORKSPACE|\$\{GITHUB_WORKSPACE\}|\$PWD|\$\{PWD\}|\$\(pwd\)|`pwd`|\.\.?(?=\/|$)|\/__w\/)/;

/** The rows of a job in a container that all lead to the daemon of its machine. */
function ofMachine({ site, tools, blind }: SiteContext): SiteContext['blind'] {
  const executor = site.runsOn && settled(site.runsOn.paired.runner.executor);
  const inContainer = site.image.state !== 'absent' && executor === 'docker';
  const rows = blind.filter(({ client }) => client !== undefined);
  const all = rows.every(({ daemon }) => /^host(?:ed|-socket)$/.test(daemon.kind));
  return inContainer && all && tools.some(({ tool }) => tool === 'docker') ? rows : [];
}

export default [hasSocket, bindPath];
