import type { KeyGroup } from '@tidelock/core';
import { type KeyStates, NO_KEY_STATES } from '../plan/key-states.ts';
import type { BotPorts } from '../ports.ts';

/** Asks keys for their states when told to; else nothing is known of them and no socket is opened. */
export function askerOf(
  isAsked: boolean,
  ports: BotPorts,
): (named: readonly KeyGroup[]) => Promise<KeyStates> {
  return async (named) => {
    if (!isAsked) return NO_KEY_STATES;
    const { askKeyStates } = await import('../plan/ask-key-states.ts');
    return askKeyStates(named, ports);
  };
}
