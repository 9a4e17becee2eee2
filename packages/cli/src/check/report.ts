import {
  githubReporter,
  jsonReporter,
  markdownReporter,
  type Report,
  type Reporter,
  sarifReporter,
  textReporter,
} from '@tidelock/guard';
import { CommandError } from '../command-error.ts';
import { TIDELOCK_VERSION } from '../version.ts';

export const FORMATS = ['text', 'json', 'sarif', 'markdown', 'github'] as const;
export type Format = (typeof FORMATS)[number];

/** @throws CommandError exit 2 for a format nobody knows */
export function formatNamed(name: string | undefined): Format {
  const found = FORMATS.find((format) => format === (name ?? 'text'));
  if (found !== undefined) return found;
  throw new CommandError('ERR_USAGE', 2, 'no such format', `One of: ${FORMATS.join(', ')}.`);
}

export function renderReport(report: Report, format: Format, colour = false): string {
  return reporterFor(format, colour).report(report);
}

function reporterFor(format: Format, colour: boolean): Reporter {
  switch (format) {
    case 'text':
      return textReporter({ colour });
    case 'json':
      return jsonReporter;
    case 'sarif':
      return sarifReporter({ version: TIDELOCK_VERSION });
    case 'markdown':
      return markdownReporter;
    case 'github':
      return githubReporter;
  }
}
