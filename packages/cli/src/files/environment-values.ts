import { type Document, entriesOf, floatDotenv, type Scalar } from '@tidelock/core';
import { CommandError } from '../command-error.ts';

/**
 * The top-level values of the first document as environment variables (SOPS-FORMAT 9.4, exec-env).
 * @throws CommandError for a list or map, or a key that cannot name a variable
 */
export function environmentValues(document: Document): Map<string, string> {
  const values = new Map<string, string>();
  const [branch] = document.branches;
  for (const entry of branch === undefined ? [] : entriesOf(branch)) {
    if (entry.value.kind !== 'leaf') {
      throw new CommandError(
        'ERR_COMPLEX_VALUE',
        1,
        `cannot use complex value in environment; offending key ${entry.key}`,
        'Only top-level strings, numbers and booleans can be variables; use exec-file for nested data.',
      );
    }
    if (entry.key.includes('=') || entry.key.includes('\0') || entry.key === '') {
      throw new CommandError(
        'ERR_COMPLEX_VALUE',
        1,
        `cannot use key ${JSON.stringify(entry.key)} as a variable name`,
        'Rename the key.',
      );
    }
    values.set(entry.key, scalarText(entry.value.scalar));
  }
  return values;
}

function scalarText(scalar: Scalar): string {
  switch (scalar.type) {
    case 'str':
      return typeof scalar.value === 'string'
        ? scalar.value
        : Buffer.from(scalar.value).toString('utf8');
    case 'int':
      return scalar.value.toString();
    case 'float':
      return floatDotenv(scalar.value);
    case 'bool':
      return String(scalar.value);
    case 'time':
      return scalar.value;
    case 'null':
      return '<nil>';
  }
}
