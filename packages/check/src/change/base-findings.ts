import {
  applyComments,
  CONTENT_RULES,
  canonicalKey,
  check,
  metadataOf,
  type Source,
  type Valued,
} from '@tidelock/guard';

/** What the base's versions of changed files already had, looked into only when it is asked for. */
export class BaseFindings {
  readonly #earlier: ReadonlyMap<string, Source>;
  readonly #now: Date;
  readonly #known = new Map<string, { all: ReadonlySet<string>; quiet: ReadonlySet<string> }>();

  constructor(earlier: readonly Source[], now: Date) {
    this.#earlier = new Map(earlier.map((source) => [source.path, source]));
    this.#now = now;
  }

  /** Whether the base's version of the file has the same finding about the same value. */
  had(one: Valued): boolean {
    return this.#of(one.finding.path).all.has(keyOf(one));
  }

  /** Whether the base's version names the recipient that the finding is about. */
  names({ finding, value }: Valued): boolean {
    const source = this.#earlier.get(finding.path);
    const groups = (source === undefined ? null : metadataOf(source))?.keyGroups ?? [];
    return groups.some(({ keys }) => keys.some((key) => canonicalKey(key) === value));
  }

  /** Whether a comment of the base's version silences the same. */
  silenced({ finding, value }: Valued): boolean {
    const { quiet } = this.#of(finding.path);
    return quiet.has(finding.fingerprint) || quiet.has(keyOf({ finding, value }));
  }

  #of(path: string) {
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    const source = this.#earlier.get(path);
    const made = source === undefined ? NOTHING : look(source, this.#now);
    this.#known.set(path, made);
    return made;
  }
}

const NOTHING = { all: new Set<string>(), quiet: new Set<string>() };

function look(source: Source, now: Date) {
  const found: Valued[] = [];
  const findings = check([source], CONTENT_RULES, {
    now,
    onValue: (finding, value) => void found.push({ finding, value }),
  });
  const kept = new Set(applyComments(findings, [source]).kept);
  const quiet = found.filter(({ finding }) => !kept.has(finding));
  return {
    all: new Set(found.map(keyOf)),
    quiet: new Set(quiet.flatMap((one) => [one.finding.fingerprint, keyOf(one)])),
  };
}

/** The same matter in two versions of a file, wherever its line is. */
export function keyOf({ finding, value }: Valued): string {
  const { ruleId, kind, treePath, path } = finding;
  return [path, ruleId, kind, value ?? treePath].join('\0');
}
