/** The ways in which the client's side of a job may turn out where its image or variables are not known. */
import type { BuildSite, ImageUse, PairedRunner } from '../model/build-site.js';
import { settled } from '../model/known.js';
import { type DockerImage, dockerImage } from './docker-image.js';
import { imageCertDir } from './entrypoints.js';
import { textOf } from './runner-facts.js';
import type { ClientVariant } from './scene.js';
import { readVariable } from './variables.js';

type ImageSide = Pick<ClientVariant, 'client' | 'entrypointKept'>;

const CURRENT: DockerImage = { variant: 'cli', version: undefined, versionKnown: true, mirrored: false };

/** All variants, and in words what they leave open. An official image of unknown version counts as a current one. */
export function clientVariants(
  site: BuildSite,
  runner: PairedRunner | undefined,
  assumptions: string[],
): { variants: readonly ClientVariant[]; open: readonly string[] } {
  const open: string[] = [];
  const images = imageSides(site, runner, open, assumptions);
  const note = (name: string): ReturnType<typeof readVariable> => {
    const variable = readVariable(site.env, name);
    if (variable.why) open.push(`${name} (${variable.why})`);
    return variable;
  };
  const [certDir, verify, certPath] = [
    note('DOCKER_TLS_CERTDIR'),
    note('DOCKER_TLS_VERIFY'),
    note('DOCKER_CERT_PATH'),
  ];
  const dirs = certDir.why ? [undefined, ''] : [certDir.value?.replace(/(?<=.)\/+$/, '')];
  const verifies = verify.why ? [undefined, '1'] : [verify.value];
  const paths = (dir: string | undefined): readonly (string | undefined)[] =>
    certPath.why ? [undefined, `${dir || imageCertDir(undefined)}/client`] : [certPath.value];
  const variants = images.flatMap(image =>
    dirs.flatMap(dir =>
      verifies.flatMap(one =>
        paths(dir).map(path => ({ ...image, certDir: dir, verify: one, certPath: path })),
      ),
    ),
  );
  return { variants, open };
}

function imageSides(
  site: BuildSite,
  runner: PairedRunner | undefined,
  open: string[],
  assumptions: string[],
): readonly ImageSide[] {
  // Without containers there is no image.
  if (runner && settled(runner.runner.executor) === 'shell')
    return [{ client: undefined, entrypointKept: false }];
  const entered = site.self?.container.entered;
  if (entered === 'machine') return [{ client: undefined, entrypointKept: false }];
  const use = imageOf(site, runner);
  if (!use || (use.ref.name === undefined && use.ref.repository !== 'docker')) {
    open.push(
      site.image.state === 'unknown' ? `the image of the job (${site.image.why})` : 'the image of the job',
    );
    return [
      { client: CURRENT, entrypointKept: !entered },
      { client: undefined, entrypointKept: !entered },
    ];
  }
  const client = dockerImage(use.ref);
  if (!client) return [{ client, entrypointKept: false }];
  if (client.mirrored)
    assumptions.push(`${use.ref.repository} keeps the entrypoint of the official docker image`);
  if (!client.versionKnown) open.push('the version of the docker image');
  const fixed = textOf(runner?.runner, 'docker.disable_entrypoint_overwrite') === 'true';
  if (use.entrypoint.state !== 'unknown' || fixed)
    return [{ client, entrypointKept: fixed || use.entrypoint.state === 'absent' }];
  open.push('the entrypoint of the image');
  return [
    { client, entrypointKept: true },
    { client, entrypointKept: false },
  ];
}

/** The image of the job, else the one of the runner. */
function imageOf(
  site: BuildSite,
  runner: PairedRunner | undefined,
): Pick<ImageUse, 'ref' | 'entrypoint'> | undefined {
  const own = settled(site.image);
  if (own || site.image.state === 'unknown') return own;
  const fallback = runner && settled(runner.runner.image);
  return fallback && { ref: fallback, entrypoint: { state: 'absent' } };
}
