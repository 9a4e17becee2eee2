import {
  type KeyGroup,
  type KeyService,
  type MasterKey,
  type Metadata,
  type ProveLabel,
  TidelockError,
  unwrapDataKey,
  verify,
  zero,
} from '@tidelock/core';
import {
  type DataKeyChange,
  keyText,
  metadataOf,
  ownWords,
  type Source,
  say,
  type Verdict,
  wholeView,
} from '@tidelock/guard';

export interface Verified {
  readonly verdicts: readonly Verdict[];
  /** Wrapped keys that the identity of their label opens. */
  readonly proven: ReadonlySet<MasterKey>;
  /** Files that opened with the keys at hand, sound or not. */
  readonly opened: number;
  /** Files that no key at hand opens. */
  readonly closed: number;
}

/** What keys at hand can tell of files, without a word of what is in them. */
export interface Verifier {
  /** Opens every file that a key at hand opens, for nothing but MAC and labels. */
  judge(sources: readonly Source[]): Promise<Verified>;
  /** Whether two versions have one data key; unknown where a key is missing. */
  compare(before: Source, after: Source): Promise<DataKeyChange>;
}

/** @param trusted key groups of the policy that judges: a cloud is asked for no other key in CI */
export type MakeVerifier = (trusted: readonly KeyGroup[]) => Verifier;

export function createVerifier(services: readonly KeyService[], prove: ProveLabel): Verifier {
  return {
    async judge(sources) {
      const verdicts: Verdict[] = [];
      const proven = new Set<MasterKey>();
      let opened = 0;
      let closed = 0;
      for (const source of sources) {
        const outcome = await openFile(source, services);
        if (outcome === null) continue;
        if (outcome === 'closed') closed++;
        else opened++;
        if (outcome instanceof TidelockError) verdicts.push(unsound(source, outcome));
        verdicts.push(...(await proveLabels(source, prove, proven)));
      }
      return { verdicts, proven, opened, closed };
    },
    async compare(before, after) {
      const [old, now] = [await dataKeyOf(before, services), await dataKeyOf(after, services)];
      try {
        if (old === null || now === null) return 'unknown';
        return Buffer.compare(old, now) === 0 ? 'kept' : 'changed';
      } finally {
        if (old !== null) zero(old);
        if (now !== null) zero(now);
      }
    },
  };
}

/** null: no file of sops'. */
async function openFile(
  source: Source,
  services: readonly KeyService[],
): Promise<'sound' | 'closed' | TidelockError | null> {
  const document = wholeView(source)?.document ?? null;
  if (document === null || document.block === null) return null;
  try {
    await verify(document, { services });
    return 'sound';
  } catch (error) {
    if (!(error instanceof TidelockError)) throw error;
    return error.code === 'ERR_DATA_KEY_UNAVAILABLE' ? 'closed' : error;
  }
}

async function dataKeyOf(
  source: Source,
  services: readonly KeyService[],
): Promise<Uint8Array | null> {
  const metadata = metadataOf(source);
  if (metadata === null) return null;
  const { keyGroups, shamirThreshold: threshold } = metadata;
  try {
    return await unwrapDataKey(keyGroups, { services, threshold });
  } catch (error) {
    if (error instanceof TidelockError) return null;
    throw error;
  }
}

/** Opens each wrapped key with the identity of its own label, where that is at hand. */
async function proveLabels(
  source: Source,
  prove: ProveLabel,
  proven: Set<MasterKey>,
): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const key of keysOf(metadataOf(source))) {
    const isRight = await prove(key);
    if (isRight === true) proven.add(key);
    if (isRight === false) verdicts.push(wrongLabel(source, key));
  }
  return verdicts;
}

const keysOf = (metadata: Metadata | null): readonly MasterKey[] =>
  (metadata?.keyGroups ?? []).flatMap(({ keys }) => keys);

function wrongLabel(source: Source, key: MasterKey): Verdict {
  return {
    ruleId: 'policy/hidden-recipient',
    source,
    span: null,
    message: say`the wrapped key of ${keyText(key)} does not open with the identity of that name: it is for somebody else`,
    hint: say`Wrap it anew with tidelock updatekeys FILE, rotate the file, and find out who wrote this`,
  };
}

function unsound(source: Source, error: TidelockError): Verdict {
  return {
    ruleId: 'broken/mac',
    source,
    span: null,
    message: say`opened with a key at hand, the file is not sound (${ownWords(error.code)})`,
    hint: say`Restore it from an earlier commit, and find out who changed it outside of sops`,
  };
}
