import { readFileSync } from 'node:fs';
import { configCandidates } from '@tidelock/core';
import { type GitPath, pathToBytes } from '@tidelock/git';
import { type Covered, type CoveredBy, coveredByCreationRule } from '@tidelock/pre-commit';
import { isMissing } from '../ports.ts';

/** The `.sops.yaml` files between a top folder and each file, each read once. */
export class DiskCoverage {
  readonly #top: string;
  readonly #coveredBy: CoveredBy;
  readonly #configs = new Map<GitPath, Uint8Array | null>();
  readonly #problems = new Map<GitPath, Error>();

  /** @param top absolute; nothing above it is read */
  constructor(top: string, coveredBy: CoveredBy = coveredByCreationRule) {
    this.#top = top;
    this.#coveredBy = coveredBy;
  }

  /** @param path relative to the top. What is wrong in a configuration is kept in `problems` */
  async of(path: GitPath): Promise<Covered | null> {
    for (const configPath of configCandidates(path)) {
      if (this.#problems.has(configPath)) return null;
      try {
        const bytes = this.#read(configPath);
        if (bytes !== null) return await this.#coveredBy(bytes, { configPath, path });
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        this.#problems.set(configPath, error);
        return null;
      }
    }
    return null;
  }

  get problems(): readonly Error[] {
    return [...this.#problems.values()];
  }

  #read(path: GitPath): Uint8Array | null {
    const known = this.#configs.get(path);
    if (known !== undefined) return known;
    const bytes = readOrNull(Buffer.concat([Buffer.from(`${this.#top}/`), pathToBytes(path)]));
    this.#configs.set(path, bytes);
    return bytes;
  }
}

function readOrNull(path: Buffer): Uint8Array | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
