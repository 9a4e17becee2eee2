import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';

/** Adds outputs of the step in the form with delimiters, which no value can end. */
export function writeOutputs(
  file: string | undefined,
  outputs: Readonly<Record<string, string | number>>,
): void {
  if (file === undefined || file === '') return;
  const lines = Object.entries(outputs).map(([name, value]) => {
    const end = `ghadelimiter_${randomUUID()}`;
    return `${name}<<${end}\n${value}\n${end}\n`;
  });
  appendFileSync(file, lines.join(''));
}
