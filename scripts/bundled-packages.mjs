import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;

/**
 * The packages whose files went into a program, by name and version.
 * @param metafiles esbuild's, of every build of the program
 * @returns {{folder: string, name: string, version: string, license: string}[]}
 */
export function bundledPackages(metafiles, root) {
  const folders = new Set();
  for (const { inputs } of metafiles) {
    for (const path of Object.keys(inputs)) {
      const folder = PACKAGE.exec(path)?.[1];
      if (folder !== undefined && existsSync(join(root, folder, 'package.json'))) {
        folders.add(join(root, folder));
      }
    }
  }
  const packages = [...folders].map((folder) => {
    const { name, version, license } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    );
    return { folder, name, version, license };
  });
  const key = ({ name, version }) => `${name} ${version}`;
  return packages.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
