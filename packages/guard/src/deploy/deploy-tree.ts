import type { Source } from '../source.ts';
import { judgedManifestsOf, type Manifest } from './manifest.ts';
import { folderOf } from './paths.ts';

export interface DeployTreeOptions {
  /** Folder of the sources within the repository, `''` or with a final `/`. */
  readonly prefix?: string;
  /** Every path of the repository, where the sources are not all of it. */
  readonly paths?: readonly string[];
}

/** A tree of files with the objects in it, by the names under which they refer to each other. */
export class DeployTree {
  readonly sources: readonly Source[];
  readonly manifests: readonly Manifest[];
  readonly #prefix: string;
  readonly #byPath: ReadonlyMap<string, Source>;
  readonly #paths: ReadonlySet<string>;
  readonly #folders = new Set<string>(['']);
  readonly #files = new Map<string, Source[]>();
  readonly #subfolders = new Map<string, string[]>();
  readonly #byKind = new Map<string, Manifest[]>();
  readonly #byName = new Map<string, Manifest[]>();

  constructor(sources: readonly Source[], { prefix = '', paths = [] }: DeployTreeOptions = {}) {
    this.sources = sources;
    this.#prefix = prefix;
    this.#byPath = new Map(sources.map((source) => [prefix + source.path, source]));
    this.#paths = new Set([...this.#byPath.keys(), ...paths]);
    for (const path of this.#paths) this.#addFolders(folderOf(path));
    for (const [path, source] of this.#byPath) append(this.#files, folderOf(path), source);
    this.manifests = sources.flatMap((source) => judgedManifestsOf(source));
    for (const manifest of this.manifests) {
      append(this.#byKind, kindKey(manifest.group, manifest.kind), manifest);
      if (manifest.name !== null)
        append(this.#byName, nameKey(manifest.kind, manifest.name), manifest);
    }
  }

  #addFolders(folder: string): void {
    for (let at = folder; !this.#folders.has(at); at = folderOf(at)) {
      this.#folders.add(at);
      append(this.#subfolders, folderOf(at), at);
    }
  }

  /** Path of a source within the repository. */
  pathOf(source: Source): string {
    return this.#prefix + source.path;
  }

  source(path: string): Source | undefined {
    return this.#byPath.get(path);
  }

  hasFile(path: string): boolean {
    return this.#paths.has(path);
  }

  hasFolder(path: string): boolean {
    return this.#folders.has(path);
  }

  /** Whether all of the repository that the path could be in is known here. */
  covers(path: string): boolean {
    return path.startsWith(this.#prefix);
  }

  filesIn(folder: string): readonly Source[] {
    return this.#files.get(folder) ?? [];
  }

  foldersIn(folder: string): readonly string[] {
    return this.#subfolders.get(folder) ?? [];
  }

  ofKind(group: string, kind: string): readonly Manifest[] {
    return this.#byKind.get(kindKey(group, kind)) ?? [];
  }

  /** Objects of a kind by their name, in whatever namespace. */
  named(kind: string, name: string): readonly Manifest[] {
    return this.#byName.get(nameKey(kind, name)) ?? [];
  }
}

const kindKey = (group: string, kind: string) => `${group}/${kind}`;
const nameKey = (kind: string, name: string) => `${kind}/${name}`;

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
