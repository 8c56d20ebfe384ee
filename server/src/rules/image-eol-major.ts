/** Flags images of docker lines that get no builds any more. */

import { comparable, isKnownTag, parseDockerTag } from '../catalog/docker-tags.js';
import { prose } from '../model/prose.js';
import { defineRule, type Report } from './define.js';
import { isDropped, lineName, maintainedMajor, moveToMaintained } from './docker-lines.js';
import { forImages, ifCopy, isOfficial, NAME_IMAGES, type NamedImage } from './images.js';

export default defineRule({
  id: 'image-eol-major',
  severity: 'warning',
  profile: 'default',
  dialects: NAME_IMAGES,
  ...prose({
    title: 'Docker image of a line that was dropped',
    why: 'The official docker image is built for the newest major line alone. Images of a dropped line stay on Docker Hub as they are, with every hole that was found in docker, runc, containerd and Alpine since. dind older than 20.10 also cannot run containers where the host has cgroup v2: "cgroups: cgroup mountpoint does not exist: unknown".',
    remedy:
      'Move client and daemon together to the newest patch of the maintained line, as in docker:29.7.2-cli and docker:29.7.2-dind, and run the pipeline once: it is a new major.',
    sources: [
      'https://github.com/docker-library/official-images/blob/master/library/docker',
      'https://docs.gitlab.com/ci/docker/docker_build_troubleshooting/',
    ],
  }),
  fixable: true,

  ...forImages(judge),
});

/** When the image was last built for a line. Source: docker-library/official-images, history of library/docker. */
const LAST_BUILT: Readonly<Record<number, string>> = {
  1: 'March 2017',
  17: 'May 2018',
  18: 'September 2019',
  19: 'August 2021',
  20: 'May 2023',
  23: 'September 2023',
  24: 'July 2024',
  25: 'July 2024',
  26: 'July 2024',
  27: 'February 2025',
  28: 'November 2025',
};

const FIRST_WITH_CGROUP_V2 = { major: 20, minor: 10, patch: 0 };

function* judge(image: NamedImage, all: readonly NamedImage[]): Iterable<Report> {
  const { ref, docker, origin, role, owner } = image;
  const version = docker && ref.tag ? parseDockerTag(ref.tag).version : undefined;
  if (!docker || !version || !isDropped(image)) return;
  // A tag of another registry may count something else.
  if (!isOfficial(image) && !isKnownTag(ref.tag ?? '')) return;
  const { confidence, words } = ifCopy(image);
  const since = LAST_BUILT[version.major];
  const old = role === 'service' && docker.variant !== 'cli' && comparable(version, FIRST_WITH_CGROUP_V2) < 0;
  const harm = old ? ', and cannot run containers on a host with cgroup v2' : '';
  yield {
    at: origin.place,
    message: `Docker ${lineName(version.major)}, ${role === 'image' ? 'the image' : 'a service'} of ${owner}, ${since ? `has had no fixes since ${since}` : 'gets no fixes'}${harm}; ${maintainedMajor()} is the maintained line${words}.`,
    ...(confidence ? { confidence } : {}),
    fixes: () => moveToMaintained(all),
  };
}
