/** Flags values of a runner's configuration that have a type with which the runner refuses the file. */
import type { RunnerKeyTable } from '../catalog/variables.js';
import type { RunnerFile, Setting } from '../model/build-site.js';
import { prose } from '../model/prose.js';
import { defineRule, type Report } from './define.js';
import { fitsAs, typeOf } from './toml-fits.js';
import { repair } from './toml-fixes.js';
import { inRightType, type Mismatch, mismatch, nameOf } from './toml-wanted.js';
import { CONFIG_DOCS, runnerPrefix } from './toml-words.js';

export default defineRule({
  id: 'toml-wrong-type',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-runner', 'helm-values'],
  ...prose({
    title: 'Value of a type that the runner refuses',
    why: 'GitLab Runner reads the file into typed fields. One value of another type makes it refuse the whole file: "toml: line 9 (last key "runners.docker.privileged"): incompatible types: TOML value has type string; destination has type boolean". It then does not start, or keeps its old configuration.',
    remedy: 'Write numbers and truth values without quotes, strings with quotes, and lists in brackets.',
    sources: [CONFIG_DOCS, 'https://github.com/BurntSushi/toml/blob/master/decode.go'],
  }),
  fixable: true,

  *runnerFile({ file, keys }) {
    if (!keys || file.dialect !== 'gitlab-runner') return;
    for (const setting of file.settings) {
      const type = typeOf(keys, setting);
      const wrong = type === undefined ? undefined : mismatch(setting, type);
      if (type === undefined || !wrong) continue;
      yield report(keys, file, setting, type, wrong);
    }
  },
});

function report(
  keys: RunnerKeyTable,
  file: RunnerFile,
  setting: Setting,
  type: string,
  wrong: Mismatch,
): Report {
  const { words, item } = wrong;
  const found = item === setting ? '' : `, and this item is ${nameOf(item.value)}`;
  // A table of free keys is passed over when it is none; everything else ends the reading.
  const ignored = type.startsWith('table<') && item === setting;
  const value = inRightType(wrong, setting, type);
  return {
    at: item.place,
    severity: ignored ? 'warning' : 'error',
    message: `${runnerPrefix(file, setting)}"${setting.key}" takes ${words}${found}; ${ignored ? 'this is ignored' : 'GitLab Runner refuses the whole file'}.`,
    fixes: () =>
      value === undefined || !fitsAs(keys, file, setting, item, value)
        ? []
        : [repair(item.place, value, 'Write the same value in the right type')],
  };
}
