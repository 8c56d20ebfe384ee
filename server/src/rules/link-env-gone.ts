/** Flags variables of container links, which runners no longer make. */

import type { Command } from '../model/build-site.js';
import type { FixPlan } from '../model/finding.js';
import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import type { ShellWord } from '../syntax/shell.js';
import { dindServices } from '../trace/docker-image.js';
import { changeCommand } from './command-changes.js';
import { defineRule, type Report, type SiteContext } from './define.js';
import { onlyFix } from './images.js';

const LINK = /^DOCKER_PORT_(237[56])_TCP(?:_(ADDR|PORT|PROTO))?$/;

export default defineRule({
  id: 'link-env-gone',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-ci'],
  ...prose({
    title: 'Variable of container links, which runners no longer make',
    why: "Docker's old links gave a job variables such as DOCKER_PORT_2375_TCP for every service. Runners make no links since 18.7, nor with FF_NETWORK_PER_BUILD, nor on Kubernetes, so the variable is empty and docker looks for a socket.",
    remedy: 'Write the address: DOCKER_HOST: tcp://docker:2376 with TLS, tcp://docker:2375 without.',
    sources: ['https://docs.gitlab.com/runner/executors/docker/#network-configurations'],
  }),
  fixable: true,
  site: linkVariables,
});

function* linkVariables(context: SiteContext): Iterable<Report> {
  const { site } = context;
  if (dindServices(site).length === 0) return;
  for (const command of site.commands) {
    for (const { word, part, name } of uses(command)) {
      if (site.env.get(name).state !== 'absent') continue;
      yield {
        at: command.script.place(part.start, part.end),
        message: `$${name} in ${nameOf(site)} is empty: runners make no links since 18.7, and so no such variables.`,
        fixes: () => writeAddress(context, command, word, name),
      };
    }
  }
}

/** Link variables in the words of a command; one with a default of its own is looked after. */
function uses({ shell }: Command) {
  const words = [...shell.words, ...shell.assignments.map(({ value }) => value)];
  return words.flatMap(word =>
    word.parts.flatMap(part =>
      part.kind === 'variable' && part.operator === undefined && LINK.test(part.name) && !shell.tested
        ? [{ word, part, name: part.name }]
        : [],
    ),
  );
}

/** Only where the daemon does listen on that port, without TLS, and the variable is all there is of the word. */
function writeAddress(
  { blind }: SiteContext,
  command: Command,
  word: ShellWord,
  name: string,
): readonly FixPlan[] {
  const [, port = '', what = ''] = LINK.exec(name) ?? [];
  const open = blind
    .flatMap(({ beside }) => beside)
    .some(({ listens }) =>
      listens.some(({ endpoint, tls }) => endpoint.endsWith(`:${port}`) && tls === 'none'),
    );
  const part = word.parts.find(one => one.kind === 'variable' && one.name === name);
  if (!open || !part) return [];
  const text = { ADDR: 'docker', PORT: port, PROTO: 'tcp' }[what] ?? `tcp://docker:${port}`;
  const { start, end } = part;
  return onlyFix(`Write ${text}`, 'safe', changeCommand(command, { start, end, text }));
}
