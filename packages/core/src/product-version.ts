/** tidelock's own version, one for all packages: `node scripts/stamp-version.mjs` writes it. */
export const TIDELOCK_VERSION = '0.1.0';
