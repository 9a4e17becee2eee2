import type { Introduced, ObjectReader } from '@tidelock/git';
import { type Finding, LARGEST_FILE, Source, type Valued } from '@tidelock/guard';
import { keyOf } from './base-findings.ts';

/** A version of a file that a commit of the change brought and the head no longer has. */
export interface Version {
  readonly commit: string;
  readonly source: Source;
}

/** The versions in groups in which no path stands twice, each blob read once. */
export async function* readVersions(
  reader: ObjectReader,
  passing: readonly Introduced[],
  maxBytes = LARGEST_FILE,
): AsyncGenerator<readonly Version[]> {
  let group: Version[] = [];
  let paths = new Set<string>();
  let index = 0;
  for await (const blob of reader.readBlobs(
    passing.map(({ oid }) => oid),
    { maxBytes },
  )) {
    const one = passing[index++];
    if (one === undefined) break;
    if (blob.kind !== 'blob') continue;
    if (paths.has(one.path) || group.length >= LARGEST_GROUP) {
      yield group;
      group = [];
      paths = new Set();
    }
    group.push({ commit: one.commit, source: new Source(one.path, blob.bytes) });
    paths.add(one.path);
  }
  if (group.length > 0) yield group;
}

const LARGEST_GROUP = 200;

/** What has leaked once it stood in any commit, whatever a later one makes of it. */
const LEAKS =
  /^(?:plaintext\/.*|policy\/(?:not-encrypted|recipient-extra|recipient-forbidden|hidden-recipient)|broken\/(?:plain-value|nothing-encrypted|ansible-vault|git-crypt))$/;

/** Collects what earlier commits of a change brought, each matter once, at the commit that brought it. */
export class Leaked {
  readonly #found = new Map<string, Valued>();
  readonly #hadAtBase: (one: Valued) => boolean;

  constructor(hadAtBase: (one: Valued) => boolean) {
    this.#hadAtBase = hadAtBase;
  }

  add(found: readonly Valued[], versions: readonly Version[]): void {
    const commits = new Map(versions.map(({ commit, source }) => [source.path, commit]));
    for (const one of found) {
      const { finding } = one;
      const commit = commits.get(finding.path);
      if (commit === undefined || finding.severity !== 'error' || !LEAKS.test(finding.ruleId))
        continue;
      const key = keyOf(one);
      if (!this.#found.has(key) && !this.#hadAtBase(one))
        this.#found.set(key, { ...one, finding: leaked(finding, commit) });
    }
  }

  /** @param atHead what is reported there anyway */
  except(atHead: readonly Valued[]): readonly Finding[] {
    const said = new Set(atHead.map(keyOf));
    const kept = atHead.filter(({ finding }) => finding.ruleId === 'policy/data-key-kept');
    const readers = new Set(kept.map(readerOf));
    return [...this.#found]
      .filter(([key, one]) => !said.has(key) && !readers.has(readerOf(one)))
      .map(([, { finding }]) => finding);
  }
}

/** Who the finding is about, and in which file. */
const readerOf = ({ finding, value }: Valued) => JSON.stringify([finding.path, value]);

function leaked(finding: Finding, commit: string): Finding & { readonly commit: string } {
  const what = finding.ruleId.includes('recipient') ? 'what was in it' : 'it';
  return {
    ...finding,
    commit,
    message: `${finding.message}: ${what} has leaked, though a later commit of this change mends it`,
    hint: 'Change the secret at its source, and rewrite the branch without that commit',
  };
}
