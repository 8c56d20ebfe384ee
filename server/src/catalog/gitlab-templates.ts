/** What GitLab's own templates hold, so that including one leaves no more open than it brings. */
import { TEMPLATE_FOLDERS, TEMPLATES } from './data/gitlab-templates.js';

/** Names of what a template holds, its own includes counted in. */
export interface TemplateContents {
  readonly jobs: ReadonlySet<string>;
  /** Top-level keys and keys of `default:`. */
  readonly globals: ReadonlySet<string>;
  readonly variables: ReadonlySet<string>;
}

let rows: ReadonlyMap<string, string> | undefined;

/** The contents of what `include: template:` names; `undefined` for one that is not in the table. */
export function templateContents(written: string): TemplateContents | undefined {
  rows ??= new Map(TEMPLATES.map(row => [row.slice(0, row.indexOf('|')), row]));
  const name = written.replace(/\.gitlab-ci\.yml$/, '');
  const places = name.includes('/') ? [''] : TEMPLATE_FOLDERS;
  for (const folder of places) {
    const row = rows.get(folder === '' ? name : `${folder}/${name}`);
    if (row !== undefined) return contentsOf(row);
  }
  return undefined;
}

function contentsOf(row: string): TemplateContents {
  const [, globals, variables, jobs] = row.split('|').map(part => new Set(part.split(' ').filter(Boolean)));
  const empty: ReadonlySet<string> = new Set();
  return {
    globals: globals ?? empty,
    variables: variables ?? empty,
    jobs: new Set([...(jobs ?? empty)].map(job => job.replaceAll('\u00A0', ' '))),
  };
}
