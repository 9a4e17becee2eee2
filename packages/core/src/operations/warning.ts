import type { TreePath } from '../document/path.ts';

/** Something that sops warns of and goes on. The edge prints it; no text of the file is in it. */
export interface Warning {
  readonly code: 'comment-unreadable' | 'binary-selection-dropped';
  readonly message: string;
  /** Of a comment: the map or list that contains it. */
  readonly treePath?: TreePath;
}

export type OnWarning = (warning: Warning) => void;
