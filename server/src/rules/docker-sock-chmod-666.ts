/** Flags scripts that open the docker socket to every user of the machine. */

import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { programOf, readFlags } from '../syntax/shell.js';
import { defineRule } from './define.js';

const SOCKET = /^(?:\/var)?\/run\/docker\.sock$/;

/** Modes that let others write: 666, 0777, o+rw, a+w, +rw is left to the umask. */
const OPEN = /^0?[0-7]{2}[2367]$|^(?:[ugoa]*[oa][ugoa]*)[+=][rxst]*w[rxst]*$/;

export default defineRule({
  id: 'docker-sock-chmod-666',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-ci', 'github-actions', 'compose', 'jenkinsfile', 'kubernetes', 'shell'],
  ...prose({
    title: 'Docker socket open to everyone',
    why: 'Whoever may write to the docker socket can start a container that mounts the root of the machine. After chmod 666 every user and every process on it is root, until docker is started anew.',
    remedy:
      'Give the user the group of the socket: usermod -aG docker gitlab-runner for a runner, group_add in Compose; or use rootless docker.',
    sources: [
      'https://docs.docker.com/engine/install/linux-postinstall/',
      'https://docs.docker.com/engine/security/#docker-daemon-attack-surface',
    ],
  }),
  fixable: false,

  *site({ site }) {
    for (const { shell, script } of site.commands) {
      const program = programOf(shell);
      if (program?.name !== 'chmod') continue;
      const [mode, ...files] = readFlags(shell.words.slice(program.index + 1), new Set()).operands;
      const socket = files.find(word => word.literal && SOCKET.test(word.text));
      if (!mode?.literal || !socket || !OPEN.test(mode.text)) continue;
      yield {
        at: script.place(mode.start, socket.end),
        message: `${titleOf(site)} lets every user write to ${socket.text}, which makes them root (${mode.text}).`,
      };
    }
  },
});
