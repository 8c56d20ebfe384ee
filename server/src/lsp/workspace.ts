/** The projects of the workspace: which file belongs to which, and how files come to them and go. */
import { FileChangeType, type FileEvent } from 'vscode-languageserver';
import type { OpenDocument, OpenDocuments } from './documents.js';
import { type FilePort, inSkippedFolder } from './files.js';
import { followIncludes, type IncludePorts, isWanted, type Patterns } from './includes.js';
import type { Settings } from './messages.js';
import { Nesting, projectFolder } from './nested.js';
import { Root, type RootContext } from './root.js';
import { defaultSettings } from './settings.js';
import { type Address, addressOf, childUri, parentUri, pathWithin } from './uris.js';

/** A file and the project that it belongs to. */
export interface Located {
  readonly root: Root;
  readonly path: string;
}

export interface WorkspaceContext extends RootContext, Patterns {
  readonly files: FilePort;
  readonly documents: OpenDocuments;
  /** True for paths that may be ours by name. */
  candidatePath(path: string): boolean;
}

/** The configuration of a project, by its usual name. */
export const CONFIG = '.drydock.yml';
/** So many files are taken in before other messages get their turn. */
const CHUNK = 50;
/** Included files are looked for when the author pauses, not at every key press. */
const INCLUDES_AFTER_MS = 300;

/** Lives as long as the server. */
export class Workspace {
  readonly #context: WorkspaceContext;
  readonly #folders = new Map<string, Root>();
  readonly #loose = new Map<string, Root>();
  readonly #homes = new Map<OpenDocument, Located>();
  readonly #timers = new Map<Root, NodeJS.Timeout>();
  readonly #nesting = new Nesting();
  #looseSettings = defaultSettings;

  constructor(context: WorkspaceContext, folders: readonly string[]) {
    this.#context = context;
    this.#addFolders(folders);
  }

  roots(): readonly Root[] {
    return [...this.#folders.values(), ...this.#loose.values()];
  }

  /** Where an open document belongs; `undefined` for one that is not open. */
  locate(uri: string): Located | undefined {
    const document = this.#context.documents.get(uri);
    return document && this.#homes.get(document);
  }

  /** The project that a file belongs to, whether it is open or not; `undefined` outside of all. */
  rootOf(uri: string): Root | undefined {
    return this.locate(uri)?.root ?? this.#folderOf(addressOf(uri))?.root;
  }

  /** The text of a file of a project, whether the project holds it or not; `undefined` where there is none. */
  async textOf(root: Root, path: string): Promise<string | undefined> {
    return root.document(path)?.getText() ?? (await this.#context.files.read(root.uriOf(path)));
  }

  /** Adds and removes folders, and moves open documents to the innermost folder that holds them. */
  changeFolders(added: readonly string[], removed: readonly string[]): void {
    for (const uri of removed) this.#removeFolder(addressOf(uri).key);
    for (const root of this.#addFolders(added)) this.#evict(root);
    this.#rehome();
  }

  /** Sets what the settings of each folder are, and of files outside of all folders. */
  applySettings(settingsOf: (folder: string | undefined) => Settings): void {
    for (const root of this.#folders.values())
      root.setSettings(settingsOf(this.#nesting.outermost(root).uri));
    this.#looseSettings = settingsOf(undefined);
    for (const root of this.#loose.values()) root.setSettings(this.#looseSettings);
  }

  open(document: OpenDocument): void {
    const { root, path } = this.#home(document);
    this.#homes.set(document, { root, path });
    root.open(path, document);
  }

  change(document: OpenDocument): void {
    const home = this.#homes.get(document);
    if (!home) return;
    home.root.change(home.path);
    this.#followIncludesSoon(home.root);
  }

  /** After the editor has let go of a document, its file on disk counts again. */
  async close(document: OpenDocument): Promise<void> {
    const home = this.#homes.get(document);
    if (!home) return;
    const { root, path } = home;
    this.#homes.delete(document);
    root.close(path);
    if (root.unused) return this.#drop(root);
    const onDisk = root.loose ? path === CONFIG : this.#context.candidatePath(path);
    if (onDisk) await this.#reload(root, path);
    else root.setFile(path, undefined);
    root.forgetSought(path);
    await followIncludes(root, this.#ports);
    if (!root.disposed) root.run();
  }

  /** Looks for files of ours in the folders that were not searched yet, and then tells what they change. */
  async discover(roots: readonly Root[] = [...this.#folders.values()]): Promise<void> {
    for (const root of roots) {
      const wanted = (path: string) => this.#context.candidatePath(path) && this.#owns(root, path);
      const found = await this.#context.files.find(root.uri, wanted);
      if (root.disposed) continue;
      await this.#nest(root, found);
      const missing = found.filter(path => !root.has(path) && wanted(path));
      for (let start = 0; start < missing.length && !root.disposed; start += CHUNK) {
        await Promise.all(missing.slice(start, start + CHUNK).map(path => this.#load(root, path)));
        if (!root.disposed) root.warm();
      }
      await followIncludes(root, this.#ports);
      if (!root.disposed) root.run();
    }
  }

  /** Takes in what changed on disk. Open documents are not touched. */
  async filesChanged(events: readonly FileEvent[]): Promise<void> {
    const touched = new Set<Root>();
    for (const { uri, type } of events) {
      const address = addressOf(uri);
      const located = this.#folderOf(address);
      if (!located || inSkippedFolder(located.path)) continue;
      const { root, path } = located;
      if (type === FileChangeType.Deleted) {
        if (this.#forget(root, path)) touched.add(root);
      } else if (projectFolder(path) !== undefined) {
        await this.#nest(root, [path]);
      } else if (!root.isOpen(path) && this.#concerns(root, path)) {
        await this.#reload(root, path);
        touched.add(root);
      }
    }
    for (const root of touched) {
      await followIncludes(root, this.#ports);
      if (!root.disposed) root.run();
    }
  }

  dispose(): void {
    for (const root of this.roots()) root.dispose();
  }

  #home(document: OpenDocument): Located {
    const folder = this.#folderOf(document.address);
    if (folder) return folder;
    const uri = parentUri(document.uri);
    const { key } = addressOf(uri);
    const root = this.#loose.get(key) ?? this.#createLoose(uri, key);
    return { root, path: pathWithin(root.address, document.address) ?? document.address.path };
  }

  #createLoose(uri: string, key: string): Root {
    const root = new Root(uri, true, this.#context);
    root.setSettings(this.#looseSettings);
    this.#loose.set(key, root);
    void this.#load(root, CONFIG).then(() => {
      if (!root.disposed && root.has(CONFIG)) root.run();
    });
    return root;
  }

  /** The innermost folder that holds a file. */
  #folderOf(file: Address): Located | undefined {
    let best: Located | undefined;
    for (const root of this.#folders.values()) {
      const path = pathWithin(root.address, file);
      if (path !== undefined && (!best || path.length < best.path.length)) best = { root, path };
    }
    return best;
  }

  #owns(root: Root, path: string): boolean {
    return this.#folders.size < 2 || this.#folderOf(addressOf(childUri(root.uri, path)))?.root === root;
  }

  #rehome(): void {
    for (const document of this.#context.documents.all()) {
      const before = this.#homes.get(document);
      const now = this.#home(document);
      if (before?.root === now.root) continue;
      if (before && !before.root.disposed) {
        before.root.close(before.path);
        before.root.setFile(before.path, undefined);
        if (before.root.unused) this.#drop(before.root);
        else before.root.run();
      }
      this.#homes.set(document, now);
      now.root.open(now.path, document);
    }
  }

  #addFolders(uris: readonly string[]): readonly Root[] {
    const created = uris
      .filter(uri => !this.#folders.has(addressOf(uri).key))
      .map(uri => new Root(uri, false, this.#context));
    for (const root of created) this.#folders.set(root.address.key, root);
    return created;
  }

  /** Makes projects of the folders below `outer` that hold a configuration of their own, and searches them. */
  async #nest(outer: Root, found: readonly string[]): Promise<void> {
    const folders = found.flatMap(path => projectFolder(path) ?? []);
    const created = this.#addFolders(folders.map(folder => childUri(outer.uri, folder)));
    for (const inner of created) {
      this.#nesting.add(inner, outer);
      inner.setSettings(outer.settings);
      this.#evict(inner);
    }
    if (created.length === 0) return;
    this.#rehome();
    await this.discover(created);
  }

  #removeFolder(key: string): void {
    const gone = this.#folders.get(key);
    for (const inner of gone ? this.#nesting.remove(gone) : []) this.#removeFolder(inner.address.key);
    gone?.dispose();
    this.#folders.delete(key);
  }

  /** Files of a new folder that an outer one holds belong to the new one from now on. */
  #evict(inner: Root): void {
    for (const outer of this.#folders.values()) {
      const prefix = outer === inner ? undefined : pathWithin(outer.address, inner.address);
      if (prefix === undefined) continue;
      for (const path of outer.paths()) if (path.startsWith(`${prefix}/`)) outer.setFile(path, undefined);
      outer.run();
    }
  }

  #drop(root: Root): void {
    root.dispose();
    this.#loose.delete(root.address.key);
  }

  /** Takes a file away, or all files of a folder; whether there was one. */
  #forget(root: Root, path: string): boolean {
    const gone = root.paths().filter(each => each === path || each.startsWith(`${path}/`));
    for (const each of gone) root.setFile(each, undefined);
    return gone.length > 0;
  }

  /** Takes in a file that the project does not hold yet. */
  async #load(root: Root, path: string): Promise<void> {
    const text = await this.#context.files.read(root.uriOf(path));
    if (text !== undefined && !root.disposed && !root.has(path)) root.setFile(path, text);
  }

  async #reload(root: Root, path: string): Promise<void> {
    const text = await this.#context.files.read(root.uriOf(path));
    if (!root.disposed) root.setFile(path, text);
  }

  #concerns(root: Root, path: string): boolean {
    if (root.has(path) || this.#context.candidatePath(path)) return true;
    return isWanted(root, path, this.#context);
  }

  get #ports(): IncludePorts {
    return {
      ...this.#context,
      owns: (root, path) => this.#owns(root, path),
      load: (root, path) => this.#load(root, path),
    };
  }

  #followIncludesSoon(root: Root): void {
    if (this.#timers.has(root)) return;
    const follow = async () => {
      this.#timers.delete(root);
      if (!root.disposed && (await followIncludes(root, this.#ports))) root.run();
    };
    const timer = setTimeout(() => {
      follow().catch(error => this.#context.log(`includes: ${error}`));
    }, INCLUDES_AFTER_MS);
    this.#timers.set(root, timer);
  }
}
