import { type CloudKeyState, keyState, stateWord, timeOf } from './key-state.ts';

/**
 * Of the `KeyMetadata` that DescribeKey answers: `KeyState`, `DeletionDate`, and `ValidTo` of imported
 * key material. @throws KmsFailure when it holds no state
 */
export function awsKeyState(metadata: unknown): CloudKeyState {
  const fields = new Map(Object.entries(metadata ?? {}));
  const word = stateWord('AWS KMS', fields.get('KeyState'));
  const [deleted, validTo] = [dateOf(fields.get('DeletionDate')), dateOf(fields.get('ValidTo'))];
  if (word === 'Enabled') return keyState({ ends: validTo });
  const kind = /^Pending(?:Replica)?Deletion$/.test(word) ? 'pending-deletion' : 'disabled';
  return keyState({ trouble: { kind, word }, ends: deleted });
}

/** The official client makes dates of what travels as seconds. */
const dateOf = (value: unknown): Date | null =>
  value instanceof Date ? value : typeof value === 'number' ? timeOf(value) : null;
