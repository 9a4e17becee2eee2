import { jsonAt } from './call.ts';
import { KmsFailure } from './failure.ts';
import { type CloudKeyState, keyState } from './key-state.ts';

/** Of a transit key as Vault and OpenBao describe it. @throws KmsFailure when it names no version */
export function vaultKeyState(body: string): CloudKeyState {
  const newest = versionOf(body, 'latest_version');
  if (newest === null)
    throw new KmsFailure(
      'Vault names no latest version',
      'Check the address, the engine path and the name of the key.',
    );
  const versions = { newest, oldestOpened: versionOf(body, 'min_decryption_version') ?? 1 };
  const isDeleted = jsonAt(body, ['data', 'soft_deleted']) === true;
  if (isDeleted) return keyState({ trouble: { kind: 'disabled', word: 'soft_deleted' }, versions });
  return keyState({ versions });
}

function versionOf(body: string, name: string): number | null {
  const version = jsonAt(body, ['data', name]);
  return typeof version === 'number' && Number.isSafeInteger(version) ? version : null;
}
