/** The key version that `vault:vN:...` names, or null when it is not such a text. */
export function vaultKeyVersion(enc: string): number | null {
  const version = /^vault:v([1-9][0-9]{0,8}):[A-Za-z0-9+/=]+\s*$/.exec(enc)?.[1];
  return version === undefined ? null : Number(version);
}
