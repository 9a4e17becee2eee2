import type { Source } from '../source.ts';
import type { TextSpan } from '../types.ts';
import { findArmoured } from './armoured.ts';
import { findBinary } from './binary.ts';
import { findEncoded } from './encoded.ts';
import type { FoundKey } from './found-key.ts';
import { findJwk } from './jwk.ts';
import { findOtherFormats } from './other-formats.ts';
import { findWalletKeys } from './wallet.ts';

/** Every private key of a file, in order; of two that overlap the outer one. age keys are tokens. */
export function findPrivateKeys(source: Source): readonly FoundKey[] {
  const text = source.text;
  const binary = findBinary(source);
  if (binary !== null) return [binary];
  if (text === null) return [];
  return outermost([
    ...findArmoured(text),
    ...findEncoded(text),
    ...findOtherFormats(text),
    ...findJwk(text),
    ...findWalletKeys(text),
  ]);
}

function outermost(keys: readonly FoundKey[]): FoundKey[] {
  const spanOf = (key: FoundKey): TextSpan => key.span ?? { start: 0, end: 0 };
  const ordered = [...keys].sort(
    (a, b) => spanOf(a).start - spanOf(b).start || spanOf(b).end - spanOf(a).end,
  );
  const kept: FoundKey[] = [];
  let end = -1;
  for (const key of ordered) {
    if (spanOf(key).start < end) continue;
    kept.push(key);
    end = spanOf(key).end;
  }
  return kept;
}
