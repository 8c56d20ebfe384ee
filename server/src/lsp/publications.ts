/** Remembers which diagnostics the client was sent, so that only changes are told, and none is left behind. */
import type { Diagnostic, PublishDiagnosticsParams } from 'vscode-languageserver';
import type { CheckedFile } from '../analysis/index.js';
import type { ClientFeatures } from './features.js';
import { type Places, toDiagnostic } from './to-lsp.js';

/** An editor shows no more with profit; the rest shows when these are mended. */
const MAX_DIAGNOSTICS = 1_000;

interface Sent {
  /** As the client spelled it then. */
  readonly uri: string;
  readonly file: CheckedFile | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Belongs to one project. */
export class Publications {
  readonly #sent = new Map<string, Sent>();

  constructor(
    private readonly places: Places,
    private readonly client: ClientFeatures,
    private readonly publish: (params: PublishDiagnosticsParams) => void,
  ) {}

  /**
   * Tells the client how things stand.
   * @param files results for all files of the project that are ours
   * @param changed paths that are published in any case, if they are ours, and before all others
   */
  update(files: readonly CheckedFile[], changed: readonly string[]): void {
    const byPath = new Map(files.map(file => [file.path, file]));
    for (const path of changed) {
      const file = byPath.get(path);
      if (file) this.#send(file, this.#diagnostics(file));
    }
    for (const file of files) if (!changed.includes(file.path)) this.#sendIfNew(file);
    for (const path of [...this.#sent.keys()]) if (!byPath.has(path)) this.#clear(path);
  }

  #sendIfNew(file: CheckedFile): void {
    const before = this.#sent.get(file.path);
    if (!before && file.findings.length === 0) return;
    const uri = this.places.uriOf(file.path);
    if (before?.file === file && before.uri === uri) return;
    const diagnostics = this.#diagnostics(file);
    if (before?.uri === uri && JSON.stringify(before.diagnostics) === JSON.stringify(diagnostics)) {
      this.#sent.set(file.path, { uri, file, diagnostics });
    } else this.#send(file, diagnostics);
  }

  #send(file: CheckedFile, diagnostics: Diagnostic[]): void {
    const { path } = file;
    const uri = this.places.uriOf(path);
    const before = this.#sent.get(path);
    // Two spellings of one file are two files to a client that does not normalise.
    if (before && before.uri !== uri) this.publish({ uri: before.uri, diagnostics: [] });
    this.#sent.set(path, { uri, file, diagnostics });
    const version = this.places.version(path);
    this.publish(version === null ? { uri, diagnostics } : { uri, version, diagnostics });
  }

  #clear(path: string): void {
    const before = this.#sent.get(path);
    if (before && before.diagnostics.length > 0) this.publish({ uri: before.uri, diagnostics: [] });
    this.#sent.delete(path);
  }

  #diagnostics(file: CheckedFile): Diagnostic[] {
    return file.findings
      .slice(0, MAX_DIAGNOSTICS)
      .map(finding => toDiagnostic(finding, this.places, this.client));
  }
}
