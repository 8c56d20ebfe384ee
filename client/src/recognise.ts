/** Tells files of ours from others, before a server runs, by the generated table. */
import { type TextDocument, workspace } from 'vscode';
import {
  ACTION_HEAD,
  DECLARATIVE,
  FILE_NAMES,
  POD_HEAD,
  POD_KIND,
  RUNNER_HEAD,
  VALUES_HEAD,
  WORKFLOW_PATHS,
} from './generated/recognise.js';

const TOML = /\.toml(?:\.\w+)?$/i;
const TERRAFORM = /\.(?:tf|tofu)$/i;
const ACTION = /(?:^|\/)action\.ya?ml$/i;
const GROOVY = /\.groovy$/i;
const YAML = /\.ya?ml(?:\.\w+)?$/i;
/** Names that pipelines, Compose files and our own configuration have; any other YAML file must be opened to know. */
const PIPELINE =
  /(?:\.gitlab-ci(?:[.-][^/]*)?|(?:^|\/)(?:docker-)?compose(?:[._-][^/]*)?|\.drydock)\.ya?ml$|(?:^|\/)Jenkinsfile(?:[._-][^/]*)?$|\.jenkinsfile$/i;
/** Names that say all by themselves; a TOML file must be opened to know. */
const TELLING_NAMES = '**/{*.gitlab-ci.yml,*.gitlab-ci.yaml,.drydock.yml,.drydock.yaml}';
const NOT_SEARCHED = '**/{node_modules,.git}/**';

/** Whether the server has something to say about a document. */
export function isOurs(document: TextDocument): boolean {
  if (document.languageId === 'gitlab-runner-toml') return true;
  const { path } = document.uri;
  const isNamed = FILE_NAMES.test(path);
  if (TOML.test(path) || TERRAFORM.test(path)) return isNamed && isRunner(document);
  if (WORKFLOW_PATHS.test(path)) return true;
  if (isNamed && (PIPELINE.test(path) || VALUES_HEAD.test(document.getText()))) return true;
  if (ACTION.test(path)) return ACTION_HEAD.test(document.getText());
  if (GROOVY.test(path)) return DECLARATIVE.test(document.getText());
  return YAML.test(path) && isPod(document.getText());
}

/** An image that builds is in many files; with the kind of a manifest it is one of ours. */
function isPod(text: string): boolean {
  return POD_KIND.test(text) && POD_HEAD.test(text);
}

/** Whether a document has the content of a GitLab Runner configuration. */
export function isRunner(document: TextDocument): boolean {
  return RUNNER_HEAD.test(document.getText());
}

/** Whether the name of a document is that of a TOML file or of a template for one. */
export function hasTomlName(document: TextDocument): boolean {
  return TOML.test(document.uri.path);
}

/** Whether the folders of the workspace hold a file that is ours by its name. Rejects where they cannot be searched. */
export async function workspaceHoldsOurs(): Promise<boolean> {
  return (await workspace.findFiles(TELLING_NAMES, NOT_SEARCHED, 1)).length > 0;
}
