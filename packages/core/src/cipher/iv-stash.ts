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
 * in which they were opened, where sops gives all of them the last.
 */
export class IvStash {
  readonly #ivs = new Map<string, Remembered>();

  remember(value: Sealable, iv: Uint8Array): void {
    if (iv.length !== IV_SIZE) return;
    const name = nameOf(value);
    const known = this.#ivs.get(name);
    if (known === undefined) this.#ivs.set(name, { ivs: [iv], next: 0 });
    else known.ivs.push(iv);
  }

  recall(value: Sealable): Uint8Array | undefined {
    if (this.#ivs.size === 0) return undefined;
    const known = this.#ivs.get(nameOf(value));
    if (known === undefined) return undefined;
    const iv = known.ivs[known.next];
    known.next = (known.next + 1) % known.ivs.length;
    return iv;
  }

  /**
   * The stash to go on with under another data key: without any IV that two different values share,
   * since there that would begin a reuse and not repeat one.
   */
  forNewKey(): IvStash {
    const owners = new Map<string, string | null>();
    for (const [name, { ivs }] of this.#ivs) {
      for (const iv of ivs) {
        const owner = owners.get(latin1(iv));
        owners.set(latin1(iv), owner === undefined || owner === name ? name : null);
      }
    }
    const next = new IvStash();
    for (const [name, { ivs }] of this.#ivs) {
      const own = ivs.filter((iv) => owners.get(latin1(iv)) === name);
      if (own.length > 0) next.#ivs.set(name, { ivs: own, next: 0 });
    }
    return next;
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function nameOf({ type, plaintext, aad }: Sealable): string {
  return `${type}\0${aad.length}\0${aad}${digestOf(plaintext)}`;
}

/** Long plaintexts by digest, so that the stash stays small; it never leaves this object. */
function digestOf(plaintext: Uint8Array): string {
  if (plaintext.length <= 64) return `t${latin1(plaintext)}`;
  return `h${createHash('sha256').update(plaintext).digest('base64')}`;
}
