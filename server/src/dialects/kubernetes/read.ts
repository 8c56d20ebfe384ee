/** Reads a manifest, template or not, into a tree. */
import type { Tree } from '../../syntax/tree.js';
import { readYaml, type YamlTree } from '../../syntax/yaml.js';
import { withoutTemplates } from './templates.js';

/** The nodes are those of what is left without templates. */
export interface PodTree extends YamlTree {
  /** A template says which lines there are. */
  readonly open: boolean;
}

export function readPods(text: string, previous: Tree | undefined): PodTree {
  const { text: plain, open } = withoutTemplates(text);
  return { ...readYaml(plain, previous as YamlTree | undefined), open };
}
