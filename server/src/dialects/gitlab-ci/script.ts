/** The scripts of a GitLab job as texts for a shell, each with its way back to the file. */
import type { Command, ScriptText } from '../../model/build-site.js';
import type { Origin, Place } from '../../model/known.js';
import { scalarMap } from '../../syntax/scalar-map.js';
import { programOf, readShell, type ShellCommand } from '../../syntax/shell.js';
import type { ScalarNode } from '../../syntax/tree.js';
import type { GitlabConfig } from './config.js';
import { flatItems } from './references.js';
import { isPutIn } from './sources.js';
import { originOf, type Value } from './values.js';

/** Every text of one script key. GitLab runs the items of the list one after the other in one shell. */
export function scriptTexts(
  config: GitlabConfig,
  value: Value | undefined,
  part: ScriptText['part'],
): { texts: readonly ScriptText[]; complete: boolean } {
  if (!value) return { texts: [], complete: true };
  const { items, complete } = flatItems(config, value.node);
  const origin = originOf(config, value);
  const texts = items.flatMap(item => (item.kind === 'scalar' ? [textOf(config, item, origin, part)] : []));
  return { texts, complete };
}

function textOf(
  config: GitlabConfig,
  node: ScalarNode,
  origin: Origin,
  part: ScriptText['part'],
): ScriptText {
  const whole = config.place(node);
  return {
    text: node.text,
    part,
    origin: { ...origin, place: whole },
    place(start, end): Place {
      // The text of one that inputs were put into stands nowhere as it is.
      const span = isPutIn(node) ? undefined : scalarMap(node).toSource(start, end);
      return span ? { ...whole, ...span } : whole;
    },
  };
}

/** The commands of all texts, also those of a script that is handed to another shell as one quoted word. */
export function commandsOf(texts: readonly ScriptText[]): readonly Command[] {
  return texts.flatMap(script =>
    readShell(script.text).commands.flatMap(shell => [
      { shell, script, nested: false },
      ...handedOver(shell, script.text).map(inner => ({ shell: inner, script, nested: true })),
    ]),
  );
}

/** `sh -c '…'`: the offsets of the inner commands count in the whole text. Escapes would shift them, so none are taken. */
function handedOver(shell: ShellCommand, text: string): readonly ShellCommand[] {
  const program = programOf(shell);
  if (!program || !/^(?:ba|da|a)?sh$/.test(program.name)) return [];
  const rest = shell.words.slice(program.index + 1);
  const flag = rest.findIndex(word => /^-[a-z]*c$/.test(word.text));
  const word = flag < 0 ? undefined : rest[flag + 1];
  if (!word || (word.quoted !== 'single' && word.quoted !== 'double')) return [];
  if (text.slice(word.start, word.end).includes('\\')) return [];
  return readShell(text, word.start + 1, word.end - 1).commands;
}
