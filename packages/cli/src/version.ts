import { SOPS_VERSION } from '@tidelock/core';

export const TIDELOCK_VERSION = '0.1.0';

export function versionText(): string {
  return `tidelock ${TIDELOCK_VERSION} (sops ${SOPS_VERSION} file format)\n`;
}
