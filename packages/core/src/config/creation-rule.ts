import type { MasterKeyType, Selection } from '../document/metadata.ts';
import type { Position } from '../errors.ts';
import type { Matches } from './regex.ts';

/** A key as a rule names it: text of one kind, or a map of fields, not yet checked. */
export interface KeySpec {
  readonly type: MasterKeyType;
  readonly text: string;
  readonly role?: string;
  readonly context?: ReadonlyMap<string, string>;
  readonly awsProfile?: string;
  readonly position: Position;
}

/** One rule of `creation_rules` (SOPS-FORMAT 8.3). */
export interface CreationRule {
  /** Place among the rules, from 0. */
  readonly index: number;
  readonly position: Position;
  /** As written; null when the rule matches every path. */
  readonly pathRegex: string | null;
  /** Whether the rule is for a path relative to the configuration's folder (SOPS-FORMAT 8.2). */
  readonly matches: Matches;
  /** Key groups in order, `merge` resolved; one group for the flat form; none when no key is named. */
  readonly keyGroups: readonly (readonly KeySpec[])[];
  /** null: not given. */
  readonly shamirThreshold: number | null;
  readonly selection: Selection | null;
  readonly macOnlyEncrypted: boolean | null;
}

/** One rule of `destination_rules`. */
export interface DestinationRule {
  readonly position: Position;
  readonly pathRegex: string | null;
  readonly matches: Matches;
  readonly destination: Destination;
  readonly omitExtensions: boolean;
  readonly recreationRule: CreationRule | null;
}

export type Destination =
  | { readonly kind: 's3'; readonly bucket: string; readonly prefix: string }
  | { readonly kind: 'gcs'; readonly bucket: string; readonly prefix: string }
  | {
      readonly kind: 'vault';
      readonly path: string;
      readonly address: string;
      readonly mount: string;
      readonly version: 1 | 2;
    }
  /** Not known to sops. A name that ends in `/` has the name of the file behind it; region '' is the default one. */
  | { readonly kind: 'secrets-manager'; readonly name: string; readonly region: string };

/** Layout of files that are written anew. -1 is a tab. */
export interface StoreOptions {
  readonly yamlIndent: number;
  readonly jsonIndent: number;
  readonly jsonBinaryIndent: number;
}
