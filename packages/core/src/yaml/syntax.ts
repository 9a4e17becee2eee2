import type { Span, Syntax } from '../document/document.ts';

/**
 * What the YAML store remembers of a node: enough to write another value in its place without
 * touching anything around it. Every offset is a UTF-16 offset into the source text.
 */
export type YamlStyle =
  | 'plain'
  | 'single'
  | 'double'
  | 'literal'
  | 'folded'
  /** block map or list */
  | 'block'
  /** flow map or list, `{}` and `[]` included */
  | 'flow'
  /** `*name`; the node's value is the anchor's, expanded */
  | 'alias'
  /** a value that is not written at all: `key:` */
  | 'absent';

export interface YamlSyntax extends Syntax {
  /**
   * The node without its properties: quotes included, a block scalar from its `|` or `>` to the end
   * of its last content line (its line break included, trailing blank lines only where chomping is
   * `+`), a block collection from its first key or dash to the end of its last value, an alias from
   * its `*`, an absent value empty at the place where it would stand (after the `:` or `-`).
   */
  readonly span: Span;
  readonly style: YamlStyle;
  /** Where tag and anchor begin; `span.start` when there are none. */
  readonly outerStart: number;
  readonly anchor?: string | undefined;
  /** In short form: `!!str`, `!local`, `!`; a full URI where there is no short form. */
  readonly tag?: string | undefined;
  /** The node stands inside a flow collection. */
  readonly inFlow: boolean;
  /**
   * Column (0-based) of the enclosing block collection's keys or dashes, -1 at the root: content of
   * this node that moves to lines of its own must be indented deeper.
   */
  readonly parentColumn: number;
  /** For block collections: the column of its own keys or dashes. */
  readonly column?: number | undefined;
  /** For literal and folded scalars. */
  readonly block?: BlockScalarHeader | undefined;
}

export interface BlockScalarHeader {
  /** From `|` or `>` to the end of the header line, comment included, line break excluded. */
  readonly header: Span;
  readonly chomping: 'clip' | 'strip' | 'keep';
  /** The digit, when one is given. */
  readonly indicator: number | null;
  /** Column at which the text of the scalar begins. */
  readonly indent: number;
}

/** A comment: `span` covers `#` and text, without the line break (and without a CR before it). */
export interface YamlCommentSyntax extends Syntax {
  readonly span: Span;
  /** Column of the `#`. */
  readonly column: number;
}

/** An entry's key. */
export interface YamlKeySyntax extends Syntax {
  readonly span: Span;
  /** Offset where the whole entry begins (its `?`, tag, anchor or key). */
  readonly entryStart: number;
  /** Offset of the `:`; null for a key without one (in flow maps). */
  readonly colon: number | null;
  readonly column: number;
}

/** One document of a stream, in source order, as many as `Origin.branches`. */
export interface YamlDocumentLayout {
  /** The whole document, from after the previous separator to before the next one. */
  readonly span: Span;
  /** End of the last content or comment line that belongs to it: a new last entry goes here. */
  readonly contentEnd: number;
  /** Column of the root map's keys; 0 when it has none. */
  readonly rootColumn: number;
  /** How the root is written; 'absent' for an empty document. */
  readonly rootStyle: 'block' | 'flow' | 'absent' | 'alias';
  readonly rootSpan: Span;
  /** The sops entry as written: whole lines in block style, from its first column to its end. */
  readonly blockSpan: Span | null;
}

/** `Origin.layout` of the YAML store. */
export interface YamlLayout {
  readonly documents: readonly YamlDocumentLayout[];
  /** The line break that the file uses most. */
  readonly newline: '\n' | '\r\n';
}
