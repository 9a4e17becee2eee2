import type { Source } from '../source.ts';
import type { DeployTree } from './deploy-tree.ts';
import {
  KUSTOMIZATION_NAMES,
  type Kustomization,
  type Reference,
  readKustomization,
} from './kustomization.ts';
import { folderOf, isRemote, joinPath } from './paths.ts';

/** A file that a folder brings into what is built from it. */
export interface FileUse {
  readonly source: Source;
  readonly reference: Reference;
}

/** A folder as kustomize builds it. */
export interface BuildFolder {
  readonly path: string;
  /** null: Flux makes one of every manifest below. */
  readonly kustomization: Kustomization | null;
  readonly files: readonly FileUse[];
  readonly children: readonly string[];
  /** References to what is not in the tree. */
  readonly missing: readonly Reference[];
  /** Paths of files that are there and were not handed in. */
  readonly unread: readonly string[];
}

/** What source-controller leaves out of what it fetches, wherever it stands. */
const LEFT_OUT = /^\.(?:sops|flux|goreleaser|travis|drone|gitlab-ci)\.ya?ml$/;
const NOWHERE = { start: 0, end: 0 };

/** The folders of a tree as kustomize and Flux build them, each read once, when it is asked for. */
export class KustomizeGraph {
  readonly #tree: DeployTree;
  readonly #folders = new Map<string, BuildFolder | null>();
  readonly #kustomizations = new Map<string, Kustomization>();

  constructor(tree: DeployTree) {
    this.#tree = tree;
    for (const source of tree.sources) {
      if (!KUSTOMIZATION_NAMES.includes(source.name)) continue;
      const read = readKustomization(source);
      if (read !== null) this.#kustomizations.set(folderOf(tree.pathOf(source)), read);
    }
  }

  /** Folders with a kustomization of their own. */
  get explicit(): readonly string[] {
    return [...this.#kustomizations.keys()];
  }

  /** Every folder that was asked for. */
  get known(): readonly BuildFolder[] {
    return [...this.#folders.values()].filter((folder) => folder !== null);
  }

  /** null: there is no such folder. */
  folder(path: string): BuildFolder | null {
    const known = this.#folders.get(path);
    if (known !== undefined) return known;
    const made = this.#make(path);
    this.#folders.set(path, made);
    return made;
  }

  #make(path: string): BuildFolder | null {
    const kustomization = this.#kustomizations.get(path);
    if (kustomization !== undefined) return this.#explicitFolder(path, kustomization);
    if (!this.#tree.hasFolder(path)) return null;
    const files = this.#tree
      .filesIn(path)
      .filter(({ name }) => /\.ya?ml$/.test(name) && !LEFT_OUT.test(name))
      .map((source) => ({ source, reference: wholeFile(source) }));
    const children = this.#tree.foldersIn(path).filter((folder) => !folder.endsWith('/.git'));
    return { path, kustomization: null, files, children, missing: [], unread: [] };
  }

  #explicitFolder(path: string, kustomization: Kustomization): BuildFolder {
    const files: FileUse[] = [];
    const children: string[] = [];
    const missing: Reference[] = [];
    const unread: string[] = [];
    for (const reference of kustomization.references) {
      if (isRemote(reference.path) || /\$\{|\{\{/.test(reference.path)) continue;
      const target = joinPath(path, reference.path);
      if (target === null || !this.#tree.covers(target)) continue;
      const source = this.#tree.source(target);
      if (source !== undefined) files.push({ source, reference });
      else if (this.#tree.hasFile(target)) unread.push(target);
      else if (this.#tree.hasFolder(target)) {
        if (reference.use === 'resource') children.push(target);
      } else missing.push(reference);
    }
    return { path, kustomization, files, children, missing, unread };
  }
}

function wholeFile({ name }: Source): Reference {
  return { use: 'resource', path: name, key: name, span: NOWHERE };
}
