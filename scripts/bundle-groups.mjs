import { basename } from 'node:path';

export const isOwn = (path) => /^packages\/[\w-]+\/src\/.*\.ts$/.test(path);

/** `packages/core/src/bytes.ts` is the part `core/bytes`. */
export function partName(path) {
  return path.replace(/^packages\/([\w-]+)\/src\/(.*)\.ts$/, '$1/$2');
}

/** esbuild's outputs by their paths, with the sources and the imports of each. */
export function readParts(outputFiles, { outputs }) {
  const parts = new Map();
  const names = new Set();
  for (const [path, { inputs, imports, entryPoint }] of Object.entries(outputs)) {
    const sources = Object.keys(inputs);
    const isOurs = sources.every(isOwn);
    const base = nameOf(sources, entryPoint);
    const name = names.has(base) ? `${base}#${basename(path, '.js')}` : base;
    names.add(name);
    const text = outputFiles.find((file) =>
      file.path.endsWith(`/${path.replace(/^.*?((?:entry|chunk)\/)/, '$1')}`),
    ).text;
    parts.set(path, { path, name, entryPoint, isOurs, imports, text });
  }
  return parts;
}

function nameOf(sources, entryPoint) {
  if (sources.length === 0)
    return entryPoint === undefined ? 'nothing' : `${partName(entryPoint)}*`;
  const foreign = sources.find((path) => !isOwn(path));
  if (foreign === undefined) return sources.map(partName).join('+');
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(foreign)?.[1] ?? foreign;
}

export function entryPart(parts, source) {
  return [...parts.values()].find(({ entryPoint }) => entryPoint === source);
}

/** The parts that are reached, by the file they go to. A foreign package has a file of its own. */
export function groupParts(parts, together) {
  const groups = new Map();
  const seen = new Set();
  const visit = (path, group) => {
    const part = parts.get(path);
    if (part === undefined || seen.has(path)) return;
    seen.add(path);
    const file = part.isOurs ? group : part.name.replaceAll(/\W+/g, '-').replace(/^-/, '');
    groups.set(file, [...(groups.get(file) ?? []), part]);
    const [later, now] = [true, false].map((isDynamic) =>
      part.imports.filter(({ kind }) => (kind === 'dynamic-import') === isDynamic),
    );
    for (const { path: target } of now) visit(target, file);
    for (const { path: target } of later) waiting.push(target);
  };
  const waiting = [];
  for (const [group, sources] of Object.entries(together)) {
    for (const source of sources) visit(entryPart(parts, source).path, group);
  }
  while (waiting.length > 0) {
    const path = waiting.shift();
    visit(path, basename(parts.get(path)?.name ?? '').replace(/\W+$/, ''));
  }
  return groups;
}

/** Each group in two: what is used, and the rest. */
export function apartFrom(used, groups) {
  const apart = new Map();
  for (const [group, members] of groups) {
    const isUsed = ({ name }) => used.has(name);
    const rest = members.filter((part) => !isUsed(part));
    if (rest.length === members.length) apart.set(group, members);
    else {
      apart.set(group, members.filter(isUsed));
      if (rest.length > 0) apart.set(`${group}-rest`, rest);
    }
  }
  return apart;
}
