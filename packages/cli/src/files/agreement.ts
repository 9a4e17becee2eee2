import type { Flags } from '../flags.ts';
import type { Ports } from '../ports.ts';
import { askYesOrNo } from './ask.ts';

export interface Asking {
  readonly question: string;
  readonly show: () => void;
  /** What did not happen, for who runs it without `--yes`. */
  readonly untouched?: string;
}

/**
 * Whether a plan is to be carried out: `--yes` says so, or who sits at the terminal and is shown it
 * first. Nobody is asked for a plan in JSON.
 */
export async function isAgreed(
  ports: Ports,
  flags: Flags,
  { question, show, untouched = 'nothing was written' }: Asking,
): Promise<boolean> {
  if (flags.isOn('yes')) return true;
  show();
  if (flags.isOn('json') || !ports.isInteractive) {
    ports.stderr(`tidelock: ${untouched}. To do it: the same command with --yes.\n`);
    return false;
  }
  if (await askYesOrNo(ports, question)) return true;
  ports.stderr('tidelock: nothing was written.\n');
  return false;
}
