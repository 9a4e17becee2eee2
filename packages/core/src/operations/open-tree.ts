import type { Cipher, Opened } from '../cipher/cipher.ts';
import { startMac } from '../cipher/mac.ts';
import { plaintextOf } from '../cipher/scalar.ts';
import { isToken } from '../cipher/token.ts';
import { compileRegex } from '../config/regex.ts';
import type { Comment, Document, Leaf, MapNode } from '../document/document.ts';
import type { Metadata } from '../document/metadata.ts';
import { aadOf, formatTreePath, treePathOf } from '../document/path.ts';
import { createSelector } from '../document/selection.ts';
import { isCommentToken, type LeafContext, mapLeaves } from '../document/walk.ts';
import { TidelockError } from '../errors.ts';
import type { OnWarning } from './warning.ts';

/** The token a plain leaf was opened from, and where that binds it. */
export interface OriginalToken {
  readonly node: Leaf | Comment;
  readonly aad: string;
}

export interface OpenedTree {
  readonly branches: readonly MapNode[];
  /** Upper-case hex; as secret as the values, since short ones can be guessed from it. */
  readonly mac: string;
  /** By opened leaf: what it is written back as when it did not change. */
  readonly originals: ReadonlyMap<Leaf | Comment, OriginalToken>;
  /** `commentName` of every comment that looks like a token and does not open. */
  readonly unreadable: ReadonlySet<string>;
}

export function commentName(text: string, aad: string): string {
  return `${aad.length}:${aad}${text}`;
}

export interface OpenTreeOptions {
  readonly cipher: Cipher;
  readonly readOnly?: boolean;
  readonly onWarning?: OnWarning;
}

/**
 * Opens every selected value of a document and computes its MAC (SOPS-FORMAT 11). The MAC is not
 * compared here.
 * @throws TidelockError ERR_TOKEN, ERR_NOT_A_TOKEN naming the tree path, ERR_REGEX, ERR_TOO_DEEP
 */
export function openTree(
  document: Document,
  metadata: Metadata,
  options: OpenTreeOptions,
): OpenedTree {
  const opener = new TreeOpener(document, metadata, options);
  const branches = mapLeaves(document.branches, (leaf, context) => opener.open(leaf, context), {
    encrypted: true,
  });
  const { mac, originals, unreadable } = opener;
  return { branches, mac: mac.digest(), originals, unreadable };
}

class TreeOpener {
  readonly mac;
  readonly originals = new Map<Leaf | Comment, OriginalToken>();
  readonly unreadable = new Set<string>();
  readonly #options: OpenTreeOptions;
  readonly #selected;
  readonly #macOnlyEncrypted: boolean;
  readonly #asBytes: boolean;

  constructor(document: Document, metadata: Metadata, options: OpenTreeOptions) {
    this.#options = options;
    this.#selected = createSelector(metadata.selection, compileRegex);
    this.#macOnlyEncrypted = metadata.macOnlyEncrypted;
    this.#asBytes = document.format === 'binary';
    this.mac = startMac(metadata);
  }

  open(leaf: Leaf | Comment, context: LeafContext): Leaf | Comment {
    if (leaf.kind === 'leaf' && leaf.scalar.type === 'null') return leaf;
    const isComment = leaf.kind === 'comment' || (context.inList && isCommentToken(leaf));
    if (!this.#selected(context, isComment)) return this.#pass(leaf);
    return leaf.kind === 'comment' ? this.#comment(leaf, context) : this.#value(leaf, context);
  }

  #pass(leaf: Leaf | Comment): Leaf | Comment {
    if (leaf.kind === 'leaf' && leaf.scalar.type !== 'null' && !this.#macOnlyEncrypted) {
      this.mac.update(plaintextOf(leaf.scalar));
    }
    return leaf;
  }

  #value(leaf: Leaf, context: LeafContext): Leaf | Comment {
    const { scalar } = leaf;
    if (scalar.type !== 'str' || typeof scalar.value !== 'string') {
      throw notText(scalar.type === 'str' ? 'bytes' : scalar.type, context);
    }
    if (scalar.value === '') return leaf;
    const opened = this.#open(scalar.value, context);
    if (opened.kind === 'comment') return this.#commentElement(leaf, opened.text, context);
    this.mac.update(opened.plaintext);
    return this.#remember({ ...leaf, scalar: opened.scalar }, leaf, context);
  }

  #commentElement(leaf: Leaf, text: string, context: LeafContext): Comment {
    if (context.inList)
      return this.#remember({ kind: 'comment', text, inline: false }, leaf, context);
    throw new TidelockError('ERR_TOKEN', `a comment stands as the value of ${where(context)}`, {
      hint: 'The type of the encrypted value was changed: restore it from an earlier commit.',
    });
  }

  #open(text: string, context: LeafContext): Opened {
    try {
      return this.#options.cipher.open(text, aadOf(context.place), { asBytes: this.#asBytes });
    } catch (error) {
      throw error instanceof TidelockError ? located(error, context) : error;
    }
  }

  /** Text that is no token of a comment stays as it is: plain, or of another sops (SOPS-FORMAT 2). */
  #comment(comment: Comment, context: LeafContext): Comment {
    if (comment.text === '') return comment;
    const text = this.#commentText(comment, context);
    if (text !== null) return this.#remember({ ...comment, text }, comment, context);
    if (isToken(comment.text)) {
      this.unreadable.add(commentName(comment.text, aadOf(context.place)));
    }
    this.#options.onWarning?.({
      code: 'comment-unreadable',
      message: `found a comment that does not decrypt and left it as it is, in ${where(context)}`,
      treePath: treePathOf(context.place),
    });
    return this.#remember(comment, comment, context);
  }

  #commentText(comment: Comment, context: LeafContext): string | null {
    try {
      const opened = this.#options.cipher.open(comment.text, aadOf(context.place));
      return opened.kind === 'comment' ? opened.text : null;
    } catch (error) {
      if (error instanceof TidelockError) return null;
      throw error;
    }
  }

  #remember<Node extends Leaf | Comment>(
    plain: Node,
    node: Leaf | Comment,
    context: LeafContext,
  ): Node {
    if (this.#options.readOnly === true && plain.kind === 'leaf') return plain;
    this.originals.set(plain, { node, aad: aadOf(context.place) });
    return plain;
  }
}

function where({ place }: LeafContext): string {
  return place.step === null ? 'the document' : formatTreePath(treePathOf(place));
}

function located(error: TidelockError, context: LeafContext): TidelockError {
  const hint = error.hint === undefined ? {} : { hint: error.hint };
  const message = `Could not decrypt value: ${error.message} (${where(context)})`;
  return new TidelockError(error.code, message, { ...hint, cause: error });
}

function notText(type: string, context: LeafContext): TidelockError {
  const message = `Expected encrypted value as string, but got ${type} (${where(context)})`;
  return new TidelockError('ERR_NOT_A_TOKEN', message, {
    hint: 'It was added or changed without encrypting it: take it out of the file, then add it with `tidelock set` or `tidelock edit`.',
  });
}
