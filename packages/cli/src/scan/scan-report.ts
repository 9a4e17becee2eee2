import { withCommits } from '@tidelock/check';
import { TIDELOCK_VERSION } from '@tidelock/core';
import {
  githubReporter,
  jsonReporter,
  markdownReporter,
  type Reporter,
  sarifReporter,
  textReporter,
} from '@tidelock/guard';
import { CommandError } from '../command-error.ts';

export interface ReportStyle {
  readonly colour: boolean;
}

const FORMATS = ['text', 'json', 'sarif', 'markdown', 'github'];
const COULD_NOT_RUN = 2;

/** @throws CommandError exit 2 for a format that does not exist */
export function reporterOf(format: string, { colour }: ReportStyle): Reporter {
  switch (format) {
    case 'text':
      return withCommits(textReporter({ colour }));
    case 'json':
      return jsonReporter;
    case 'sarif':
      return withCommits(sarifReporter({ version: TIDELOCK_VERSION }));
    case 'markdown':
      return withCommits(markdownReporter);
    case 'github':
      return withCommits(githubReporter);
    default: {
      const hint = `It is one of ${FORMATS.join(', ')}.`;
      throw new CommandError('ERR_USAGE', COULD_NOT_RUN, 'no such --format', hint);
    }
  }
}
