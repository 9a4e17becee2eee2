/** An entry of a tree as Git names it. */
export interface TreeFile {
  readonly mode: string;
  readonly oid: string;
}

/** The commit that a plan was made from. */
export interface BaseTree {
  readonly commit: string;
  readonly entries: ReadonlyMap<string, TreeFile>;
  /** null: there is no such file, or it is too large. */
  read(path: string): Promise<Uint8Array | null>;
}
