/** Jenkinsfiles, declarative and scripted, as far as they can be read with certainty. */
import type { Dialect } from '../dialect.js';
import { about, embeddedPods, lowerFile, readFile, writeFile } from './engine.js';

const NAME = /(?:^|\/)(?:[^/]*\.jenkinsfile|Jenkinsfile(?:[._-][^/]*)?)$/i;
/** Files about Jenkinsfiles. */
const OTHER = /\.(?:md|adoc|txt|ya?ml|json|xml|html|png|sh|py)$/i;
const GROOVY = /\.groovy$/i;
const DECLARATIVE = /^pipeline[ \t]*\{/m;

export const jenkinsfile: Dialect = {
  id: 'jenkinsfile',
  recognise: (path, text) =>
    (NAME.test(path) && !OTHER.test(path)) || (GROOVY.test(path) && DECLARATIVE.test(text)),
  read: readFile,
  links: () => [],
  lower: lowerFile,
  embedded: embeddedPods,
  about,
  write: writeFile,
  // What is no Groovy, Jenkins says itself.
  syntaxErrors: () => [],
};
