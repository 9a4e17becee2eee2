import type { DeployTree } from './deploy-tree.ts';
import type { FluxKustomization } from './flux/flux-kustomization.ts';
import { isDecryptionPatch } from './kustomization.ts';
import type { BuildFolder, KustomizeGraph } from './kustomize-graph.ts';

/** One way in which a folder is built: by whom, and what the folders around it change. */
export interface BuildContext {
  /** null: no Flux Kustomization of this tree builds it. */
  readonly flux: FluxKustomization | null;
  /** Put over every object's own; null: nothing is. */
  readonly namespace: string | null;
  /** Something sets a namespace, or an affix, that cannot be known here. */
  readonly unknown: boolean;
  readonly prefix: string;
  readonly suffix: string;
  /** A patch of an outer folder gives Flux Kustomizations their decryption. */
  readonly grantsDecryption: boolean;
}

const MOST_CONTEXTS = 64;
const LONGEST_AFFIX = 253;

/**
 * The ways in which every folder is built, worked out from the Flux Kustomizations and from the
 * kustomizations that no other one includes. Each folder keeps a bounded number of them, which keeps
 * the work linear in the tree.
 */
export class BuildContexts {
  readonly #graph: KustomizeGraph;
  readonly #contexts = new Map<string, Map<string, BuildContext>>();
  readonly #crowded = new Set<string>();
  readonly #ofFiles = new Map<string, Set<string>>();
  readonly #tree: DeployTree;

  constructor(
    tree: DeployTree,
    graph: KustomizeGraph,
    kustomizations: readonly FluxKustomization[],
  ) {
    this.#tree = tree;
    this.#graph = graph;
    for (const flux of kustomizations) {
      if (flux.folder !== null) this.#spread(flux.folder, contextOf(flux));
    }
    const inner = new Set(graph.explicit.flatMap((path) => graph.folder(path)?.children ?? []));
    for (const path of graph.explicit) {
      if (!inner.has(path) && !this.#contexts.has(path)) this.#spread(path, OUTERMOST);
    }
    for (const folder of graph.known) this.#noteFiles(folder);
  }

  /** Ways in which a folder is built, seen from within: its own settings are in them. */
  of(folder: string): readonly BuildContext[] {
    return [...(this.#contexts.get(folder)?.values() ?? [])];
  }

  /** Ways in which a file is built, by its path in the repository; empty: nothing builds it. */
  ofFile(path: string): readonly BuildContext[] {
    const folders = this.#ofFiles.get(path);
    return folders === undefined ? [] : [...folders].flatMap((folder) => this.of(folder));
  }

  /** Whether a folder is built in more ways than are told apart. */
  isCrowded(folder: string): boolean {
    return this.#crowded.has(folder);
  }

  #noteFiles(folder: BuildFolder): void {
    for (const { source } of folder.files) {
      const path = this.#tree.pathOf(source);
      const known = this.#ofFiles.get(path) ?? new Set<string>();
      if (known.size < MOST_CONTEXTS) known.add(folder.path);
      this.#ofFiles.set(path, known);
    }
  }

  #spread(path: string, context: BuildContext): void {
    const waiting: [string, BuildContext][] = [[path, context]];
    for (;;) {
      const next = waiting.pop();
      if (next === undefined) return;
      const folder = this.#graph.folder(next[0]);
      if (folder === null) continue;
      const own = within(folder, next[1]);
      if (own.prefix.length + own.suffix.length > LONGEST_AFFIX) this.#crowded.add(folder.path);
      else if (this.#add(folder.path, own))
        for (const child of folder.children) waiting.push([child, own]);
    }
  }

  /** Whether it was new. */
  #add(path: string, context: BuildContext): boolean {
    const known = this.#contexts.get(path) ?? new Map<string, BuildContext>();
    this.#contexts.set(path, known);
    const key = keyOf(context);
    if (known.has(key)) return false;
    if (known.size >= MOST_CONTEXTS) {
      this.#crowded.add(path);
      return false;
    }
    known.set(key, context);
    return true;
  }
}

const OUTERMOST: BuildContext = {
  flux: null,
  namespace: null,
  unknown: false,
  prefix: '',
  suffix: '',
  grantsDecryption: false,
};

function contextOf(flux: FluxKustomization): BuildContext {
  return {
    flux,
    namespace: flux.targetNamespace,
    unknown: flux.changesUnknown,
    prefix: flux.namePrefix,
    suffix: flux.nameSuffix,
    grantsDecryption: flux.grantsDecryption,
  };
}

/** The outermost namespace wins, affixes add up. */
function within({ kustomization }: BuildFolder, outer: BuildContext): BuildContext {
  if (kustomization === null) return outer;
  const { namespace, namespaceUnknown, namePrefix, nameSuffix, inlinePatches } = kustomization;
  return {
    flux: outer.flux,
    namespace: outer.namespace ?? namespace,
    unknown: outer.unknown || (outer.namespace === null && namespaceUnknown),
    prefix: outer.prefix + namePrefix,
    suffix: nameSuffix + outer.suffix,
    grantsDecryption: outer.grantsDecryption || inlinePatches.some(isDecryptionPatch),
  };
}

function keyOf({ flux, ...rest }: BuildContext): string {
  const { namespace, unknown, prefix, suffix, grantsDecryption } = rest;
  const by = flux === null ? '' : flux.decryptionClass;
  return JSON.stringify([by, namespace, unknown, prefix, suffix, grantsDecryption]);
}
