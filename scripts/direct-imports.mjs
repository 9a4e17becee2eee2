import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Has each name that is imported from a package of ours come from the file that defines it. Through
 * the package's index, whatever any part of a program uses would count as used by all of them, and
 * would be loaded with the first.
 * @param {Readonly<Record<string, string>>} indexes the index of each package, by the package's name
 */
export function directImports(indexes) {
  const tables = new Map();
  const tableOf = (name) => {
    if (!tables.has(name)) tables.set(name, exportsOf(indexes[name]));
    return tables.get(name);
  };
  return {
    name: 'direct-imports',
    setup(build) {
      build.onLoad({ filter: /packages\/[\w-]+\/src\/.*\.ts$/ }, ({ path }) => {
        const contents = readFileSync(path, 'utf8')
          .replace(IMPORT, (whole, names, target) =>
            indexes[target] === undefined ? whole : rewrite(names, target, tableOf(target)),
          )
          .replace(LATER, (whole, name, target) =>
            indexes[target] === undefined ? whole : later(name, target, tableOf(target)),
          );
        return { contents, loader: 'ts' };
      });
    },
  };
}

const IMPORT = /^import \{([^}]*)\} from '(@tidelock\/[\w-]+)';/gm;
const LATER = /\{ (\w+) \} = await import\('(@tidelock\/[\w-]+)'\)/g;
const REEXPORT = /^export \{([^}]*)\} from '([^']+)';/gm;
const STAR = /^export \* from '([^']+)';/gm;
const DEFINITION = /^export (?:async )?(?:function\*?|const|class) (\w+)/gm;

function rewrite(names, target, table) {
  return valuesOf(names)
    .map((name) => `import { ${name} } from '${table.get(name.split(' ')[0]) ?? target}';`)
    .join(' ');
}

function later(name, target, table) {
  return `{ ${name} } = await import('${table.get(name) ?? target}')`;
}

/** The file of each value that a module exports. */
function exportsOf(file) {
  const text = readFileSync(file, 'utf8');
  const table = new Map();
  for (const [, target] of text.matchAll(STAR)) {
    for (const [name, from] of exportsOf(join(dirname(file), target))) table.set(name, from);
  }
  for (const [, names, target] of text.matchAll(REEXPORT)) {
    const from = exportsOf(join(dirname(file), target));
    for (const name of valuesOf(names)) {
      if (!name.includes(' as ')) table.set(name, from.get(name) ?? join(dirname(file), target));
    }
  }
  for (const [, name] of text.matchAll(DEFINITION)) table.set(name, file);
  return table;
}

function valuesOf(names) {
  return names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '));
}
