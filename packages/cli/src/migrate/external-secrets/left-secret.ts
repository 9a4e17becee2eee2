import type { Manifest } from '@tidelock/guard';

/** An ExternalSecret that stays as it is, and why. */
export interface LeftSecret {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** Kind and name; the kind alone where the name is not known. */
  readonly object: string;
  readonly reason: string;
}

export function leftSecret({ source, map, kind, name }: Manifest, reason: string): LeftSecret {
  return {
    path: source.path,
    line: source.lines.lineAt(map.span.start) + 1,
    object: name === null ? kind : `${kind} ${name}`,
    reason,
  };
}
