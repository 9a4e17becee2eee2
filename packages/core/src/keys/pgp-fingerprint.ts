/**
 * The text when it is a PGP key id or fingerprint: 8 to 40 hexadecimal digits, `!` behind it to force
 * that subkey (SOPS-FORMAT 6.2). Case is kept. null for anything else, so that nothing but this
 * reaches the arguments of gpg.
 */
export function parsePgpFingerprint(text: string): string | null {
  return /^[0-9A-Fa-f]{8,40}!?$/.test(text) ? text : null;
}

/** The last 16 digits, upper case, without `!`: the key id that a PGP message names. */
export function longKeyId(fingerprint: string): string {
  return fingerprint.replace(/!$/, '').slice(-16).toUpperCase();
}
