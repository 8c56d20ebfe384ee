/** Finds out where kaniko logs in by itself, which other tools do not, and writes that login. */
import type { BuildSite } from '../../model/build-site.js';
import { scriptSets } from '../../trace/script-way.js';
import type { ImageBuild } from './image-build.js';
import { authCommand } from './login.js';
import { hostOf, isInProjectRegistry } from './names.js';
import { refuse } from './refusal.js';
import { readValue, type Value } from './values.js';

/**
 * Clouds whose registries kaniko has the helpers for.
 * Source: osscontainertools/kaniko pkg/creds/creds.go and README, "--credential-helpers".
 */
const CLOUDS = /(?:\.amazonaws\.com(?:\.cn)?|(?:^|\.)gcr\.io|\.pkg\.dev|\.azurecr\.io)$/;

/** The project's own, by the variables that GitLab gives every job. Source: ePirat/docker-credential-gitlabci. */
const PROJECT = {
  user: '"$CI_REGISTRY_USER"',
  password: '"$CI_REGISTRY_PASSWORD"',
  registry: '"$CI_REGISTRY"',
};

/**
 * The command that logs in before a build that pushes `names`, for a script that does not; nothing where there is
 * nothing to log in for. `say` gets what the new job may lack.
 * @throws Refusal where it takes a helper that only kaniko has
 */
export function kanikoLogin(
  site: BuildSite,
  build: ImageBuild,
  names: readonly Value[],
  say: (sentence: string) => void,
): string | undefined {
  if (names.length === 0 || writesLogin(site)) return undefined;
  const cloud = names.find(name => CLOUDS.test(hostOf(site, name) ?? ''));
  if (cloud)
    refuse(
      `Kaniko gets the login for ${cloud.word.text} from its cloud by itself; have the script log in first.`,
      build.command,
    );
  if (!names.every(name => isInProjectRegistry(site, name))) {
    say('The script writes no login, and the new job does not find the ones that kaniko finds by itself.');
    return undefined;
  }
  const value = (source: string): Value => readValue(source) as Value;
  const login = {
    user: value(PROJECT.user),
    password: value(PROJECT.password),
    registry: value(PROJECT.registry),
  };
  return authCommand({ command: build.command, ...login }, '~/.docker');
}

/** In any of the ways in which people do. */
function writesLogin(site: BuildSite): boolean {
  const isSet = (name: string): boolean => site.env.get(name).state !== 'absent' || scriptSets(site, name);
  return (
    isSet('DOCKER_AUTH_CONFIG') ||
    isSet('DOCKER_CONFIG') ||
    site.scripts.some(({ text }) => text.includes('.docker') || text.includes(' login '))
  );
}
