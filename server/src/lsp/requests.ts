/** Answers the requests of the editor about open documents. */
import type { CancellationToken, Connection, TextDocumentIdentifier } from 'vscode-languageserver';
import type { Project, ProjectOptions } from '../analysis/index.js';
import { codeActions } from './actions.js';
import type { Announcer } from './announcer.js';
import { chooseFor } from './choose.js';
import { answerConversions } from './conversions.js';
import { answerLog, type LogCore } from './explain-log.js';
import { themeOf } from './features.js';
import { hoverAt, showingOf } from './hover.js';
import {
  ALL_JOBS,
  type AllJobsParams,
  type AllJobsResult,
  CHOOSE,
  type ChooseParams,
  EFFECTIVE_JOB,
  type EffectiveJobParams,
  type EffectiveJobResult,
  EXPLAIN_LOG,
  type ExplainLogParams,
  FILE_STATUS,
  type FileStatusParams,
  type FileStatusResult,
  PLAN,
  type PlanParams,
  THEME_CHANGED,
  type ThemeChangedParams,
} from './messages.js';
import { answerPlanRequest, type PlanCore } from './plans.js';
import { today } from './root.js';
import { allJobsOf, effectiveJobOf, fileStatusOf, type JobWriter, lensesOf } from './views.js';
import type { Located, Workspace } from './workspace.js';

/** How a handler gets its document: in order with changes, and with what goes wrong turned into an answer. */
export type Answer = <T>(
  name: string,
  document: TextDocumentIdentifier,
  token: CancellationToken,
  handler: (located: Located) => T,
  nothing: T,
) => Promise<T>;

/** Makes a project where the workspace has none. */
interface ProjectMaker {
  createProject(options: ProjectOptions): Project;
}

export interface RequestContext {
  readonly connection: Connection;
  readonly announcer: Announcer;
  readonly answer: Answer;
  /** All projects, once they are there. */
  readonly workspace: () => Promise<Workspace | undefined>;
  readonly core: () => (JobWriter & LogCore & PlanCore & ProjectMaker) | undefined;
  /** The folders have been looked through. */
  readonly searched: Promise<void>;
  readonly setTheme: (theme: ReturnType<typeof themeOf>) => void;
}

export function answerRequests(context: RequestContext): void {
  const { connection, answer, announcer } = context;
  connection.onHover((params, token) =>
    answer('hover', params.textDocument, token, located => hoverAt(located, params.position), null),
  );
  connection.onCodeAction((params, token) =>
    answer('codeAction', params.textDocument, token, located => codeActions(located, params), []),
  );
  connection.onCodeLens((params, token) => {
    announcer.asked('lenses');
    return answer('codeLens', params.textDocument, token, lensesOf, []);
  });
  answerConversions(context);
  answerViews(context);
  answerLogs(context);
  answerPlans(context);
  connection.onNotification(THEME_CHANGED, ({ theme }: ThemeChangedParams) =>
    context.setTheme(themeOf(theme)),
  );
}

function answerViews({ connection, answer, announcer, workspace, core }: RequestContext): void {
  connection.onRequest(ALL_JOBS, async ({ uri }: AllJobsParams): Promise<AllJobsResult | null> => {
    announcer.asked('views');
    const projects = await workspace();
    const root =
      uri === undefined
        ? projects?.roots().find(one => one.enabled && one.current().trace().length > 0)
        : projects?.rootOf(uri);
    return root ? allJobsOf(root, showingOf(root)) : null;
  });
  connection.onRequest(EFFECTIVE_JOB, ({ uri, position }: EffectiveJobParams, token: CancellationToken) => {
    announcer.asked('views');
    const of = (located: Located): EffectiveJobResult | null => {
      const writer = core();
      return writer ? effectiveJobOf(located, position, writer) : null;
    };
    return answer('effectiveJob', { uri }, token, of, null);
  });
  connection.onRequest(FILE_STATUS, ({ uri }: FileStatusParams, token: CancellationToken) => {
    announcer.asked('views');
    return answer<FileStatusResult | null>('fileStatus', { uri }, token, fileStatusOf, null);
  });
  connection.onRequest(CHOOSE, ({ uri, choice }: ChooseParams, token: CancellationToken) =>
    answer<object | null>('choose', { uri }, token, located => chooseFor(located, choice), null),
  );
}

/** A log says nothing of the files that it is about, so all of them must be here. */
function answerLogs({ connection, core, searched, workspace }: RequestContext): void {
  connection.onRequest(EXPLAIN_LOG, async (params: ExplainLogParams) => {
    await searched;
    const loaded = core();
    if (!loaded) throw new Error('the server has not begun');
    return answerLog(params, loaded, (await workspace())?.roots() ?? []);
  });
}

/** Runners and files that are there decide, so all of them must be here. */
function answerPlans({ connection, core, searched, workspace }: RequestContext): void {
  connection.onRequest(PLAN, async (params: PlanParams) => {
    await searched;
    const [loaded, projects] = [core(), await workspace()];
    if (!loaded || !projects) throw new Error('the server has not begun');
    const { createProject, data } = loaded;
    const options = { today: today(), ...(data ? { data } : {}) };
    return answerPlanRequest(params, loaded, projects, () => createProject(options).planning());
  });
}
