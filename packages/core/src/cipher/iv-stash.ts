import { createHash } from 'node:crypto';
import type { TokenType } from './scalar.ts';

/** Bytes of an IV that sops writes. */
export const IV_SIZE = 32;

/** What a leaf is to the cipher: two leaves that agree here may share an IV under one data key. */
export interface Sealable {
  readonly type: TokenType;
  readonly plaintext: Uint8Array;
  readonly aad: string;
}

interface Remembered {
  readonly ivs: Uint8Array[];
  next: number;
}

/**
 * Remembers the IVs under which each (type, plaintext, AAD) was opened, so that sealing it again
 * gives the same token (SOPS-FORMAT 1.5). Equal values of one list get their IVs back in the order
 * in which they were opened, where sops gives all of them the last. An IV that was seen with two
 * different plaintexts is never given out for the second: under a new data key that would begin a
 * reuse, not repeat one.
 */
export class IvStash {
  readonly #ivs = new Map<string, Remembered>();
  readonly #owners = new Map<string, string>();

  remember(value: Sealable, iv: Uint8Array): void {
    if (iv.length !== IV_SIZE) return;
    const name = nameOf(value);
    const ivName = Buffer.from(iv).toString('latin1');
    const owner = this.#owners.get(ivName);
    if (owner !== undefined && owner !== name) return;
    this.#owners.set(ivName, name);
    const known = this.#ivs.get(name);
    if (known === undefined) this.#ivs.set(name, { ivs: [iv], next: 0 });
    else if (owner === undefined) known.ivs.push(iv);
  }

  recall(value: Sealable): Uint8Array | undefined {
    const known = this.#ivs.get(nameOf(value));
    if (known === undefined) return undefined;
    const iv = known.ivs[known.next];
    known.next = (known.next + 1) % known.ivs.length;
    return iv;
  }
}

function nameOf({ type, plaintext, aad }: Sealable): string {
  return `${type}\0${aad.length}\0${aad}${digestOf(plaintext)}`;
}

/** Long plaintexts by digest, so that the stash stays small; it never leaves this object. */
function digestOf(plaintext: Uint8Array): string {
  if (plaintext.length <= 64) return `t${Buffer.from(plaintext).toString('latin1')}`;
  return `h${createHash('sha256').update(plaintext).digest('base64')}`;
}
