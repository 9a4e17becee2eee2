import { randomBytes } from 'node:crypto';
import { encodeBech32 } from './bech32.ts';
import { x25519Point, x25519PrivateKey } from './x25519.ts';

/** A new X25519 age identity (`AGE-SECRET-KEY-1...`) and its recipient (`age1...`). */
export function generateAgeIdentity(): { readonly identity: string; readonly recipient: string } {
  const scalar = randomBytes(32);
  const identity = encodeBech32('age-secret-key-', scalar).toUpperCase();
  const recipient = encodeBech32('age', x25519Point(x25519PrivateKey(scalar)));
  scalar.fill(0);
  return { identity, recipient };
}
