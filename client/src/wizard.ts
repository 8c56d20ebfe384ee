/** The command that chooses a build strategy: asks what is not known, shows the whole change, makes it. Decides nothing. */
import {
  commands,
  type Disposable,
  ProgressLocation,
  type QuickPickItem,
  type TextDocument,
  window,
  workspace,
} from 'vscode';
import type {
  PlannedChange,
  PlannedFile,
  PlanParams,
  PlanQuestion,
  PlanResult,
  RankedStrategy,
} from '../../server/src/lsp/messages.js';
import { PlanPreview } from './plan-preview.js';
import { writeFiles } from './plan-write.js';
import { ProposedTexts } from './proposed-texts.js';
import type { Server } from './server.js';
import { BACK, separator, takeStep } from './steps.js';

const TITLE = 'Choose a Build Strategy';

type Target = Pick<PlanParams, 'uri' | 'text' | 'folder'>;

export function registerWizard(server: Server): Disposable[] {
  const texts = new ProposedTexts('drydock-plan');
  const choose = async (): Promise<void> => {
    try {
      const target = await targetOf();
      if (target) await new Wizard(server, texts, target).run();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      void window.showErrorMessage(`No build strategy can be chosen: ${reason}`);
    }
  };
  return [texts, commands.registerCommand('drydock.chooseStrategy', choose)];
}

/** Where the files go: beside the document in the editor, else into the folder; of several the user says which. */
async function targetOf(): Promise<Target | undefined> {
  const folders = workspace.workspaceFolders ?? [];
  const active = window.activeTextEditor?.document;
  const schemes = ['file', 'untitled', ...folders.map(({ uri }) => uri.scheme)];
  const document = active && schemes.includes(active.uri.scheme) ? active : undefined;
  const own = document && workspace.getWorkspaceFolder(document.uri);
  const placeHolder = 'Which folder is the pipeline of?';
  const folder =
    own ?? (folders.length > 1 ? await window.showWorkspaceFolderPick({ placeHolder }) : folders[0]);
  if (!folder && folders.length > 1) return undefined;
  return { ...(document ? named(document) : {}), ...(folder ? { folder: folder.uri.toString() } : {}) };
}

/** The server has not got documents of every language; those that hold nothing are of none yet. */
function named(document: TextDocument): Target {
  const text = document.getText();
  return { uri: document.uri.toString(), ...(text.trim() === '' ? { text } : {}) };
}

interface OptionItem extends QuickPickItem {
  readonly id: string;
}

interface StrategyItem extends QuickPickItem {
  readonly strategy?: RankedStrategy;
}

interface ApplyItem extends QuickPickItem {
  readonly files?: readonly PlannedFile[];
}

/** Lives for one run of the command. */
class Wizard {
  /** Answers that the user gave, by the number of the question; what the workspace tells counts for the others. */
  readonly #given: (readonly string[] | undefined)[] = [];

  constructor(
    private readonly server: Server,
    private readonly texts: ProposedTexts,
    private readonly target: Target,
  ) {}

  async run(): Promise<void> {
    let { questions } = await this.#plan([]);
    let step = this.#nextOpen(questions, -1);
    while (step >= 0) {
      const question = questions[step];
      if (!question) {
        if (await this.#choose(questions)) return;
        step = questions.length - 1;
        continue;
      }
      const answer = await this.#ask(question, step, questions.length);
      if (answer === undefined) return;
      if (answer !== BACK) {
        this.#given[step] = answer;
        ({ questions } = await this.#plan(this.#given.flatMap(ids => ids ?? [])));
      }
      step = answer === BACK ? step - 1 : this.#nextOpen(questions, step);
    }
  }

  /** The number of the next question that has no answer; their count where all have one. */
  #nextOpen(questions: readonly PlanQuestion[], after: number): number {
    const open = questions.findIndex(({ told }, i) => i > after && !this.#given[i] && !told);
    return open < 0 ? questions.length : open;
  }

  async #ask(
    { title, options, many, none, told }: PlanQuestion,
    step: number,
    of: number,
  ): Promise<readonly string[] | typeof BACK | undefined> {
    const items = options.map(
      ({ id, label, detail }): OptionItem => ({
        id,
        label,
        detail,
        ...(told?.answers.includes(id) ? { description: told.because } : {}),
      }),
    );
    const answers = this.#given[step] ?? told?.answers ?? [];
    const taken = await takeStep({
      title: TITLE,
      placeholder: title,
      items,
      count: [step + 1, of],
      back: step > 0,
      many,
      chosen: items.filter(({ id }) => answers.includes(id)),
    });
    if (taken === undefined || taken === BACK) return taken;
    return taken.length === 0 && none !== undefined ? [none] : taken.map(({ id }) => id);
  }

  /** Lets the user choose of the ranking until a change is made or they leave; `false` for the way back. */
  async #choose(questions: readonly PlanQuestion[]): Promise<boolean> {
    const answers = questions.flatMap(({ told }, i) => this.#given[i] ?? told?.answers ?? []);
    const { ranking = [] } = await this.#plan(answers);
    let last: RankedStrategy | undefined;
    for (;;) {
      const strategy = await pickStrategy(ranking, last);
      if (strategy === undefined) return true;
      if (strategy === BACK) return false;
      last = strategy;
      if (strategy.excluded !== undefined) {
        void window.showInformationMessage(`${strategy.title}: ${strategy.excluded}`);
        continue;
      }
      const { change, refused = 'There is nothing to change.' } = await this.#plan(answers, strategy.id);
      if (!change) void window.showWarningMessage(refused);
      else if (await this.#confirm(strategy, change)) return true;
    }
  }

  /** Shows the change and makes it, if told so; `false` for the way back. */
  async #confirm({ title }: RankedStrategy, { files, notes }: PlannedChange): Promise<boolean> {
    const preview = await PlanPreview.show(title, files, this.texts);
    const taken = await takeStep({
      title: `${title}: What Changes`,
      placeholder: 'Nothing is changed until you apply it.',
      items: applyItems(files, notes),
      back: true,
      accepts: item => item.files !== undefined,
    });
    await preview.close();
    if (taken === BACK) return false;
    const [choice] = taken ?? [];
    if (choice?.files) await writeFiles(choice.files, preview.versions);
    return true;
  }

  #plan(answers: readonly string[], strategy?: string): Promise<PlanResult> {
    const params: PlanParams = { ...this.target, answers, ...(strategy === undefined ? {} : { strategy }) };
    const title = 'Looking at the workspace';
    return Promise.resolve(
      window.withProgress({ location: ProgressLocation.Window, title }, () => this.server.plan(params)),
    );
  }
}

async function pickStrategy(
  ranking: readonly RankedStrategy[],
  last: RankedStrategy | undefined,
): Promise<RankedStrategy | typeof BACK | undefined> {
  const items = ranking.map((strategy): StrategyItem => {
    const { title, pro, con, excluded } = strategy;
    if (excluded !== undefined) return { label: `$(circle-slash) ${title}`, detail: excluded, strategy };
    return { label: title, description: `+ ${pro}`, detail: `− ${con}`, strategy };
  });
  const ruledOut = items.findIndex(({ strategy }) => strategy?.excluded !== undefined);
  if (ruledOut >= 0) items.splice(ruledOut, 0, separator('not with these answers'));
  const taken = await takeStep<StrategyItem>({
    title: 'Build Strategies, the Best First',
    placeholder: 'Choose one to see what it changes.',
    items,
    back: true,
    chosen: items.filter(({ strategy }) => strategy !== undefined && strategy.id === last?.id),
  });
  return taken === undefined || taken === BACK ? taken : taken[0]?.strategy;
}

function applyItems(files: readonly PlannedFile[], notes: readonly string[]): readonly ApplyItem[] {
  const pipeline = files.filter(({ part }) => part === 'pipeline');
  const names = (some: readonly PlannedFile[]): string => some.map(({ path }) => path).join(', ');
  const item = (label: string, some: readonly PlannedFile[]): ApplyItem => ({
    label,
    description: names(some),
    files: some,
  });
  return [
    item('$(check) Apply', files),
    ...(pipeline.length < files.length ? [item('$(file) Apply to the Pipeline Only', pipeline)] : []),
    ...(notes.length > 0 ? [separator('')] : []),
    ...notes.flatMap(note =>
      wrapped(note).map((line, i) => ({ label: `$(${i === 0 ? 'info' : 'blank'}) ${line}` })),
    ),
  ];
}

/** What a row of a quick pick has room for, in characters. */
const ROW = 80;

function wrapped(text: string): readonly string[] {
  return text.match(new RegExp(`.{1,${ROW}}(?:\\s+|$)`, 'g')) ?? [text];
}
