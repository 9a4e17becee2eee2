import { CommandError } from '../command-error.ts';

const COULD_NOT_RUN = 2;

/** `A..B`, of which an end that is left out is HEAD. */
export function endsOf(range: string): { from: string; to: string } {
  const ends = range.split('..');
  const [from = '', to = ''] = ends;
  if (ends.length !== 2 || range.includes('...') || (from === '' && to === '')) {
    const hint = 'Write it as A..B: what B has and A has not.';
    throw new CommandError('ERR_USAGE', COULD_NOT_RUN, '--range is not of the form A..B', hint);
  }
  return { from: from || 'HEAD', to: to || 'HEAD' };
}
