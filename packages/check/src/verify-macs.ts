import { type KeyService, TidelockError, verify } from '@tidelock/core';
import { ownWords, type Source, say, type Verdict, wholeView } from '@tidelock/guard';

export interface Verified {
  readonly verdicts: readonly Verdict[];
  /** Files that opened with the keys at hand, sound or not. */
  readonly opened: number;
  /** Files that no key at hand opens. */
  readonly closed: number;
}

/** Opens every file that a key at hand opens, for nothing but its MAC. */
export async function verifyMacs(
  sources: readonly Source[],
  services: readonly KeyService[],
): Promise<Verified> {
  const verdicts: Verdict[] = [];
  let opened = 0;
  let closed = 0;
  for (const source of sources) {
    const document = wholeView(source)?.document ?? null;
    if (document === null || document.block === null) continue;
    try {
      await verify(document, { services });
      opened++;
    } catch (error) {
      if (!(error instanceof TidelockError)) throw error;
      if (error.code === 'ERR_DATA_KEY_UNAVAILABLE') closed++;
      else {
        opened++;
        verdicts.push(verdict(source, error));
      }
    }
  }
  return { verdicts, opened, closed };
}

function verdict(source: Source, error: TidelockError): Verdict {
  return {
    ruleId: 'broken/mac',
    source,
    span: null,
    message: say`opened with a key at hand, the file is not sound (${ownWords(error.code)})`,
    hint: say`Restore it from an earlier commit, and find out who changed it outside of sops`,
  };
}
