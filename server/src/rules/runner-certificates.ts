/** Flags runners that share more of the certificates of dind, or with more jobs, than they should. */

import type { Container, Mount, Runner } from '../model/build-site.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { mountAt, pathTo } from '../trace/sharing.js';
import { clientContainer } from './containers.js';
import { defineRule } from './define.js';
import { containersOf, onOneEngine, runsAtOnce } from './runner-facts.js';

const DOCS = 'https://docs.gitlab.com/ci/docker/docker_in_docker/';

export default [
  defineRule({
    id: 'certs-whole-dir-shared',
    severity: 'info',
    profile: 'default',
    dialects: ['gitlab-runner', 'compose', 'kubernetes', 'jenkinsfile', 'shell'],
    ...prose({
      title: 'The private keys of dind shared with its clients',
      why: 'Below /certs lie the keys of the certificate authority and of the daemon, beside what a client needs. With the whole folder as a volume every client reads them; on a runner they stay for the next jobs of the project.',
      remedy: 'Share /certs/client only.',
      sources: [
        'https://github.com/docker-library/docker/blob/master/29/cli/Dockerfile',
        `${DOCS}#docker-in-docker-with-tls-enabled-in-the-docker-executor-recommended`,
      ],
    }),
    fixable: true,
    *site(context) {
      const self = clientContainer(context);
      for (const { service, certDir } of context.blind.flatMap(({ reached }) => reached ?? [])) {
        const daemon = service.container;
        if (!self || !daemon || certDir === undefined) continue;
        const mount = keyMount(self.container, daemon, certDir);
        if (!mount) continue;
        yield {
          at: mount.origin.place,
          message: `${titleOf(context.site)} gets the private keys of dind with this volume; a client needs ${certDir}/client only.`,
        };
        return;
      }
    },
    *runner({ paired: { runner } }) {
      if (containersOf(runner) !== 'docker') return;
      for (const { source, target, origin } of settled(runner.mounts) ?? []) {
        // What is bound there from the host is somebody's own.
        if (source !== undefined || !/^\/certs\/?$/.test(target)) continue;
        yield {
          at: origin.place,
          message: `Runner "${runner.name}" shares the private keys of dind with its jobs; a client needs /certs/client only.`,
          fixes: () => [
            {
              title: 'Share /certs/client only',
              safety: 'safe',
              preferred: true,
              intents: [{ kind: 'replace-value', at: origin.place, value: '/certs/client' }],
            },
          ],
        };
      }
    },
  }),
  defineRule({
    id: 'certs-volume-reused-concurrent',
    severity: 'warning',
    profile: 'default',
    dialects: ['gitlab-runner'],
    ...prose({
      title: 'One folder of certificates for several dind at once',
      why: 'Each dind service makes a certificate authority of its own when it starts, and writes the client certificates anew. In a folder of the host all jobs share them, so the job that started first is left with those of another daemon: "x509: certificate signed by unknown authority".',
      remedy:
        'Write the path alone, "/certs/client": each job that runs at a time then gets a volume of its own.',
      sources: [`${DOCS}#use-a-unix-socket-on-a-shared-volume-between-docker-in-docker-and-build-container`],
    }),
    fixable: true,
    *runnerFile({ file }) {
      for (const runner of file.runners) {
        const mount = sharedCertificates(runner);
        if (!mount || !onOneEngine(runner) || !runsAtOnce(file, runner)) continue;
        yield {
          at: mount.origin.place,
          message: `Jobs of runner "${runner.name}" that run at once overwrite each other's dind certificates in ${mount.source}.`,
          confidence: 'medium',
          fixes: () => [
            {
              title: 'Give each job a volume of its own',
              safety: 'unsafe',
              preferred: true,
              intents: [{ kind: 'replace-value', at: mount.origin.place, value: '/certs/client' }],
            },
          ],
        };
      }
    },
  }),
];

/** The volume that shows a client what only the daemon should have: the keys of its CA and its own. */
function keyMount(client: Container, daemon: Container, certDir: string): Mount | undefined {
  const path = pathTo(client, daemon, `${certDir}/ca`) ?? pathTo(client, daemon, `${certDir}/server`);
  return path === undefined ? undefined : mountAt(client, path);
}

/** A folder of the host, or a volume with a name, for the client's certificates alone. */
function sharedCertificates(runner: Runner): Mount | undefined {
  return settled(runner.mounts)?.find(
    ({ source, target, mode }) =>
      source !== undefined && /^\/certs\/client\/?$/.test(target) && !mode.split(',').includes('ro'),
  );
}
