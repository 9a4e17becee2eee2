import type { Reporter } from '../types.ts';
import { escapeControls } from './escape.ts';

/** One JSON document; the shape is part of the command's interface. Control characters are escaped. */
export const jsonReporter: Reporter = {
  format: 'json',
  report({ findings, files, suppressed }) {
    const text = JSON.stringify({ findings, files, suppressed }, null, 2);
    // JSON.stringify leaves C1, bidirectional and zero-width characters as they are.
    return `${text.split('\n').map(asJsonEscapes).join('\n')}\n`;
  },
};

/** The same characters that `escapeControls` shows, written as JSON writes them. */
function asJsonEscapes(line: string): string {
  return line.replace(/[^\x20-\x7e]/gu, (char) =>
    escapeControls(char) === char ? char : units(char),
  );
}

function units(char: string): string {
  return char
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
