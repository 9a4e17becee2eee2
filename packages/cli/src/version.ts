import { SOPS_VERSION, TIDELOCK_VERSION } from '@tidelock/core';

export function versionText(): string {
  return `tidelock ${TIDELOCK_VERSION} (sops ${SOPS_VERSION} file format)\n`;
}
