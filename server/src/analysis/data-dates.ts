/** How old the tables are that rules rest on. */
import { BUILDER_IMAGES_DATE } from '../catalog/builder-images.js';
import { DOCKER_TAGS_DATE } from '../catalog/docker-tags.js';

/** ISO dates up to which the tables are complete. */
export function dataDates(): readonly { readonly name: string; readonly date: string }[] {
  return [
    { name: 'docker image tags', date: DOCKER_TAGS_DATE },
    { name: 'builder images', date: BUILDER_IMAGES_DATE },
  ];
}
