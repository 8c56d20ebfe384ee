/** Code actions that convert a job to another build strategy, and the request behind their preview. */
import {
  type CancellationToken,
  type CodeAction,
  CodeActionKind,
  LSPErrorCodes,
  type Range as LspRange,
  ResponseError,
} from 'vscode-languageserver';
import { CONVERT, type ConvertParams, type ConvertResult, PREVIEW_CONVERSION } from './messages.js';
import type { RequestContext } from './requests.js';
import { textEdits, toRange, toWorkspaceEdit } from './to-lsp.js';
import type { Located } from './workspace.js';

export function answerConversions({ connection, answer }: RequestContext): void {
  connection.onCodeActionResolve((action, token) => {
    const params = conversionOf(action);
    if (!params) return action;
    return answer('convert', params, token, located => resolvedConversion(action, located, params), action);
  });
  connection.onRequest<ConvertResult, void>(CONVERT, (params: ConvertParams, token: CancellationToken) => {
    const nothing: ConvertResult = { refused: 'The document is not open.' };
    return answer('convert', params, token, located => answerConversion(located, params), nothing);
  });
}

/** What a conversion needs to be carried out later. */
interface ActionData {
  readonly conversion: ConvertParams;
}

/**
 * One action for each strategy that the job at a position may be converted to. Whether it can be shows only then, so
 * the work is left until an action is chosen.
 */
export function conversionActions({ root, path }: Located, { start }: LspRange): CodeAction[] {
  const { client } = root;
  if (!client.conversionPreview && !client.resolvesEdits) return [];
  const document = root.document(path);
  const offered = document && root.current().conversions(path, document.offsetAt(start));
  return (offered?.to ?? []).map(({ id, title }) => {
    const params: ConvertParams = { uri: root.uriOf(path), job: offered?.job ?? '', to: id };
    const action = { title: `Convert to ${title}`, kind: CodeActionKind.RefactorRewrite };
    return client.conversionPreview
      ? { ...action, command: { title: action.title, command: PREVIEW_CONVERSION, arguments: [params] } }
      : { ...action, data: { conversion: params } satisfies ActionData };
  });
}

/** The conversion that an action of ours stands for. */
function conversionOf({ data }: CodeAction): ConvertParams | undefined {
  return (data as Partial<ActionData> | undefined)?.conversion;
}

/**
 * The action with its edit.
 * @throws ResponseError saying why the job cannot be converted
 */
function resolvedConversion(
  action: CodeAction,
  { root, path }: Located,
  { job, to }: ConvertParams,
): CodeAction {
  const result = root.current().convert({ path, job, to });
  if ('refused' in result) throw new ResponseError(LSPErrorCodes.RequestFailed, result.refused);
  const about = { label: action.title, description: result.notes.join(' '), needsConfirmation: false };
  return { ...action, edit: toWorkspaceEdit(result.edits, path, root, root.client, about) };
}

function answerConversion({ root, path }: Located, { job, to }: ConvertParams): ConvertResult {
  const result = root.current().convert({ path, job, to });
  if ('refused' in result) {
    const { refused, at } = result;
    const place = at && { uri: root.uriOf(at.path), line: toRange(at, root).start.line };
    return { refused, ...(place ? { at: place } : {}) };
  }
  const { edits, texts, notes } = result;
  const files = [...edits].sort((one, other) => Number(other.path === path) - Number(one.path === path));
  return {
    files: files.map(file => ({
      uri: root.uriOf(file.path),
      version: root.version(file.path),
      text: texts.get(file.path) ?? '',
      edits: textEdits(file, root),
    })),
    notes,
  };
}
