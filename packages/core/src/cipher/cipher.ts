import { createCipheriv, createDecipheriv, randomBytes as nodeRandomBytes } from 'node:crypto';
import { decodeUtf8, encodeUtf8 } from '../bytes.ts';
import type { Scalar } from '../document/document.ts';
import { TidelockError } from '../errors.ts';
import type { RandomBytes } from '../ports.ts';
import { checkDataKey } from './data-key.ts';
import { IV_SIZE, IvStash, type Sealable } from './iv-stash.ts';
import { isTokenType, plaintextBytes, readScalar, type ValueScalar } from './scalar.ts';
import { formatToken, parseToken, type Token } from './token.ts';

const ALGORITHM = 'aes-256-gcm';
const TAG_SIZE = 16;
const POOLED_IVS = 128;

/** What a token held. The bytes of a `scalar` are what enters the MAC. */
export type Opened =
  | { readonly kind: 'scalar'; readonly scalar: Scalar; readonly plaintext: Uint8Array }
  | { readonly kind: 'comment'; readonly text: string };

export interface OpenOptions {
  /** Leave text as bytes: binary files, whose one leaf may be as large as memory allows. */
  readonly asBytes?: boolean;
}

/** Seals and opens value tokens under one data key for the length of one run (SOPS-FORMAT 1). */
export interface Cipher {
  /** IVs made so far: values that were sealed and had not been opened before. */
  readonly freshIvs: number;
  /** A token; '' for an empty plaintext. `aad` as `aadOf` makes it (SOPS-FORMAT 1.4). */
  seal(scalar: ValueScalar, aad: string): string;
  sealComment(text: string, aad: string): string;
  /**
   * '' opens to ''.
   * @throws TidelockError ERR_NOT_A_TOKEN, ERR_TOKEN; the message names neither value nor place
   */
  open(text: string, aad: string, options?: OpenOptions): Opened;
  /** A cipher for another data key that goes on with the same IVs for equal values (rotate). */
  withKey(dataKey: Uint8Array): Cipher;
}

export interface CipherOptions {
  readonly randomBytes?: RandomBytes;
  /** Nothing will be sealed again: no IV is remembered. */
  readonly readOnly?: boolean;
}

/** @throws TidelockError ERR_DATA_KEY_UNAVAILABLE when the key has not 32 bytes */
export function createCipher(dataKey: Uint8Array, options: CipherOptions = {}): Cipher {
  const stash = options.readOnly === true ? null : new IvStash();
  return new AesGcmCipher(dataKey, stash, options.randomBytes ?? nodeRandomBytes);
}

class AesGcmCipher implements Cipher {
  freshIvs = 0;
  readonly #key: Uint8Array;
  readonly #stash: IvStash | null;
  readonly #randomBytes: RandomBytes;
  #pool: Uint8Array = new Uint8Array(0);

  constructor(key: Uint8Array, stash: IvStash | null, randomBytes: RandomBytes) {
    checkDataKey(key);
    this.#key = key;
    this.#stash = stash;
    this.#randomBytes = randomBytes;
  }

  seal(scalar: ValueScalar, aad: string): string {
    return this.#seal({ type: scalar.type, plaintext: plaintextBytes(scalar), aad });
  }

  sealComment(text: string, aad: string): string {
    return this.#seal({ type: 'comment', plaintext: encodeUtf8(text), aad });
  }

  #seal(value: Sealable): string {
    if (value.plaintext.length === 0) return '';
    const iv = this.#stash?.recall(value) ?? this.#freshIv();
    const cipher = createCipheriv(ALGORITHM, this.#key, iv, { authTagLength: TAG_SIZE });
    cipher.setAAD(encodeUtf8(value.aad));
    const data = cipher.update(value.plaintext);
    cipher.final();
    return formatToken({ data, iv, tag: cipher.getAuthTag(), type: value.type });
  }

  /** Drawn many at a time: a call of the random source costs as much as a short encryption. */
  #freshIv(): Uint8Array {
    this.freshIvs += 1;
    if (this.#pool.length < IV_SIZE) {
      this.#pool = this.#randomBytes(IV_SIZE * POOLED_IVS);
      if (this.#pool.length !== IV_SIZE * POOLED_IVS) throw new RangeError('too little randomness');
    }
    const iv = this.#pool.subarray(0, IV_SIZE);
    this.#pool = this.#pool.subarray(IV_SIZE);
    return iv;
  }

  open(text: string, aad: string, options: OpenOptions = {}): Opened {
    if (text === '') {
      return { kind: 'scalar', scalar: { type: 'str', value: '' }, plaintext: new Uint8Array(0) };
    }
    const token = parseToken(text);
    if (token === null) throw notAToken();
    const { type } = token;
    if (!isTokenType(type)) throw unopened('its type is unknown');
    const plaintext = decrypt(this.#key, token, aad);
    if (type !== 'bytes') this.#stash?.remember({ type, plaintext, aad }, token.iv);
    if (type === 'comment') return { kind: 'comment', text: commentText(plaintext) };
    const scalar: Scalar | null =
      options.asBytes === true && (type === 'str' || type === 'bytes')
        ? { type: 'str', value: plaintext }
        : readScalar(type, plaintext);
    if (scalar === null) throw unopened(`its content is not of type ${type}`);
    return { kind: 'scalar', scalar, plaintext: canonicalPlaintext(scalar, plaintext) };
  }

  withKey(dataKey: Uint8Array): Cipher {
    const stash = (this.#stash ?? new IvStash()).forNewKey();
    return new AesGcmCipher(dataKey, stash, this.#randomBytes);
  }
}

/** The MAC is over the value as sops would write it: `+5` counts as `5`, `t` as `True`. */
function canonicalPlaintext(scalar: Scalar, plaintext: Uint8Array): Uint8Array {
  return scalar.type === 'str' || scalar.type === 'null' ? plaintext : plaintextBytes(scalar);
}

function decrypt(key: Uint8Array, token: Token, aad: string): Uint8Array {
  const { data, tag } = dataAndTag(token);
  try {
    const decipher = createDecipheriv(ALGORITHM, key, token.iv, { authTagLength: TAG_SIZE });
    decipher.setAAD(encodeUtf8(aad));
    decipher.setAuthTag(tag);
    const plaintext = decipher.update(data);
    decipher.final();
    return plaintext;
  } catch {
    throw unopened('authentication failed');
  }
}

/** Data and tag are opened joined, the last 16 bytes being the tag, wherever the token parts them. */
function dataAndTag(token: Token): { data: Uint8Array; tag: Uint8Array } {
  if (token.tag.length === TAG_SIZE) return token;
  const joined = Buffer.concat([token.data, token.tag]);
  if (joined.length < TAG_SIZE) throw unopened('it is too short');
  return { data: joined.subarray(0, -TAG_SIZE), tag: joined.subarray(-TAG_SIZE) };
}

function commentText(plaintext: Uint8Array): string {
  const text = decodeUtf8(plaintext);
  if (text === null) throw unopened('its content is not UTF-8');
  return text;
}

function notAToken(): TidelockError {
  return new TidelockError('ERR_NOT_A_TOKEN', 'the value is not an encrypted value', {
    hint: 'It was added or changed without encrypting it: take it out of the file, then add it with `tidelock set` or `tidelock edit`.',
  });
}

function unopened(reason: string): TidelockError {
  return new TidelockError('ERR_TOKEN', `the encrypted value does not open: ${reason}`, {
    hint: 'It was changed, moved to another key, or encrypted with another data key: restore it from an earlier commit.',
  });
}
