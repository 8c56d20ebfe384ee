/** Answers which build strategy fits, and what its files change in the workspace of the editor. */
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { answerPlan, FileChange, PlanDocument, Planning, plannedPaths } from '../analysis/index.js';
import type { PlannedFile, PlanParams, PlanResult } from './messages.js';
import type { Root } from './root.js';
import { addressOf, childUri, pathWithin, schemeOf } from './uris.js';
import { CONFIG, type Workspace } from './workspace.js';

/** What it needs of the core. */
export interface PlanCore {
  answerPlan: typeof answerPlan;
  plannedPaths: typeof plannedPaths;
}

/** @param empty stands for a project where there is none */
export async function answerPlanRequest(
  params: PlanParams,
  { answerPlan, plannedPaths }: PlanCore,
  workspace: Workspace,
  empty: () => Planning,
): Promise<PlanResult> {
  const { answers, strategy } = params;
  const root = rootFor(params, workspace);
  const planning = root?.current().planning() ?? empty();
  const document = documentOf(params, workspace, root);
  const request = { answers, strategy, document };
  const found = new Map<string, string>();
  if (root && strategy !== undefined)
    for (const path of plannedPaths(planning, request)) {
      const text = await workspace.textOf(root, path);
      if (text !== undefined) found.set(path, text);
    }
  const { questions, ranking, change, refused } = answerPlan(planning, { ...request, found });
  return {
    questions,
    ...(ranking ? { ranking } : {}),
    ...(change ? { change: { ...change, files: filesOf(change.files, params, document, root) } } : {}),
    ...(refused === undefined ? {} : { refused }),
  };
}

/** The project of the document, where it is a file and no stranger to the folder, else that of the folder. */
function rootFor({ uri, folder }: PlanParams, workspace: Workspace): Root | undefined {
  const home = folder === undefined ? undefined : workspace.rootOf(childUri(folder, 'file'));
  if (uri === undefined || isUnnamed(uri)) return home;
  const located = workspace.locate(uri);
  const own = located?.root ?? workspace.rootOf(uri);
  if (!own?.loose || !home || !located) return own ?? home;
  const isOurs = own.current().dialectOf(located.path) !== undefined;
  return isOurs || own.document(located.path)?.getText().trim() === '' ? own : home;
}

function isUnnamed(uri: string): boolean {
  return schemeOf(uri) === 'untitled';
}

function documentOf(
  { uri, text }: PlanParams,
  workspace: Workspace,
  root: Root | undefined,
): PlanDocument | undefined {
  if (uri === undefined) return undefined;
  const located = workspace.locate(uri);
  const known = located?.root.document(located.path)?.getText() ?? text;
  if (known === undefined) return undefined;
  const path = root && pathWithin(root.address, addressOf(uri));
  if (path !== undefined && !isUnnamed(uri)) return { path, text: known };
  const name = addressOf(uri).path.split('/').at(-1) ?? uri;
  return { path: name, text: known, ...(isUnnamed(uri) ? { unnamed: true } : {}) };
}

/** Without a project there is nothing that could be declared. */
function filesOf(
  changes: readonly FileChange[],
  params: PlanParams,
  document: PlanDocument | undefined,
  root: Root | undefined,
): readonly PlannedFile[] {
  return changes
    .filter(({ path }) => root !== undefined || path !== CONFIG)
    .map(file => plannedFile(file, params, document, root));
}

function plannedFile(
  { path, part, before, after, edit, snippet }: FileChange,
  { uri }: PlanParams,
  document: PlanDocument | undefined,
  root: Root | undefined,
): PlannedFile {
  const isDocument = document?.path === path;
  const home = isDocument ? uri : root?.uriOf(path);
  const text = TextDocument.create('', '', 0, before ?? '');
  const range = { start: text.positionAt(edit.start), end: text.positionAt(edit.end) };
  return {
    ...(home === undefined ? {} : { uri: home }),
    path,
    part,
    isNew: before === undefined,
    version: root?.version(path) ?? null,
    languageId: languageOf(path),
    text: after,
    edit: { range, newText: edit.newText },
    ...(snippet === undefined ? {} : { snippet }),
  };
}

function languageOf(path: string): string {
  if (path.endsWith('.toml')) return 'toml';
  return /(?:^|\/)Jenkinsfile|\.(?:groovy|jenkinsfile)$/i.test(path) ? 'groovy' : 'yaml';
}
