/** The images that a job or a runner names, as rules about images see them, and how to write another in their place. */

import { type BuildSite, type DialectId, FORMATS, type Runner } from '../model/build-site.js';
import type { FixPlan, Profile, Safety } from '../model/finding.js';
import { type ImageRef, isHubLibrary } from '../model/image-ref.js';
import type { Intent } from '../model/intent.js';
import { kept } from '../model/kept.js';
import { type Origin, settled, written } from '../model/known.js';
import { nameOf } from '../model/site-words.js';
import { isLiteral, show } from '../model/text.js';
import { type DockerImage, dockerImage } from '../trace/docker-image.js';
import type { Report, Rule } from './define.js';

/** The formats that name images; values of charts do so in the configuration of runners that they hold. */
export const NAME_IMAGES: readonly DialectId[] = FORMATS.filter(format => format !== 'helm-values');

/** An image as it is written somewhere. */
export interface NamedImage {
  readonly ref: ImageRef;
  readonly origin: Origin;
  readonly role: 'image' | 'service';
  /** `job "build"` or `runner "ci"`. */
  readonly owner: string;
  /** What it is, if it is one of the docker family. */
  readonly docker: DockerImage | undefined;
  /** The reference is written there in one piece. */
  readonly whole: boolean;
  /** The job that names it; missing for a runner. */
  readonly site?: BuildSite;
}

/** The images of a site, its own first. Services count also where something out of view may replace them. */
export const imagesOf = kept((site: BuildSite): readonly NamedImage[] => {
  const owner = nameOf(site);
  const image = written(site.image);
  const services = (written(site.services) ?? []).map(service => named(service, 'service', owner));
  const all = image ? [named(image, 'image', owner), ...services] : services;
  return all.map(one => ({ ...one, site }));
});

/** The image and the services that a runner gives to jobs; none where it runs them without containers. */
export function imagesOfRunner(runner: Runner): readonly NamedImage[] {
  const executor = settled(runner.executor);
  if (executor === 'shell' || executor === 'other') return [];
  const owner = `runner "${runner.name}"`;
  const services = (settled(runner.services) ?? []).map(service => named(service, 'service', owner));
  const { image } = runner;
  if (image.state !== 'known') return services;
  return [named({ ref: image.value, origin: image.origin, whole: true }, 'image', owner), ...services];
}

/** What judges an image; `all` are those of the same job or runner. */
type Judge = (image: NamedImage, all: readonly NamedImage[], profile: Profile) => Iterable<Report>;

/** The parts of a rule that looks at each image of jobs and of runners. */
export function forImages(judge: Judge): Pick<Rule, 'site' | 'runner'> {
  return {
    *site({ site, profile }) {
      const images = imagesOf(site);
      for (const image of images) yield* judge(image, images, profile);
    },
    *runner({ paired, profile }) {
      const images = imagesOfRunner(paired.runner);
      for (const image of images) yield* judge(image, images, profile);
    },
  };
}

/** `docker:28, the image of job "build"`. */
export function describe({ ref, role, owner }: NamedImage): string {
  return `${show(ref.text)}, ${role === 'image' ? 'the image' : 'a service'} of ${owner}`;
}

/** GitLab's pull-through cache of Docker Hub: what it serves is what is there. */
const PULL_THROUGH = /^\$\{?CI_DEPENDENCY_PROXY_\w*PREFIX\}?\/docker(?:[:@]|$)/;

/** True for docker's official image as Docker Hub has it, so that its list of tags decides which there are. */
export function isOfficial({ ref, docker }: NamedImage): boolean {
  return docker !== undefined && (isHubLibrary(ref) || PULL_THROUGH.test(show(ref.text)));
}

/** What a finding on an image that may be a copy says besides: its confidence, and the condition in words. */
export function ifCopy({ docker }: NamedImage): Pick<Report, 'confidence'> & { readonly words: string } {
  if (!docker?.mirrored) return { confidence: 'high', words: '' };
  return { confidence: 'medium', words: ' (if it is a copy of the official image)' };
}

/** Puts another tag behind the name of an image; nothing where the tag is not written there as such. */
export function retag(image: NamedImage, tag: string): readonly Intent[] {
  const { ref, origin } = image;
  if (ref.tag === undefined || ref.digest !== undefined) return [];
  const { block, start, end } = origin.place;
  const raw = /^(["']?)([^\s"']+)\1$/.exec(block.text.slice(start, end))?.[2];
  const written = ref.tag === '' ? ref.name : `:${ref.tag}`;
  if (!raw || !written || !raw.endsWith(written)) return replaceImage(image, `${ref.repository}:${tag}`);
  const name = ref.tag === '' ? raw : raw.slice(0, -written.length);
  return [{ kind: 'replace-value', at: origin.place, value: `${name}:${tag}` }];
}

/** Puts another image in the place of one; nothing where it is not written in one piece. */
export function replaceImage({ ref, origin, whole }: NamedImage, image: string): readonly Intent[] {
  return whole && isLiteral(ref.text) ? [{ kind: 'replace-value', at: origin.place, value: image }] : [];
}

/** One fix that people will want, or none where it cannot be written. */
export function onlyFix(title: string, safety: Safety, intents: readonly Intent[]): readonly FixPlan[] {
  return intents.length > 0 ? [{ title, safety, preferred: true, intents }] : [];
}

function named(
  use: Pick<NamedImage, 'ref' | 'origin' | 'whole'>,
  role: NamedImage['role'],
  owner: string,
): NamedImage {
  return { ref: use.ref, origin: use.origin, whole: use.whole, role, owner, docker: dockerImage(use.ref) };
}
