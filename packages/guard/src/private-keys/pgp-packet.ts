/** Public-key algorithms that OpenPGP keys are made for (RFC 9580, 9.1, and GnuPG's own). */
const ALGORITHMS = new Set([1, 2, 3, 8, 16, 17, 18, 19, 20, 22, 25, 26, 27, 28]);

/** Whether bytes begin with a secret key or secret subkey packet (tags 5 and 7) of OpenPGP. */
export function isPgpSecretKey(bytes: Uint8Array): boolean {
  const [first = 0, second = 0] = bytes;
  const isOld = (first >= 0x94 && first <= 0x97) || (first >= 0x9c && first <= 0x9f);
  if (isOld) return isKeyBody(bytes, [2, 3, 5, 1][first % 4] ?? 2);
  if (first !== 0xc5 && first !== 0xc7) return false;
  return isKeyBody(bytes, second < 192 ? 2 : second < 224 ? 3 : second === 255 ? 6 : 2);
}

/** Version, creation time after 1991 (the first PGP), algorithm. */
function isKeyBody(bytes: Uint8Array, at: number): boolean {
  const version = bytes[at] ?? 0;
  if (version < 3 || version > 6) return false;
  const created = Buffer.from(bytes.subarray(at + 1, at + 5));
  if (created.length < 4 || created.readUInt32BE(0) < 0x28000000) return false;
  return ALGORITHMS.has(bytes[at + (version === 3 ? 7 : 5)] ?? 0);
}
