/** The scripts of a GitLab job as texts for a shell, each with its way back to the file. */
import type { ScriptText } from '../../model/build-site.js';
import type { Origin, Place } from '../../model/known.js';
import { scalarMap } from '../../syntax/scalar-map.js';
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
