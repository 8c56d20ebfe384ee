/** The programs that the images of the targets have, for commands that stay in the script as they are. */
import type { BuildSite, Command } from '../../model/build-site.js';
import { programOf } from '../../syntax/shell.js';
import { refuse } from './refusal.js';

/** What the shell itself does, but for what runs texts that are not in view (`.`, `eval`). Source: POSIX.1-2024, Special Built-In and Regular Built-In Utilities; `[[` of BusyBox. */
const BUILTINS =
  ': [ [[ break cd command continue echo exec exit export false getopts hash kill let local printf ' +
  'pwd read readonly return set shift test times trap true type ulimit umask unalias unset wait';

/** In BusyBox as Alpine and kaniko build it, and in GNU coreutils, grep and sed of Fedora. */
const COMMON =
  'base64 basename cat chmod chown cp cut date dirname du env expr grep egrep fgrep head id ls ln md5sum mkdir ' +
  'mktemp mv nice nproc printenv readlink realpath rm rmdir sed seq sha1sum sha256sum sha512sum sleep sort split ' +
  'stat sync tail tee timeout touch tr uname uniq wc whoami yes';

/** Further ones of BusyBox. */
const BUSYBOX = 'awk find gunzip gzip hostname nc ping tar time unzip wget which';

/** Its git refuses to read a checkout of another user. Source: moby/buildkit Dockerfile, stage `rootless`. */
const BUILDKIT = 'openssl pigz ssh ssh-add ssh-agent ssh-keyscan xz buildctl buildctl-daemonless.sh';

const PROGRAMS = {
  'buildkit-rootless': [BUILTINS, COMMON, BUSYBOX, BUILDKIT],
  kaniko: [BUILTINS, COMMON, BUSYBOX],
  buildah: [BUILTINS, COMMON, 'buildah'],
} as const;

export type Tool = keyof typeof PROGRAMS;

/**
 * Checks that what stays in the script can run in the image of the new job.
 * @param gone commands that do not stay
 * @throws Refusal naming the program that is missing
 */
export function checkPrograms(site: BuildSite, tool: Tool, gone: ReadonlySet<Command>, image: string): void {
  const known = new Set(PROGRAMS[tool].join(' ').split(' '));
  for (const command of site.commands) {
    if (gone.has(command) || command.shell.words.length === 0) continue;
    const program = programOf(command.shell);
    const path = program && command.shell.words[program.index]?.text;
    if (!program || !path) refuse('Which program this command runs cannot be told.', command);
    if (handsDockerOn(command)) refuse(`${path} is handed docker, which the new job does not have.`, command);
    const missing = [command.shell.words[0]?.text ?? '', path].find(
      one => !known.has(one) || /^\.{0,2}\//.test(one),
    );
    if (missing !== undefined)
      refuse(`${missing} cannot be counted on in ${image}; move what needs it to a job of its own.`, command);
    const [needless] = command.shell.redirects.filter(
      ({ operator }) => operator === '<<<' || operator === '&>',
    );
    if (needless && tool !== 'buildah')
      refuse(`${needless.operator} is known to bash, which ${image} does not have.`, command);
  }
}

/** `find -exec docker …`, `trap "docker logout" EXIT`, `which docker`; what is only printed runs nothing. */
function handsDockerOn({ shell: { words } }: Command): boolean {
  if (/^(?:echo|printf)$/.test(words[0]?.text ?? '')) return false;
  return words.some(({ text }) => /(?:^|[\s;|&(])docker(?:-compose|-buildx)?(?:\s|$)/.test(text));
}
