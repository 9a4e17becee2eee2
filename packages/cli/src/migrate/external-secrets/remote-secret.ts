/** Where values are kept: names and places, as the manifests give them. */
export type RemoteStore = AwsStore | VaultStore;

export interface AwsStore {
  readonly kind: 'aws';
  /** `''`: that of the environment. */
  readonly region: string;
  /** Of the role that the operator takes; null: not told. */
  readonly account: string | null;
  /** Stands before every key. */
  readonly prefix: string;
}

export interface VaultStore {
  readonly kind: 'vault';
  /** null: not told, as with the old operator, which has it from its own environment. */
  readonly server: string | null;
  readonly namespace: string | null;
  /** null: the key names it. */
  readonly mount: string | null;
  readonly version: 1 | 2;
}

export interface Remote {
  readonly store: RemoteStore;
  readonly key: string;
  readonly property: string | null;
  /** null: the current one. */
  readonly version: string | null;
}

export type Decoding = 'None' | 'Base64' | 'Base64URL' | 'Auto';
/** How names of the store become keys of a Secret. */
export type Conversion = 'Default' | 'Unicode' | 'None';

/** Something that fills keys of a Secret; a later one replaces what an earlier one gave. */
export type Need =
  | {
      readonly kind: 'value';
      readonly secretKey: string;
      readonly remote: Remote;
      readonly decoding: Decoding;
    }
  | {
      readonly kind: 'extract';
      readonly remote: Remote;
      readonly decoding: Decoding;
      readonly conversion: Conversion;
    }
  | {
      readonly kind: 'find';
      readonly store: RemoteStore;
      /** RE2; null: any. */
      readonly name: string | null;
      readonly path: string | null;
      readonly tags: ReadonlyMap<string, string>;
      readonly decoding: Decoding;
      readonly conversion: Conversion;
    };

/** A Secret that an ExternalSecret makes in the cluster. */
export interface RemoteSecret {
  readonly name: string;
  readonly namespace: string | null;
  readonly type: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
  readonly isImmutable: boolean;
  readonly needs: readonly Need[];
  /** Texts with `{{ .key }}` in them, by key; null: the values as they are. */
  readonly template: ReadonlyMap<string, string> | null;
  /** Whether keys that the template does not name are kept. */
  readonly keepsOthers: boolean;
}

/** What a plain copy of values cannot stand for: a person decides. The message says why. */
export class LeftToHand extends Error {}
