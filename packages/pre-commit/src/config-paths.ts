import { type GitPath, parentPath } from '@tidelock/git';

/** Where the `.sops.yaml` of a file may be, nearest first. */
export function configPaths(path: GitPath): GitPath[] {
  const paths: GitPath[] = [];
  for (let folder = parentPath(path); ; folder = parentPath(folder)) {
    paths.push(folder === '' ? '.sops.yaml' : `${folder}/.sops.yaml`);
    if (folder === '') return paths;
  }
}
