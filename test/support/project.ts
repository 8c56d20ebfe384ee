/** Makes projects for tests out of texts. */
import { createProject, type Project } from '../../server/src/analysis/index.js';
import { runtimeData } from './data.js';

/** A fixed day, so that ignores with a date do not change their meaning over time. */
export const TODAY = '2026-11-21';

/** A project that fails the test when something goes wrong inside. */
export function projectOf(files: Iterable<readonly [string, string]>, today = TODAY): Project {
  const project = createProject({
    today,
    data: runtimeData,
    absent: () => true,
    log: message => {
      throw new Error(message);
    },
  });
  for (const [path, text] of files) project.setFile(path, text);
  return project;
}
