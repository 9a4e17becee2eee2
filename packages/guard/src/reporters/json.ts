import type { Reporter } from '../types.ts';
import { escapeControls } from './escape.ts';

/** One JSON document; the shape is part of the command's interface. Control characters are escaped. */
export const jsonReporter: Reporter = {
  format: 'json',
  report({ findings, files }) {
    return jsonText({ findings, files });
  },
};

/**
 * Any data as JSON that a terminal or a log can show: JSON.stringify leaves C1, bidirectional and
 * zero-width characters as they are.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return `${text.split('\n').map(asJsonEscapes).join('\n')}\n`;
}

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
