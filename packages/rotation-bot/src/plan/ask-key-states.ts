import {
  createAllowList,
  createLimiter,
  type KeyGroup,
  latestVaultVersion,
  type MasterKey,
  masterKeyId,
  nodeConnect,
  type PgpKeyState,
  readPgpKeyState,
  TidelockError,
} from '@tidelock/core';
import { keyText } from '@tidelock/guard';
import type { BotPorts } from '../ports.ts';
import type { KeyStates } from './key-states.ts';
import { pgpName } from './wanted-access.ts';

const CALLS_AT_ONCE = 16;

/**
 * Asks Vault for the newest versions of transit keys, and gpg for PGP keys. What cannot be asked is
 * unknown.
 * @param named key groups of the base's creation rules: nothing else is asked about
 * @param onFailure told of each key that could not be asked, in words that hold no secret
 */
export async function askKeyStates(
  named: readonly KeyGroup[],
  ports: BotPorts,
  onFailure: (text: string) => void,
): Promise<KeyStates> {
  const keys = new Map(
    named.flatMap((group) => group.keys).map((key) => [`${key.type} ${masterKeyId(key)}`, key]),
  );
  const vaultVersions = new Map<string, number>();
  const pgpKeys = new Map<string, PgpKeyState>();
  const all = [...keys.values()];
  const cloud = {
    environment: ports,
    connect: nodeConnect((protocol) =>
      protocol === 'https:' ? import('node:https') : import('node:http'),
    ),
    allowList: createAllowList({ env: ports.env, named: all }),
  };
  const ask = async (key: MasterKey): Promise<void> => {
    if (key.type === 'hc_vault')
      vaultVersions.set(masterKeyId(key), await latestVaultVersion(key, cloud));
    if (key.type !== 'pgp') return;
    const options = { environment: ports, now: ports.now() };
    const state = await readPgpKeyState(key.fingerprint, options);
    if (state === null) onFailure(`${keyText(key)}: its public key is not at hand`);
    else pgpKeys.set(pgpName(key.fingerprint), state);
  };
  const limiter = createLimiter(CALLS_AT_ONCE);
  await Promise.all(
    all.map((key) =>
      limiter(() => ask(key)).catch((error: unknown) => {
        if (!(error instanceof TidelockError)) throw error;
        onFailure(`${keyText(key)}: ${error.message}`);
      }),
    ),
  );
  return { vaultVersions, pgpKeys, unusable: new Map() };
}
