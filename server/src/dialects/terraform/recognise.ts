/** Tells Terraform files with the configuration of a runner from other ones, by name and content. */

const NAME = /\.(?:tf|tofu)$/i;
const RUNNERS = /^[ \t]*\[\[[ \t]*runners[ \t]*\]\]/m;

/** A name alone says nothing: most of these files have nothing to do with runners. */
export function recogniseTerraform(path: string, text: string): boolean {
  return NAME.test(path) && RUNNERS.test(text);
}
