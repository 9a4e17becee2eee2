/** Whether `url` is `prefix` or lies below it; a final `/` on either makes no difference. */
export function urlPrefixCovers(prefix: string, url: string): boolean {
  if (!/^https?:\/\/[^/]/.test(prefix)) return false;
  return withSlash(url).startsWith(withSlash(prefix));
}

/** Whether `SOPS_HC_VAULT_ALLOWLIST` rules the address out (SOPS-FORMAT 6.5). */
export function isDistrustedVaultAddress(address: string, list: string | undefined): boolean {
  if (list === undefined || list === '' || list === 'all') return false;
  if (list === 'none') return true;
  return !list.split(',').some((prefix) => urlPrefixCovers(prefix.trim(), address));
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
