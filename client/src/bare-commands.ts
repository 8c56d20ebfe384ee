/** Takes the arguments out of the commands of code actions, since VS Code may lose them while its menu is open. */
import { CodeAction, type Command, commands, type Disposable } from 'vscode';

/**
 * Arguments live as long as the list of actions that they came with, and that may be replaced by the next one before
 * the user has chosen: always after two seconds in VS Code 1.134 (https://github.com/microsoft/vscode/issues/331834).
 * What has no arguments is not kept in that list. There are as many commands as jobs have had conversions.
 */
export class BareCommands implements Disposable {
  readonly #registered = new Map<string, Disposable>();

  /** The same actions; each command with arguments becomes one that knows them. */
  of(actions: (Command | CodeAction)[] | null | undefined): typeof actions {
    for (const action of actions ?? [])
      if (action instanceof CodeAction && action.command?.arguments)
        action.command = this.#bare(action.command, action.command.arguments);
    return actions;
  }

  #bare({ title, command }: Command, given: readonly unknown[]): Command {
    const id = `${command}:${JSON.stringify(given)}`;
    if (!this.#registered.has(id))
      this.#registered.set(
        id,
        commands.registerCommand(id, () => commands.executeCommand(command, ...given)),
      );
    return { title, command: id };
  }

  dispose(): void {
    for (const one of this.#registered.values()) one.dispose();
    this.#registered.clear();
  }
}
