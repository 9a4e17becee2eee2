import { type Leaf, type Scalar, sameScalar } from '../document/document.ts';
import { spliceBlockScalar } from './splice-block-scalar.ts';
import { CannotSplice, type SpliceContext, syntaxOf } from './splice-context.ts';
import {
  isToken,
  markedToken,
  markOf,
  markOfSpelling,
  spellingOfMark,
  WAS_PLAIN,
} from './splice-token.ts';
import type { YamlSyntax } from './syntax.ts';
import { doubleQuoted, spellingOf } from './write-double.ts';
import { flowScalarText, singleQuoted, typedText } from './write-scalar.ts';
import { canonicalStyle, plainSafe, plainShape, singleSafe } from './write-style.ts';

/**
 * Writes another scalar over a leaf where it stands, in its style as far as the new value allows.
 * @throws CannotSplice for an alias, for a value that was not written, for bytes, and where the new
 * value needs lines of its own
 */
export function spliceLeaf(context: SpliceContext, old: Leaf, next: Leaf): void {
  const syntax = syntaxOf(old);
  if (syntax.style === 'alias' || syntax.style === 'absent') {
    throw new CannotSplice('nothing to write over');
  }
  if (next.scalar.type === 'str' && typeof next.scalar.value !== 'string') {
    throw new CannotSplice('bytes need a tag');
  }
  const keepsTag =
    syntax.tag === undefined || (next.scalar.type === 'str' && isTextTag(syntax.tag));
  if (!keepsTag) {
    const anchor = syntax.anchor === undefined ? '' : `&${syntax.anchor} `;
    context.edits.push({ start: syntax.outerStart, end: syntax.span.start, text: anchor });
  }
  if (syntax.block !== undefined) spliceBlockScalar(context, { old, next, block: syntax.block });
  else {
    const tagged = keepsTag && syntax.tag !== undefined;
    const written = context.text.slice(syntax.span.start, syntax.span.end);
    const text = textLike(old.scalar, next.scalar, { syntax, tagged, written });
    context.edits.push({ ...syntax.span, text: gapBefore(context, syntax) + text });
  }
}

/** sops reads `&a:b` as an anchor `a` and a text `:b`; other text needs a space behind the anchor. */
function gapBefore({ text }: SpliceContext, { outerStart, span }: YamlSyntax): string {
  return outerStart < span.start && /\S/.test(text[span.start - 1] ?? '') ? ' ' : '';
}

/** Equal in value and written out: there is nothing to change. */
export function isUnchanged(old: Leaf, next: Leaf): boolean {
  return sameScalar(old.scalar, next.scalar) && syntaxOf(old).style !== 'alias';
}

/** Tags behind which sops reads any text as a string. */
function isTextTag(tag: string): boolean {
  return !/^!!(?:int|float|bool|null|timestamp|binary|merge)$/.test(tag);
}

interface Dress {
  readonly syntax: YamlSyntax;
  /** The scalar as it stands. */
  readonly written: string;
  /** A tag that stays says that it is a string. */
  readonly tagged: boolean;
}

function textLike(old: Scalar, next: Scalar, dress: Dress): string {
  if (next.type !== 'str') return typedText(next);
  const before = old.type === 'str' && typeof old.value === 'string' ? old.value : null;
  const text = String(next.value);
  switch (dress.syntax.style) {
    case 'single':
      return singleSafe(text) ? singleQuoted(text) : doubleQuoted(text);
    case 'double':
      return doubleLike(before, text, dress);
    default:
      if (!isToken(text)) return untouchedText(text, dress);
      if (needsMark(before, dress)) return doubleQuoted(markedToken(text, WAS_PLAIN));
      return dress.syntax.inFlow ? doubleQuoted(text) : text;
  }
}

/** What stood in double quotes stays there, unless it is a token that says otherwise. */
function doubleLike(before: string | null, text: string, dress: Dress): string {
  const wasToken = before !== null && isToken(before);
  if (isToken(text)) {
    const mark = wasToken
      ? markOf(before)
      : markOfSpelling(spellingOf(before ?? '', dress.written));
    return doubleQuoted(markedToken(text, mark));
  }
  const mark = wasToken ? markOf(before) : 0;
  if (mark !== WAS_PLAIN) return doubleQuoted(text, spellingOfMark(mark));
  return staysPlain(text, dress) ? text : untouchedText(text, dress);
}

/** Must the token of a plain scalar say that it was plain? */
function needsMark(before: string | null, { syntax, tagged }: Dress): boolean {
  if (before === null || isToken(before)) return false;
  return syntax.inFlow || tagged || canonicalStyle(before) !== 'plain';
}

function staysPlain(text: string, { syntax, tagged }: Dress): boolean {
  return tagged ? plainShape(text, syntax.inFlow) : plainSafe(text, syntax.inFlow);
}

/** The text in the style that sops would choose. @throws CannotSplice for a literal */
function untouchedText(text: string, { syntax }: Dress): string {
  if (syntax.inFlow) return flowScalarText({ type: 'str', value: text });
  switch (canonicalStyle(text)) {
    case 'plain':
      return text;
    case 'single':
      return singleQuoted(text);
    case 'double':
      return doubleQuoted(text);
    case 'literal':
      throw new CannotSplice('needs lines of its own');
  }
}
