/** Everything that a job is put together from: its fields after `extends` and `default:`, its variables, what is out of view. */
import type { Place } from '../../model/known.js';
import { type GitlabConfig, globalGaps, globalValue, jobGaps, variableGaps } from './config.js';
import { defaultsOf, inherits, withDefaults } from './defaults.js';
import { effectiveJob, unseenParent } from './extends.js';
import { dereference, doubtedByTargets } from './references.js';
import type { Source } from './sources.js';
import { doubtful, type Fields, isNull, mergeFields } from './values.js';

export interface JobParts {
  /** Where the job is named; the file that wins, where several write it. */
  readonly place: Place;
  /** Where the pipeline takes in the file that names the job; missing for its own. */
  readonly includedAt: Place | undefined;
  readonly fields: Fields;
  /** Global and job variables, job over global. */
  readonly variables: Fields;
  readonly workflow: Fields | undefined;
  /** Why parts of the job may be written where we cannot see. */
  readonly gaps: readonly string[];
  /** Why a key that the job does not have may come from out of view. */
  readonly keyGaps: (key: string) => readonly string[];
  readonly variableGaps: (name: string) => readonly string[];
  /** Why any variable may be set out of view. */
  readonly unseenVariables: readonly string[];
}

/** `undefined` for a job that is no map. */
export function jobParts(config: GitlabConfig, name: string): JobParts | undefined {
  const job = effectiveJob(config, name);
  const definitions = config.jobs.get(name) ?? [];
  const last = definitions.at(-1);
  if (!job || !last) return undefined;
  const own = [...jobGaps(config, name), ...job.missing.map(unseenParent)];
  // What is left out together with the job's only file is no doubt for the job.
  const beside = definitions.length === 1 && last.condition !== undefined ? [last.source] : [];
  const keyGaps = (key: string): readonly string[] => unique([...own, ...globalGaps(config.gaps, key)]);
  const globals = inheritedVariables(config, job.fields, beside);
  const written = job.fields.get('variables');
  const variables = dereference(config, written);
  return {
    place: config.place(last.entry.key),
    includedAt: last.source.includedAt,
    fields: doubtedByTargets(
      config,
      withDefaults(job.fields, defaultsOf(config, job.fields, beside), () => own),
    ),
    variables: mergeFields(
      // The same job written out of view may set any of them.
      own.length > 0 ? doubtful(globals.fields, own.join('; ')) : globals.fields,
      doubtedByTargets(config, variables?.fields ?? new Map()),
    ),
    workflow: dereference(config, globalValue(config, 'workflow', 'global', beside))?.fields,
    gaps: own,
    keyGaps,
    variableGaps: variable => unique([...own, ...variableGaps(config.gaps, variable)]),
    unseenVariables:
      (written && !variables) || !globals.complete ? ['a !reference of variables leads out of view'] : [],
  };
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

/** The global variables that the job takes over; those that a gap may change are doubtful. */
function inheritedVariables(
  config: GitlabConfig,
  job: Fields,
  beside: readonly Source[],
): { fields: Fields; complete: boolean } {
  const written = globalValue(config, 'variables', 'global', beside);
  const value = dereference(config, written);
  const limits = job.get('inherit')?.fields?.get('variables');
  const inherit = inherits(limits);
  const fields = new Map([...(value?.fields ?? [])].filter(([name]) => inherit(name)));
  return {
    fields: limits?.doubt === undefined ? fields : doubtful(fields, limits.doubt),
    complete: !written || value?.fields !== undefined || (value !== undefined && isNull(value.node)),
  };
}
