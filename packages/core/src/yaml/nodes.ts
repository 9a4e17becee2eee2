import type { YamlCommentSyntax, YamlKeySyntax, YamlSyntax } from './syntax.ts';

/** A node of the syntax tree: what the text says, before sops' rules about it (keys are nodes). */
export type YamlNode = YamlScalar | YamlMap | YamlList | YamlAlias;

export interface YamlScalar extends YamlSyntax {
  readonly kind: 'scalar';
  /** Text after escapes, folding and chomping; not yet typed. */
  readonly value: string;
}

export interface YamlMap extends YamlSyntax {
  readonly kind: 'map';
  readonly pairs: readonly YamlPair[];
}

export interface YamlList extends YamlSyntax {
  readonly kind: 'list';
  readonly elements: readonly YamlNode[];
  /** Offset of each entry: its dash, in flow style its first character. */
  readonly starts: readonly number[];
}

export interface YamlAlias extends YamlSyntax {
  readonly kind: 'alias';
  readonly name: string;
  /** The anchored node; complete, so never one that contains this alias. */
  readonly target: YamlNode;
}

/** One entry of a map. `span` is the key's. */
export interface YamlPair extends YamlKeySyntax {
  readonly key: YamlNode;
  readonly value: YamlNode;
}

export interface YamlComment extends YamlCommentSyntax {
  /** After the `#`. */
  readonly text: string;
  /** Something other than blanks stands before it on its line. */
  readonly trailing: boolean;
}

/** A tag and an anchor written before a node. */
export interface Properties {
  readonly start: number;
  readonly end: number;
  readonly anchor: string | undefined;
  readonly tag: string | undefined;
}
