/** Dockerfiles that start from an image which builds containers. */

import { readPlainText } from '../../syntax/plain-text.js';
import type { Dialect } from '../dialect.js';
import { lowerDockerfile, writeDockerfile } from './engine.js';

const NAME = /(?:^|\/)(?:(?:Docker|Container)file(?:\.[^/]*)?|[^/]*\.(?:docker|container)file)$/i;
const OTHER = /\.(?:md|ya?ml|json|txt|sh|py|dockerignore)$/i;

/** Any other image is none of our business. */
const FROM =
  /^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*(?:[\w.:${}-]+\/)*(?:docker|compose|executor|buildkit[\w-]*|buildah|podman|kaniko)(?:[:@ \t\r]|$)/im;

export const dockerfile: Dialect = {
  id: 'dockerfile',
  recognise: (path, text) => NAME.test(path) && !OTHER.test(path) && FROM.test(text),
  read: readPlainText,
  links: () => [],
  lower: lowerDockerfile,
  write: writeDockerfile,
  // What docker refuses, it says itself.
  syntaxErrors: () => [],
};
