/** Manifests of Kubernetes pods and Tekton tasks that build containers. */
import type { Dialect } from '../dialect.js';
import { lowerPods, writePodIntents } from './engine.js';
import { readPods } from './read.js';
import { recognisePods } from './recognise.js';

export const kubernetes: Dialect = {
  id: 'kubernetes',
  recognise: recognisePods,
  read: readPods,
  links: () => [],
  lower: lowerPods,
  write: writePodIntents,
  // Editors have extensions for YAML, and templates are none.
  syntaxErrors: () => [],
};
