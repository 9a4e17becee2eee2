import type { Cipher } from '../cipher/cipher.ts';
import { startMac } from '../cipher/mac.ts';
import { plaintextOf } from '../cipher/scalar.ts';
import { compileRegex } from '../config/regex.ts';
import { type Comment, type Leaf, type MapNode, stringLeaf } from '../document/document.ts';
import type { Selection } from '../document/metadata.ts';
import { aadOf, formatTreePath, treePathOf } from '../document/path.ts';
import { commentMatcher, createSelector } from '../document/selection.ts';
import { type LeafContext, mapLeaves } from '../document/walk.ts';
import { TidelockError } from '../errors.ts';
import { commentName, type OriginalToken } from './open-tree.ts';

export interface SealTreeOptions {
  readonly cipher: Cipher;
  readonly selection: Selection | null;
  readonly macOnlyEncrypted: boolean;
  /** Leaves that came out of tokens of this data key: the very token node goes back. */
  readonly originals?: ReadonlyMap<Leaf | Comment, OriginalToken>;
  /** A comment that stood there as a list element becomes one again, under whatever data key. */
  readonly forms?: ReadonlyMap<Leaf | Comment, OriginalToken>;
  /** Comments that are tokens nobody could open stay as they are. */
  readonly unreadable?: ReadonlySet<string>;
}

export interface SealedTree {
  readonly branches: readonly MapNode[];
  /** Upper-case hex of the plain values, in tree order. */
  readonly mac: string;
  /** Tokens that an IV of their own was made for: 0 when all were there before. */
  readonly fresh: number;
}

/**
 * Seals every selected value and comment of a plain tree (SOPS-FORMAT 11).
 * @throws TidelockError ERR_COMMENT_SELECTION, ERR_REGEX, ERR_TOO_DEEP
 */
export function sealTree(branches: readonly MapNode[], options: SealTreeOptions): SealedTree {
  const before = options.cipher.freshIvs;
  const sealer = new TreeSealer(options);
  const sealed = mapLeaves(branches, (leaf, context) => sealer.seal(leaf, context));
  return { branches: sealed, mac: sealer.mac.digest(), fresh: options.cipher.freshIvs - before };
}

class TreeSealer {
  readonly mac;
  readonly #options: SealTreeOptions;
  readonly #selected;
  readonly #matchesComment;

  constructor(options: SealTreeOptions) {
    this.#options = options;
    this.#selected = createSelector(options.selection, compileRegex);
    this.#matchesComment = commentMatcher(options.selection, compileRegex);
    this.mac = startMac(options);
  }

  seal(leaf: Leaf | Comment, context: LeafContext): Leaf | Comment {
    if (leaf.kind === 'leaf' && leaf.scalar.type === 'null') return leaf;
    const selected = this.#selected(context, leaf.kind === 'comment');
    if (leaf.kind === 'comment') return selected ? this.#comment(leaf, context) : leaf;
    return this.#value(leaf, selected, context);
  }

  #value(leaf: Leaf, selected: boolean, context: LeafContext): Leaf | Comment {
    const { scalar } = leaf;
    if (scalar.type === 'null') return leaf;
    if (selected || !this.#options.macOnlyEncrypted) this.mac.update(plaintextOf(scalar));
    if (!selected) return leaf;
    const original = this.#original(leaf, context);
    if (original !== null) return original;
    const token = this.#options.cipher.seal(scalar, aadOf(context.place));
    return token === '' ? leaf : { ...leaf, scalar: stringLeaf(token).scalar };
  }

  #comment(comment: Comment, context: LeafContext): Leaf | Comment {
    const original = this.#original(comment, context);
    if (original !== null) return original;
    const aad = aadOf(context.place);
    if (this.#options.unreadable?.has(commentName(comment.text, aad))) return comment;
    const token = this.#options.cipher.sealComment(comment.text, aad);
    if (token === '') return comment;
    if (this.#matchesComment?.(token)) throw selectsToken(context);
    const stood = this.#options.forms?.get(comment)?.node;
    if (stood?.kind === 'leaf') return { ...stood, scalar: stringLeaf(token).scalar };
    return { ...comment, text: token };
  }

  #original(leaf: Leaf | Comment, context: LeafContext): Leaf | Comment | null {
    const original = this.#options.originals?.get(leaf);
    if (original === undefined || original.aad !== aadOf(context.place)) return null;
    const fits = original.node.kind === leaf.kind || context.inList;
    return fits ? original.node : null;
  }
}

function selectsToken({ place }: LeafContext): TidelockError {
  const where = place.step === null ? 'the document' : formatTreePath(treePathOf(place));
  const message = `an encrypted comment in ${where} matches the comment regex itself`;
  return new TidelockError('ERR_COMMENT_SELECTION', message, {
    hint: 'Choose a comment regex that base64 text cannot match, such as "sops:enc".',
  });
}
