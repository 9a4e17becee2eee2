import { SOPS_VERSION, TIDELOCK_VERSION } from '@tidelock/core';

/** @param calledAs name of the program; scripts for sops take its version from the second word */
export function versionText(calledAs: string): string {
  if (calledAs === 'sops') return `sops ${SOPS_VERSION} (tidelock ${TIDELOCK_VERSION})\n`;
  return `tidelock ${TIDELOCK_VERSION} (sops ${SOPS_VERSION} file format)\n`;
}
