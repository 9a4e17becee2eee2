import type { DataKeyFailure, GroupAttempts, KeyAttempt } from './data-key-error.ts';

const REASON_COLUMNS = 60;
const TEXT_COLUMNS = 75;

/** The report of a failed recovery, laid out as sops does (SOPS-FORMAT 9.5), without a last newline. */
export function formatDataKeyReport(failure: DataKeyFailure): string {
  const groups = failure.groups.map(formatGroup);
  const conclusion = wrapText(conclude(failure), TEXT_COLUMNS).join('\n');
  const head = 'Failed to get the data key required to decrypt the SOPS file.';
  return [head, ...groups, conclusion].join('\n\n');
}

function formatGroup(group: GroupAttempts, index: number): string {
  if (group.success) return `Group ${index}: SUCCESS`;
  const keys = group.keys.map(formatKey).join('\n  \n');
  return keys === '' ? `Group ${index}: FAILED` : `Group ${index}: FAILED\n${keys}`;
}

function formatKey(key: KeyAttempt): string {
  const reasons = key.reasons.map((reason) => {
    const lines = reason.split('\n').flatMap((line) => wrapText(line, REASON_COLUMNS));
    return lines
      .map((line, index) => `    ${index === 0 ? '-' : ' '} | ${line}`.trimEnd())
      .join('\n');
  });
  return [`  ${key.id.replace(/\s+/g, ' ')}: FAILED`, ...reasons].join('\n');
}

function conclude({ groups, needed }: DataKeyFailure): string {
  if (groups.length === 1) {
    return (
      'Recovery failed because no master key was able to decrypt the file. In order for SOPS to ' +
      'recover the file, at least one key has to be successful, but none were.'
    );
  }
  const opened = groups.filter((group) => group.success).length;
  return (
    `Recovery failed because the file was encrypted with a Shamir threshold of ${needed}, but only ` +
    `${opened} part(s) were successfully recovered, one for each successful key group. In order ` +
    `for SOPS to recover the file, at least ${needed} groups have to be successful. In order for a ` +
    'group to be successful, decryption has to succeed with any of the keys in that key group.'
  );
}

/** Breaks at spaces; a longer word stands alone. */
function wrapText(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/[ \t\r]+/)) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
