import { jsonAt } from './call.ts';
import { KmsFailure } from './failure.ts';
import { type CloudKeyState, keyState, timeOf } from './key-state.ts';

/**
 * Of a key as Key Vault describes it: `attributes.enabled`, and `exp` and `nbf` in seconds. After `exp`
 * it still decrypts, and encrypts nothing.
 * @param now milliseconds since 1970
 * @throws KmsFailure when it holds no state
 */
export function azureKeyState(body: string, now: number): CloudKeyState {
  const enabled = jsonAt(body, ['attributes', 'enabled']);
  if (typeof enabled !== 'boolean')
    throw new KmsFailure(
      'the answer of Azure Key Vault tells no state of the key',
      'Check that the address is that of a key vault.',
    );
  const at = (name: string): Date | null => {
    const seconds = jsonAt(body, ['attributes', name]);
    return typeof seconds === 'number' ? timeOf(seconds) : null;
  };
  const [ends, begins] = [at('exp'), at('nbf')];
  if (!enabled) return keyState({ trouble: { kind: 'disabled', word: 'not enabled' }, ends });
  if (ends !== null && ends.getTime() <= now)
    return keyState({ trouble: { kind: 'expired', word: 'exp' }, ends });
  if (begins !== null && begins.getTime() > now)
    return keyState({ trouble: { kind: 'disabled', word: 'nbf' }, ends });
  return keyState({ ends });
}
