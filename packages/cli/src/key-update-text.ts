import { type KeyUpdatePlan, masterKeyId } from '@tidelock/core';
import { printable } from './terminal.ts';

/** The difference as sops shows it (SOPS-FORMAT 9.3). */
export function keyUpdateText({ groups, threshold, mislabelled }: KeyUpdatePlan): string {
  const lines = ["The following changes will be made to the file's groups:"];
  if (threshold.before !== threshold.after) {
    lines.push(
      `+++ shamir_threshold: ${threshold.after}`,
      `--- shamir_threshold: ${threshold.before}`,
    );
  } else if (threshold.after > 0) {
    lines.push(`shamir_threshold: ${threshold.after}`);
  }
  groups.forEach((group, index) => {
    lines.push(`Group ${index + 1}`);
    lines.push(...group.common.map((key) => `    ${printable(masterKeyId(key))}`));
    lines.push(...group.added.map((key) => `+++ ${printable(masterKeyId(key))}`));
    lines.push(...group.removed.map((key) => `--- ${printable(masterKeyId(key))}`));
  });
  for (const { key, reason } of mislabelled) {
    lines.push(
      `!!! ${printable(masterKeyId(key))}: this key ${printable(reason)}; it is wrapped anew`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Why the data key should be made anew as well; null when nobody lost access. */
export function hasReadersLeft({ groups, mislabelled }: KeyUpdatePlan): string | null {
  if (mislabelled.length > 0) return 'A reader that the file did not name may have its data key.';
  if (groups.some(({ removed }) => removed.length > 0)) {
    return 'Who was removed could read the data key until now; only a new one shuts them out.';
  }
  return null;
}
