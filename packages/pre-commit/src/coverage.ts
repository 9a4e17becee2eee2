import { type GitPath, type ObjectReader, parentPath } from '@tidelock/git';
import type { SafeText } from '@tidelock/guard';

export interface Covered {
  /** Which rule, in words. */
  readonly reason: SafeText;
  /** Whether a file of this text has anything the rule would encrypt. */
  selects(text: string): boolean;
}

/** Reads a `.sops.yaml` and says which of its rules wants the file encrypted, or null. */
export type CoveredBy = (
  config: Uint8Array,
  where: { readonly configPath: GitPath; readonly path: GitPath },
) => Covered | null | Promise<Covered | null>;

export interface Config {
  readonly path: GitPath;
  readonly bytes: Uint8Array;
}

const LARGEST_CONFIG = 1024 * 1024;

/** Finds the `.sops.yaml` nearest to each file, in the index or in one commit, each read once. */
export class Coverage {
  readonly #reader: ObjectReader;
  readonly #coveredBy: CoveredBy;
  readonly #configs = new Map<string, Promise<Uint8Array | null>>();

  constructor(reader: ObjectReader, coveredBy: CoveredBy) {
    this.#reader = reader;
    this.#coveredBy = coveredBy;
  }

  /**
   * @param tree what a path is looked up in: `:0:` for the index, `<commit>:` for a commit
   * @throws Error when the configuration is too large to be read
   */
  async of(tree: string, path: GitPath): Promise<Covered | null> {
    const config = await this.nearest(tree, path);
    if (config === null) return null;
    return this.#coveredBy(config.bytes, { configPath: config.path, path });
  }

  /** The `.sops.yaml` nearest to the file, as it stands in that tree. */
  async nearest(tree: string, path: GitPath): Promise<Config | null> {
    const candidates = configPaths(path).map((configPath) => {
      const config = this.#read(tree + configPath);
      config.catch(() => undefined);
      return { configPath, config };
    });
    for (const { configPath, config } of candidates) {
      const bytes = await config;
      if (bytes !== null) return { path: configPath, bytes };
    }
    return null;
  }

  #read(name: string): Promise<Uint8Array | null> {
    const known = this.#configs.get(name);
    if (known !== undefined) return known;
    const config = this.#reader.readBlob(name, { maxBytes: LARGEST_CONFIG }).then((blob) => {
      if (blob.kind === 'too-large') throw new Error('.sops.yaml is larger than 1 MiB');
      return blob.kind === 'blob' ? blob.bytes : null;
    });
    this.#configs.set(name, config);
    return config;
  }
}

/** Nearest first. */
function configPaths(path: GitPath): GitPath[] {
  const paths: GitPath[] = [];
  for (let folder = parentPath(path); ; folder = parentPath(folder)) {
    paths.push(folder === '' ? '.sops.yaml' : `${folder}/.sops.yaml`);
    if (folder === '') return paths;
  }
}
