/** Gathers what decides a trace: the client's image and variables, the daemons beside it, the runner. */
import type { BuildSite, Command, Environment, Mount, PairedRunner, Service } from '../model/build-site.js';
import { type Known, type Place, settled } from '../model/known.js';
import { isLiteral, type Text } from '../model/text.js';
import { type DockerImage, dockerImage } from './docker-image.js';

export interface DindService {
  readonly service: Service;
  readonly image: DockerImage;
  /** Written in the runner's file. */
  readonly fromRunner: boolean;
}

/** Everything about a site that a simulation needs; what is not known is named in `missing`. */
export interface Scene {
  readonly site: BuildSite;
  readonly runner: PairedRunner | undefined;
  /** The docker image of the job; `undefined` for another image. */
  readonly client: DockerImage | undefined;
  /** The image's own entrypoint is run when the executor runs entrypoints. */
  readonly entrypointKept: boolean;
  readonly services: readonly Service[];
  readonly dinds: readonly DindService[];
  readonly host: Variable;
  readonly verify: Variable;
  readonly certPath: Variable;
  readonly certDir: Variable;
  /** What cannot be told and keeps any verdict open. */
  readonly missing: readonly string[];
  readonly assumptions: readonly string[];
  /** Commands of docker clients that talk to a daemon. */
  readonly dockerCommands: readonly Command[];
  /** A script makes certificates or a docker configuration of its own. */
  readonly ownCertificates: boolean;
}

/** A variable of the client: its value when it is set, and the place that fixes it. */
export interface Variable {
  readonly value: string | undefined;
  readonly place: Place | undefined;
}

export function sceneOf(
  site: BuildSite,
  runner: PairedRunner | undefined,
  dockerCommands: readonly Command[],
): Scene {
  const missing: string[] = [];
  const assumptions: string[] = [];
  const image = imageOf(site, runner, missing);
  const services = servicesOf(site, runner, missing);
  const client = image && dockerImage(image.ref);
  if (client?.mirrored)
    assumptions.push(`${image?.ref.repository} keeps the entrypoint of the official docker image`);
  const own = scriptSets(site);
  const read = (name: string): Variable => readVariable(site.env, name, own, missing);
  return {
    site,
    runner,
    client,
    entrypointKept: image?.entrypoint.state === 'absent',
    services,
    dinds: dindsOf(services, site, missing, assumptions),
    host: read('DOCKER_HOST'),
    verify: read('DOCKER_TLS_VERIFY'),
    certPath: read('DOCKER_CERT_PATH'),
    certDir: read('DOCKER_TLS_CERTDIR'),
    missing,
    assumptions,
    dockerCommands,
    ownCertificates:
      site.scripts.some(script => /\bca\.pem\b|\.docker\b/.test(script.text)) ||
      site.env.get('DOCKER_CONFIG').state !== 'absent',
  };
}

function imageOf(site: BuildSite, runner: PairedRunner | undefined, missing: string[]) {
  const { image } = site;
  if (image.state === 'known') {
    if (image.value.ref.name === undefined && image.value.ref.repository !== 'docker')
      missing.push('the image of the job');
    if (image.value.entrypoint.state === 'unknown') missing.push('the entrypoint of the job image');
    return image.value;
  }
  if (image.state === 'unknown') missing.push(`the image of the job (${image.why})`);
  else {
    const fallback = runner && settled(runner.runner.image);
    if (fallback && image.state === 'absent') {
      const entrypoint: Known<readonly string[]> = { state: 'absent' };
      return { ref: fallback, origin: { place: runner.runner.place, way: 'runner' as const }, entrypoint };
    }
    missing.push("the runner's default image");
  }
  return undefined;
}

function servicesOf(
  site: BuildSite,
  runner: PairedRunner | undefined,
  missing: string[],
): readonly Service[] {
  if (site.services.state === 'unknown') missing.push(`the services of the job (${site.services.why})`);
  const added = runner ? runner.runner.services : undefined;
  if (added?.state === 'unknown') missing.push('the services that the runner adds');
  return [...(settled(site.services) ?? []), ...((added && settled(added)) ?? [])];
}

function dindsOf(
  services: readonly Service[],
  site: BuildSite,
  missing: string[],
  assumptions: string[],
): readonly DindService[] {
  const own = settled(site.services) ?? [];
  return services.flatMap(service => {
    const image = dockerImage(service.ref);
    if (!image || image.variant === 'cli') return [];
    if (image.mirrored)
      assumptions.push(`${service.ref.repository} keeps the entrypoint of the official docker image`);
    missing.push(...unknownVariables(service));
    return [{ service, image, fromRunner: !own.includes(service) }];
  });
}

/** Variables that the entrypoint of a dind service looks at. */
export const DAEMON_VARIABLES = [
  'DOCKER_TLS_CERTDIR',
  'DOCKER_HOST',
  'DOCKER_TLS_SAN',
  'XDG_RUNTIME_DIR',
] as const;

function unknownVariables(service: Service): readonly string[] {
  return DAEMON_VARIABLES.filter(name => name.startsWith('DOCKER_')).flatMap(name => {
    const found = service.variables.get(name);
    if (found.state === 'unknown') return [`${name} (${found.why})`];
    return found.state === 'known' && !isLiteral(found.value)
      ? [`${found.value.holes.join(' and ')} in ${name}`]
      : [];
  });
}

const SETTERS: ReadonlySet<string> = new Set([
  'export',
  'unset',
  'declare',
  'typeset',
  'local',
  'readonly',
  'read',
]);
const READERS: ReadonlySet<string> = new Set(['source', '.', 'eval']);

/** Variables of ours that a script sets, and whether it takes variables from somewhere else. */
function scriptSets(site: BuildSite): { names: ReadonlySet<string>; anything: boolean } {
  const names = new Set<string>();
  let anything = false;
  for (const { shell } of site.commands) {
    const program = shell.words[0]?.text ?? '';
    if (READERS.has(program) && shell.words.some(word => /docker/i.test(word.text))) anything = true;
    if (shell.words.length === 0) for (const assignment of shell.assignments) names.add(assignment.name);
    if (SETTERS.has(program))
      for (const word of shell.words.slice(1)) names.add(word.text.split('=')[0] ?? '');
  }
  return { names, anything };
}

function readVariable(
  env: Environment,
  name: string,
  own: ReturnType<typeof scriptSets>,
  missing: string[],
): Variable {
  if (own.names.has(name) || own.anything) missing.push(`${name}, which the script sets`);
  const found: Known<Text> = env.get(name);
  if (found.state === 'absent') return { value: undefined, place: undefined };
  if (found.state === 'unknown') {
    missing.push(`${name} (${found.why})`);
    return { value: undefined, place: found.origin?.place };
  }
  if (!isLiteral(found.value)) missing.push(`${found.value.holes.join(' and ')} in ${name}`);
  return { value: found.value.text, place: found.origin.place };
}

/** Whether a mount puts `path` into the containers of a job; a parent folder does too. */
export function covers(mount: Mount, path: string): boolean {
  const target = mount.target.replace(/\/+$/, '') || '/';
  return path === target || path.startsWith(target === '/' ? '/' : `${target}/`);
}
