import {
  type CloudKeyState,
  createAllowList,
  createKeyStateAsker,
  createLimiter,
  type KeyGroup,
  type MasterKey,
  nodeConnect,
  type PgpKeyState,
  readPgpKeyState,
  TidelockError,
} from '@tidelock/core';
import type { BotPorts } from '../ports.ts';
import { type KeyStates, stateName } from './key-states.ts';
import { pgpName } from './wanted-access.ts';

const CALLS_AT_ONCE = 16;

/**
 * Asks clouds and Vault about their keys, and gpg about PGP keys. Who does not answer is named in what
 * is returned: what is unknown is never taken for sound.
 * @param named key groups of the base's creation rules: nothing else is asked about
 */
export async function askKeyStates(
  named: readonly KeyGroup[],
  ports: BotPorts,
): Promise<KeyStates> {
  const keys = new Map(named.flatMap((group) => group.keys).map((key) => [stateName(key), key]));
  const cloudKeys = new Map<string, CloudKeyState>();
  const pgpKeys = new Map<string, PgpKeyState>();
  const unanswered = new Map<string, string>();
  const askCloud = cloudAsker([...keys.values()], ports);
  const ask = async (name: string, key: MasterKey): Promise<void> => {
    if (key.type === 'pgp') {
      const options = { environment: ports, now: ports.now() };
      const state = await readPgpKeyState(key.fingerprint, options);
      if (state === null) unanswered.set(name, 'its public key is not at hand');
      else pgpKeys.set(pgpName(key.fingerprint), state);
    } else {
      const state = await askCloud(key);
      if (state !== null) cloudKeys.set(name, state);
    }
  };
  const limiter = createLimiter(CALLS_AT_ONCE);
  await Promise.all(
    [...keys].map(([name, key]) =>
      limiter(() => ask(name, key)).catch((error: unknown) => {
        if (!(error instanceof TidelockError)) throw error;
        unanswered.set(name, [error.message, error.hint ?? ''].join('. ').trim());
      }),
    ),
  );
  return { cloudKeys, pgpKeys, unanswered, isAsked: true };
}

function cloudAsker(named: readonly MasterKey[], ports: BotPorts) {
  const hosts = ports.env.TIDELOCK_AZURE_TRUSTED_HOSTS ?? '';
  return createKeyStateAsker({
    environment: ports,
    connect: nodeConnect((protocol) =>
      protocol === 'https:' ? import('node:https') : import('node:http'),
    ),
    allowList: createAllowList({ env: ports.env, named }),
    trustedHosts: hosts.split(',').map((host) => host.trim()),
  });
}
