import type { Document, Format, Value } from '../document/document.ts';

export interface CanonicalOptions {
  /** Spaces a level: `stores.yaml.indent`, `stores.json.indent` (-1 = tab), `--indent`. */
  readonly indent?: number;
}

/**
 * One file format. A store knows nothing of keys or cryptography: to it a token is a string.
 * @throws TidelockError ERR_PARSE, ERR_NOT_UTF8, ERR_TOO_LARGE, ERR_TOO_DEEP with a position
 */
export interface Store {
  readonly format: Format;
  /**
   * Splits the sops block off (`Document.block`). Never runs longer than linear in the input, never
   * exhausts memory.
   */
  parse(bytes: Uint8Array): Document;
  /**
   * The bytes of the Document. Splices into `document.origin.text`: every byte outside a changed
   * node stays. Without an origin it is `emitCanonical`.
   * `emit(parse(bytes))` is `bytes`.
   */
  emit(document: Document): Uint8Array;
  /** sops' own layout (SOPS-FORMAT 4). @throws TidelockError ERR_EMIT for what the format cannot hold */
  emitCanonical(document: Document, options?: CanonicalOptions): Uint8Array;
  /** One value as `--extract` prints it (SOPS-FORMAT 9.4). */
  emitValue(value: Value): Uint8Array;
}
