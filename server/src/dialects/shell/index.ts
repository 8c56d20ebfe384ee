/** Shell scripts that start docker daemons, hand out their sockets or register GitLab runners. */

import { readPlainText } from '../../syntax/plain-text.js';
import type { Dialect } from '../dialect.js';
import { lowerShell, writeShell } from './engine.js';

const NAME = /\.(?:sh|bash)$/i;
const SHEBANG = /^#!.*\b(?:ba|da|a)?sh\b/;

/** Any other script is none of our business. */
const OURS =
  /\bgitlab-runner\b[^\n]{0,400}?(?:\\\r?\n[^\n]{0,400}?){0,12}\bregister\b|\bdocker:[\w.-]*dind\b|\bchmod\b[^\n]*docker\.sock\b|docker\.sock[\s\S]{0,400}?[\s"'](?:gitlab\/gitlab-runner|jenkins\/jenkins|docker:(?:\d|cli|latest)|docker[ \t]+docker[ \t])/;

export const shell: Dialect = {
  id: 'shell',
  recognise: (path, text) => (NAME.test(path) || SHEBANG.test(text)) && OURS.test(text),
  read: readPlainText,
  links: () => [],
  lower: lowerShell,
  write: writeShell,
  syntaxErrors: () => [],
};
