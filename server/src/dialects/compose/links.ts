/** The files that a Compose file takes in, uses parts of, or takes variables from. */
import type { Tree } from '../../syntax/tree.js';
import type { Link } from '../dialect.js';
import { asIs } from './interpolate.js';
import { type ComposeFile, field, itemsOf, type Layer, under } from './layers.js';

/** Names that Compose starts with by itself, and those that it then merges over them; of each the first that is there. */
const DEFAULTS = /(?:^|\/)(?:docker-)?compose\.ya?ml$/;
const OVERRIDES = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
];

/** Source: compose-spec/compose-go cli/options.go, DefaultFileNames and DefaultOverrideFileNames. */
export function overridesOf(path: string): readonly Link[] {
  return DEFAULTS.test(path) ? OVERRIDES.map(target => linkTo('include', target)) : [];
}

export function linkTo(kind: Link['kind'], target: string): Link {
  return { kind, target, relative: true };
}

/** What can be told from the file alone; targets with variables in them are followed when it is read. */
export function linksIn(tree: Tree, path: string): readonly Link[] {
  const file: ComposeFile = { path, folder: '', tree, lookup: () => undefined, fields: new Map() };
  const tops = topsOf(file);
  const included = under(tops, 'include').flatMap(itemsOf).flatMap(includeOf);
  const services = under(tops, 'services');
  const parts = services.flatMap(layer => {
    if (layer.node.kind !== 'map') return [];
    return layer.node.entries.flatMap(({ value }) => {
      const node = value && tree.resolve(value);
      const extended = node && field({ ...layer, node }, 'extends');
      const target = extended && plainText(field(extended, 'file'));
      return target === undefined ? [] : [linkTo('part', target)];
    });
  });
  const variables = [linkTo('variables', '.env')];
  const files = included.flatMap(({ paths }) => paths.map(target => linkTo('include', target)));
  return [...overridesOf(path), ...files, ...parts, ...variables].filter(({ target }) => isLocal(target));
}

/** Every document of a file is a layer. */
export function topsOf(file: ComposeFile): readonly Layer[] {
  return file.tree.documents.flatMap(({ blocks }) =>
    blocks.flatMap(({ root }) => (root ? [{ file, node: root, way: 'own' as const }] : [])),
  );
}

export interface Include {
  /** The file, and those that are merged over it. */
  readonly paths: readonly string[];
  readonly envFiles: readonly string[];
  /** The folder that its paths count from; its own where none is given. */
  readonly folder: string | undefined;
}

/** An entry of `include:`, a path or a map; none where it cannot be read. */
export function includeOf(layer: Layer): readonly Include[] {
  if (layer.node.kind === 'scalar') return [{ paths: textsOf(layer), envFiles: [], folder: undefined }];
  const paths = textsOf(field(layer, 'path'));
  return [
    {
      paths,
      envFiles: textsOf(field(layer, 'env_file')),
      folder: textsOf(field(layer, 'project_directory'))[0],
    },
  ];
}

function textsOf(layer: Layer | undefined): readonly string[] {
  return layer ? itemsOf(layer).flatMap(item => plainText(item) ?? []) : [];
}

/** A text without variables. */
function plainText(layer: Layer | undefined): string | undefined {
  if (layer?.node.kind !== 'scalar') return undefined;
  return /[$]|\{\{/.test(layer.node.text) ? undefined : asIs(layer.node.text).text;
}

/** A file on this disk, not one of git or of a registry. */
export function isLocal(target: string): boolean {
  return target !== '' && !/^[\w+.-]+:\/\/|^git@|\.git(?:#|$)|^\/|^~/.test(target);
}
