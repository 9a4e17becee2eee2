import { child, textOf } from '../../structure/tree.ts';
import type { DeployTree } from '../deploy-tree.ts';
import type { FluxSources } from './flux-kustomization.ts';

const SOURCE = 'source.toolkit.fluxcd.io';
/** The name that bootstrapping gives to the repository it writes to. */
const OWN_NAME = 'flux-system';

/** Which sources of Flux are the repository that is looked at. */
export function fluxSources(tree: DeployTree): FluxSources {
  const urls = new Map(
    tree.ofKind(SOURCE, 'GitRepository').flatMap(({ map, name }) => {
      const url = textOf(child(map, 'spec'), 'url');
      return name === null || url === undefined ? [] : [[name, placeOf(url)] as const];
    }),
  );
  const own = urls.get(OWN_NAME);
  return {
    hasFolder: (path) => tree.hasFolder(path),
    covers: (path) => tree.covers(path),
    isOwn(kind, name) {
      if (kind !== 'GitRepository') return null;
      if (name === OWN_NAME) return true;
      const url = urls.get(name);
      return own === undefined || url === undefined ? null : own === url;
    },
  };
}

/** `ssh://git@host/a/b.git`, `git@host:a/b` and `https://host/a/b` as `host/a/b`. */
function placeOf(url: string): string {
  return url
    .trim()
    .replace(/^[a-z+]+:\/\//i, '')
    .replace(/^[^@/]*@/, '')
    .replace(/^([^/:]+):(?![0-9]+\/)/, '$1/')
    .replace(/\.git\/?$|\/$/, '')
    .toLowerCase();
}
