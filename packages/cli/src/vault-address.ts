/** Whether a token may be sent there at all: plain, without user, query or fragment. */
export function isVaultAddress(address: string): boolean {
  return /^https?:\/\/[^/\s?#@]+(?:\/[^\s?#@]*)?$/.test(address) && URL.canParse(address);
}
