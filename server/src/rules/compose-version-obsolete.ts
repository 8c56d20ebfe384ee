/** Flags keys of a file that its tool no longer reads. */

import { prose } from '../model/prose.js';
import { ownContainer } from './containers.js';
import { defineRule } from './define.js';

export default defineRule({
  id: 'compose-version-obsolete',
  severity: 'info',
  profile: 'default',
  dialects: ['compose'],
  ...prose({
    title: 'version at the top of a Compose file',
    why: 'Compose reads every file by its current specification, whatever version says, and warns about the key at each command.',
    remedy: 'Delete the line.',
    sources: [
      'https://docs.docker.com/reference/compose-file/version-and-name/',
      'https://github.com/compose-spec/compose-spec/blob/main/04-version-and-name.md',
    ],
  }),
  fixable: true,

  *site(context) {
    if (!ownContainer(context)) return;
    for (const { value, origin } of context.site.obsoleteKeys ?? []) {
      const { entry } = origin;
      yield {
        at: entry ?? origin.place,
        message: `Compose ignores "${value}", and warns about it each time.`,
        ofFile: true,
        fixes: () =>
          entry
            ? [
                {
                  title: `Remove "${value}"`,
                  safety: 'safe',
                  preferred: true,
                  intents: [{ kind: 'remove-entry', entry }],
                },
              ]
            : [],
      };
    }
  },
});
