import { jsonAt } from './call.ts';
import { type CloudKeyState, keyState, stateWord, timeOf } from './key-state.ts';

/**
 * Of a cryptoKey: the state of its primary version, which wraps, and when that is to be destroyed.
 * Older versions are not asked: which of them wrapped a data key does not show.
 * @throws KmsFailure when it holds no state
 */
export function gcpKeyState(body: string): CloudKeyState {
  const isKey = jsonAt(body, ['name']) !== undefined;
  if (isKey && jsonAt(body, ['primary']) === undefined)
    return keyState({ trouble: { kind: 'gone', word: 'no primary version' } });
  const word = stateWord('GCP KMS', jsonAt(body, ['primary', 'state']));
  if (word === 'ENABLED') return keyState({});
  if (word === 'DESTROYED') return keyState({ trouble: { kind: 'gone', word } });
  if (word !== 'DESTROY_SCHEDULED') return keyState({ trouble: { kind: 'disabled', word } });
  const ends = timeOf(jsonAt(body, ['primary', 'destroyTime']));
  return keyState({ trouble: { kind: 'pending-deletion', word }, ends });
}
