/** One step of a wizard: a quick pick with a title, a count of steps and a way back. */
import { QuickInputButtons, type QuickPickItem, QuickPickItemKind, window } from 'vscode';

export const BACK = Symbol('back');

export interface Step<T extends QuickPickItem> {
  readonly title: string;
  readonly placeholder: string;
  readonly items: readonly T[];
  /** Which of how many steps it is, from 1; without it the step is not counted. */
  readonly count?: readonly [step: number, of: number];
  readonly back: boolean;
  /** Several items may be chosen, or none. */
  readonly many?: boolean;
  /** Items that are chosen already, if only by being the first that Enter takes. */
  readonly chosen?: readonly T[];
  /** Whether Enter takes an item; others only tell something. */
  readonly accepts?: (item: T) => boolean;
}

/**
 * What the user chooses, `BACK` for the way back, `undefined` when they leave. Another window or editor may have the
 * focus meanwhile.
 */
export function takeStep<T extends QuickPickItem>(
  step: Step<T>,
): Promise<readonly T[] | typeof BACK | undefined> {
  const { title, placeholder, items, count, back, many = false, chosen = [], accepts = () => true } = step;
  const pick = window.createQuickPick<T>();
  pick.title = title;
  pick.placeholder = placeholder;
  pick.ignoreFocusOut = true;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.canSelectMany = many;
  [pick.step, pick.totalSteps] = count ?? [undefined, undefined];
  pick.buttons = back ? [QuickInputButtons.Back] : [];
  pick.items = items;
  if (many) pick.selectedItems = chosen;
  else if (chosen.length > 0) pick.activeItems = chosen;
  return new Promise(resolve => {
    pick.onDidAccept(() => {
      const taken = pick.selectedItems.filter(
        item => item.kind !== QuickPickItemKind.Separator && accepts(item),
      );
      if (!many && taken.length === 0) return;
      resolve(taken);
      pick.dispose();
    });
    pick.onDidTriggerButton(button => {
      if (button === QuickInputButtons.Back) resolve(BACK);
      pick.dispose();
    });
    // After the others: a promise keeps what it was given first.
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

export function separator(label: string): QuickPickItem {
  return { label, kind: QuickPickItemKind.Separator };
}
