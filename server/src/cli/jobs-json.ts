/** The json report of `jobs`; scripts depend on its shape. */
import type { EffectiveService, EffectiveVariable, WrittenText } from '../model/effective.js';
import type { JobReport } from './jobs.js';
import { toJson } from './json.js';

export function jobsJson(reports: readonly JobReport[]): string {
  return toJson({ version: 1, jobs: reports.map(jobJson) });
}

function jobJson({ row: { job }, at }: JobReport) {
  const { image, script, matrix } = job;
  return {
    path: at.path,
    job: job.name,
    image: image
      ? { name: image.name.text, ...(image.entrypoint ? { entrypoint: texts(image.entrypoint) } : {}) }
      : null,
    services: job.services.map(serviceJson),
    variables: values(job.variables),
    raw: [...job.variables].flatMap(([name, { raw }]) => (raw ? [name] : [])),
    ...(matrix ? { matrix: matrix.map(row => Object.fromEntries(row)) } : {}),
    script: { before: texts(script.before), main: texts(script.main), after: texts(script.after) },
    tags: texts(job.tags),
    holes: job.holes,
  };
}

function serviceJson({ name, alias, command, entrypoint, variables }: EffectiveService) {
  return {
    name: name.text,
    ...(alias ? { alias: alias.text } : {}),
    ...(command ? { command: texts(command) } : {}),
    ...(entrypoint ? { entrypoint: texts(entrypoint) } : {}),
    ...(variables.size > 0 ? { variables: values(variables) } : {}),
  };
}

function texts(items: readonly WrittenText[]): readonly string[] {
  return items.map(({ text }) => text);
}

function values(variables: ReadonlyMap<string, EffectiveVariable>): Record<string, string> {
  return Object.fromEntries([...variables].map(([name, { text }]) => [name, text]));
}
