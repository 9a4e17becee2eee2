import { compileRegex, TidelockError } from '@tidelock/core';
import {
  child,
  type Deployment,
  elementsOf,
  type Manifest,
  manifestsOf,
  Source,
  structureOf,
  type Tree,
  textOf,
} from '@tidelock/guard';
import { LeftToHand } from './remote-secret.ts';

/**
 * A patch, a prefix or a replacement of a kustomization meets the ExternalSecret, and would miss the
 * Secret in its place or change it otherwise.
 * @throws LeftToHand
 */
export function requireUntouched(deployment: Deployment, manifest: Manifest): void {
  const { tree, contexts } = deployment;
  const path = tree.pathOf(manifest.source);
  const affixed = contexts.ofFile(path).some(({ prefix, suffix }) => prefix + suffix !== '');
  const target = child(child(manifest.map, 'spec'), 'target');
  if (affixed && textOf(target, 'name') !== undefined)
    throw new LeftToHand(
      'a kustomization puts a prefix or suffix on names, which target.name does not get and a Secret does',
    );
  for (const { folder, root, text } of patchers(deployment)) {
    if (!patchesIn(deployment, root, folder).some((patch) => meets(patch, manifest))) continue;
    if (builds(deployment, folder, manifest.source))
      throw new LeftToHand(`a patch in ${text} changes it: what it reads differs by environment`);
  }
}

/** Whether the file is no object of its own but changes one. */
export function isPatch({ graph }: Deployment, { source }: Manifest): boolean {
  return graph.known.some(({ files }) =>
    files.some(
      ({ source: used, reference }) =>
        used === source && (reference.use === 'patch' || reference.use === 'old-patch'),
    ),
  );
}

interface Patcher {
  /** That it is applied to. */
  readonly folder: string;
  readonly root: Tree | undefined;
  /** Path of the file that says so. */
  readonly text: string;
}

function patchers({ graph, flux, tree }: Deployment): readonly Patcher[] {
  const explicit = graph.explicit.flatMap((folder): Patcher[] => {
    const source = graph.folder(folder)?.kustomization?.source;
    if (source === undefined) return [];
    return [{ folder, root: structureOf(source).documents[0]?.root, text: source.path }];
  });
  const ofFlux = flux.flatMap(({ folder, map, manifest }): Patcher[] =>
    folder === null
      ? []
      : [{ folder, root: child(map, 'spec'), text: tree.pathOf(manifest.source) }],
  );
  return [...explicit, ...ofFlux];
}

interface Patch {
  readonly target: Tree | undefined;
  /** Objects that it changes by their name, where it has no target. */
  readonly objects: readonly Manifest[];
}

function patchesIn({ graph }: Deployment, root: Tree | undefined, folder: string): Patch[] {
  const files = graph.folder(folder)?.files ?? [];
  const objectsOf = (path: string | undefined, inline: string | undefined) => {
    const file = files.find(({ reference }) => path !== undefined && reference.path === path);
    const source =
      inline === undefined ? file?.source : new Source('patch.yaml', Buffer.from(inline));
    return source === undefined ? [] : manifestsOf(source);
  };
  const withTarget = ['patches', 'patchesJson6902']
    .flatMap((field) => elementsOf(child(root, field)))
    .map((one) => ({
      target: child(one, 'target'),
      objects: objectsOf(textOf(one, 'path'), textOf(one, 'patch')),
    }));
  const merged = elementsOf(child(root, 'patchesStrategicMerge')).flatMap((one) =>
    one.kind === 'scalar'
      ? [
          {
            target: undefined,
            objects: objectsOf(one.value, one.value.includes('\n') ? one.value : undefined),
          },
        ]
      : [],
  );
  const replaced = elementsOf(child(root, 'replacements'))
    .flatMap((one) => {
      const path = textOf(one, 'path');
      const file = files.find(({ reference }) => reference.path === path);
      return file === undefined
        ? [one]
        : structureOf(file.source).documents.map((each) => each.root);
    })
    .flatMap((one) => elementsOf(child(one, 'targets')))
    .map((one) => ({ target: child(one, 'select'), objects: [] }));
  return [...withTarget, ...merged, ...replaced];
}

function meets({ target, objects }: Patch, { kind, name }: Manifest): boolean {
  if (target === undefined)
    return objects.some((object) => object.kind === kind && object.name === name);
  return matches(textOf(target, 'kind'), kind) && matches(textOf(target, 'name'), name ?? '');
}

/** A whole name by an expression, as kustomize selects; what is no expression may well match. */
function matches(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined || pattern === '') return true;
  try {
    return compileRegex(`^(?:${pattern})$`)(text);
  } catch (error) {
    if (error instanceof TidelockError) return true;
    throw error;
  }
}

/** Whether a folder brings the file into what is built of it, through whatever folders. */
function builds({ graph }: Deployment, from: string, source: Source): boolean {
  const seen = new Set<string>();
  const waiting = [from];
  for (;;) {
    const path = waiting.pop();
    if (path === undefined) return false;
    const folder = seen.has(path) ? null : graph.folder(path);
    seen.add(path);
    if (folder === null) continue;
    if (folder.files.some(({ source: used }) => used === source)) return true;
    waiting.push(...folder.children);
  }
}
