/** What GitLab's own templates set, as far as builds are concerned. */

/** Names of what a template holds. */
export interface TemplateContents {
  readonly jobs: ReadonlySet<string>;
  /** Top-level keys and keys of `default:`. */
  readonly globals: ReadonlySet<string>;
  readonly variables: ReadonlySet<string>;
}

/** What is known of the template that is included as `name`; `undefined` when nothing is. */
export function templateContents(_name: string): TemplateContents | undefined {
  return undefined;
}
