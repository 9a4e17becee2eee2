import { errorName, KmsFailure, NoSuchKey } from './failure.ts';

/** What a key service says of one of its keys. The key itself is not used. */
export interface CloudKeyState {
  /** null: it wraps and opens. */
  readonly trouble: KeyTrouble | null;
  /** When it is deleted, or wraps no more; null: the service names no such time. */
  readonly ends: Date | null;
  /** Of Vault transit alone. */
  readonly versions: VaultKeyVersions | null;
}

export interface KeyTrouble {
  readonly kind:
    | /** It can be brought back; until then it wraps and opens nothing. */ 'disabled'
    | /** Its time is over: it still opens, and wraps nothing. */ 'expired'
    | /** It opens nothing, and will not be there for much longer. */ 'pending-deletion'
    | /** There is none, or none any more. */ 'gone';
  /** The service's own word. */
  readonly word: string;
}

export interface VaultKeyVersions {
  readonly newest: number;
  /** What an older version wrapped Vault opens no more. */
  readonly oldestOpened: number;
}

/** A state with nothing to say but what is given. */
export const keyState = (said: Partial<CloudKeyState>): CloudKeyState => ({
  trouble: null,
  ends: null,
  versions: null,
  ...said,
});

/** That there is no such key is an answer, and not a failure to ask. */
export async function stateOrGone(asking: Promise<CloudKeyState>): Promise<CloudKeyState> {
  try {
    return await asking;
  } catch (error) {
    if (!(error instanceof NoSuchKey)) throw error;
    return keyState({ trouble: { kind: 'gone', word: 'not found' } });
  }
}

/** A server's own word for a state. @throws KmsFailure when it is no word: then nothing is known */
export function stateWord(service: string, word: unknown): string {
  const name = errorName(word);
  if (name !== null) return name;
  throw new KmsFailure(
    `the answer of ${service} tells no state of the key`,
    'Check that the address is that of a key service.',
  );
}

/** Of seconds since 1970, or of a text in ISO 8601; null when it is neither. */
export function timeOf(value: unknown): Date | null {
  const time = typeof value === 'number' ? value * 1000 : Date.parse(String(value));
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? null : date;
}
