/** Shows what a plan changes as a diff, before anything is changed, and takes it away again. */
import { commands, TabInputTextDiff, Uri, window, workspace } from 'vscode';
import type { PlannedFile } from '../../server/src/lsp/messages.js';
import type { ProposedTexts } from './proposed-texts.js';

interface Side {
  /** Missing for a new file. */
  readonly before: Uri | undefined;
  readonly after: Uri;
}

/** Lives while the diff is shown. */
export class PlanPreview {
  private constructor(
    /** Versions of the documents that the diff was made from. */
    readonly versions: ReadonlyMap<string, number>,
    private readonly label: string,
    private readonly made: readonly Uri[],
    private readonly texts: ProposedTexts,
  ) {}

  static async show(
    title: string,
    files: readonly PlannedFile[],
    texts: ProposedTexts,
  ): Promise<PlanPreview> {
    const label = `${title} (preview)`;
    const versions = new Map<string, number>();
    const made: Uri[] = [];
    const add = (uri: Uri, text: string): Uri => {
      const one = texts.add(uri, text);
      made.push(one);
      return one;
    };
    const sides: Side[] = [];
    for (const { uri, path, isNew, version, text } of files) {
      const target = uri === undefined ? Uri.from({ scheme: 'untitled', path: `/${path}` }) : Uri.parse(uri);
      if (!isNew)
        versions.set(target.toString(), version ?? (await workspace.openTextDocument(target)).version);
      sides.push({ before: isNew ? undefined : target, after: add(target, text) });
    }
    const [first, ...others] = sides;
    if (first && others.length === 0)
      await commands.executeCommand('vscode.diff', first.before ?? add(first.after, ''), first.after, label);
    else
      await commands.executeCommand(
        'vscode.changes',
        label,
        sides.map(({ before, after }) => [after, before, after]),
      );
    return new PlanPreview(versions, label, made, texts);
  }

  async close(): Promise<void> {
    const tabs = window.tabGroups.all.flatMap(group => group.tabs);
    const ours = tabs.filter(({ label, input }) =>
      input instanceof TabInputTextDiff
        ? this.made.some(uri => uri.toString() === input.modified.toString())
        : // Extensions are not told what an editor of several files shows; it adds their number to its name.
          label.startsWith(`${this.label} (`),
    );
    await window.tabGroups.close(ours);
    for (const uri of this.made) this.texts.forget(uri);
  }
}
