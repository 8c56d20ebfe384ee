/** Makes build sites for tests out of the text of one GitLab job. */
import assert from 'node:assert/strict';
import type { Translation } from '../../server/src/analysis/convert/translation.js';
import { gitlabCi } from '../../server/src/dialects/gitlab-ci/index.js';
import type { BuildSite } from '../../server/src/model/build-site.js';
import { forget } from '../../server/src/model/kept.js';

/** The only job of a pipeline. */
export function siteOf(text: string): BuildSite {
  const variables = { key: '', values: new Map() };
  const lowered = gitlabCi.lower({ path: '.gitlab-ci.yml', tree: gitlabCi.read(text), variables });
  const [source, ...others] = lowered.sites;
  assert.ok(source && others.length === 0, 'one job');
  const [site] = source.lower();
  assert.ok(site, 'a job that builds');
  return site;
}

/** A job on docker's image with this script. */
export function siteWithScript(script: string, variables: Readonly<Record<string, string>> = {}): BuildSite {
  const indented = script.split('\n').map(line => (line === '' ? '' : `      ${line}`));
  return siteOf(
    [
      'build:',
      '  image: docker:29.7.2-cli',
      '  services: [docker:29.7.2-dind]',
      `  variables: ${JSON.stringify({ DOCKER_TLS_CERTDIR: '/certs', ...variables })}`,
      '  script:',
      '    - |',
      ...indented,
      '',
    ].join('\n'),
  );
}

/** The script of such a job as a translator writes it. */
export function translatedScript(
  translate: (site: BuildSite) => Translation,
  script: string,
  variables?: Readonly<Record<string, string>>,
): string {
  const site = siteWithScript(script, variables);
  try {
    const { texts } = translate(site);
    return site.scripts
      .map(one => texts.get(one) ?? one.text)
      .join('')
      .trimEnd();
  } finally {
    forget();
  }
}
