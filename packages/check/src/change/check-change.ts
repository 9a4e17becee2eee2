import { findFilesWith, ObjectReader, openRepository } from '@tidelock/git';
import {
  compareFindings,
  type DeployVerdict,
  type Finding,
  isEncrypted,
  metadataOf,
  type Report,
  type Source,
  type Verdict,
} from '@tidelock/guard';
import { countsText } from '../check-tree.ts';
import { judgeAges } from '../data-key-age.ts';
import { type Judged, type Judgement, judge } from '../judge.ts';
import { isKeyFile, labelsBy } from '../pgp-keys.ts';
import { isPolicyPath, isUngoverned } from '../policy-files.ts';
import type { CheckPorts } from '../ports.ts';
import { trustedGroups } from '../trusted-groups.ts';
import type { MakeVerifier, Verified, Verifier } from '../verifier.ts';
import { type AccessByChange, fileAccess, ruleAccess } from './access-change.ts';
import { BaseFindings } from './base-findings.ts';
import { creationOf } from './base-policy.ts';
import { decrypted, EncryptedFiles } from './data-keys.ts';
import { judgeDeploymentChange } from './deployment-change.ts';
import { freshComments, silencedAtBase } from './fresh-comments.ts';
import { Leaked, readVersions } from './history.ts';
import { type Change, openChange } from './open-change.ts';
import { policyVerdicts, workflowVerdicts } from './policy-verdicts.ts';
import { siblingsOf, withoutSiblings } from './siblings.ts';
import type { Revisions } from './sides.ts';

export interface ChangeOptions extends Revisions {
  readonly ports: CheckPorts;
  readonly folder: string;
  /** Whose policy judges: the base's unless given. */
  readonly policySource?: 'base' | 'head' | 'both';
  /** Read in the place of `.tidelock.yaml`. */
  readonly policyPath?: string;
  /** Of files that are judged; all when not given. Policy files always are. */
  readonly isWanted?: (path: string) => boolean;
  readonly policyOnly: boolean;
  /** Opens what the keys at hand open; null: without. */
  readonly verifier: MakeVerifier | null;
}

export interface ChangeReport extends Report {
  readonly access: AccessByChange;
  /** What a person should know of how this was judged. */
  readonly remarks: readonly string[];
}

/**
 * Judges every commit of a change by the policy of the base: nothing that the change itself brings
 * can loosen a finding.
 * @throws GitError for a revision that names no commit and for a history that is cut off;
 *   TidelockError for a policy of the base that cannot be read
 */
export async function checkChange(options: ChangeOptions): Promise<ChangeReport> {
  const repository = await openRepository(options.folder, options.ports.env);
  const reader = new ObjectReader(repository.git);
  try {
    const change = await openChange(options, repository, reader);
    return await new ChangeCheck(change, options).run();
  } finally {
    reader.close();
  }
}

class ChangeCheck {
  readonly #change: Change;
  readonly #options: ChangeOptions;
  readonly #now: Date;
  readonly #atBase: ReadonlyMap<string, Source>;
  readonly #baseFindings: BaseFindings;
  readonly #encrypted: EncryptedFiles;
  readonly #leaked: Leaked;
  readonly #verifier: Verifier | null;
  readonly #remarks: string[] = [];
  #keyFiles: ReturnType<typeof keyFilesOf> | undefined;

  constructor(change: Change, options: ChangeOptions) {
    const { files, earlier, sides } = change;
    this.#change = change;
    this.#options = options;
    this.#now = options.ports.now();
    this.#atBase = new Map(earlier.map((source) => [source.path, source]));
    this.#baseFindings = new BaseFindings(earlier, this.#now);
    this.#verifier = options.verifier?.(trustedGroups(change.judging.steering)) ?? null;
    const restored = earlier.filter(({ path }) => isRestored(sides, path));
    const atHead = [...files.sources, ...restored];
    this.#encrypted = new EncryptedFiles(atHead, earlier, this.#verifier?.compare);
    this.#leaked = new Leaked(({ finding, value }) => {
      const old = this.#atBase.get(finding.path);
      const wasPlain = old !== undefined && metadataOf(old) === null;
      if (finding.ruleId === 'policy/not-encrypted' && wasPlain) return true;
      if (finding.ruleId.startsWith('policy/recipient-'))
        return this.#baseFindings.names({ finding, value });
      return this.#baseFindings.had({ finding, value });
    });
  }

  async run(): Promise<ChangeReport> {
    const { files, sides, earlier, judging, after } = this.#change;
    await this.#encrypted.compareWithBase();
    await this.#judgePassing();
    const { report, found } = await this.#judgeHead();
    const creation = {
      before: creationOf(this.#change.fork, this.#now),
      after: creationOf(after, this.#now),
    };
    const rules = { judging: judging.steering.policies.creation, after: creation.after };
    const moved = this.#encrypted.moved(rules);
    const findings = [...report.findings.map(raised(moved)), ...this.#leaked.except(found)];
    const policy = judging.steering.policies.access?.policy ?? null;
    return {
      ...report,
      findings: findings.sort(compareFindings),
      access: {
        files: fileAccess(earlier, files.sources, policy),
        rules: await ruleAccess({ ...creation, head: sides.head, policy }),
      },
      remarks: [...(isUngoverned(judging.steering.policies) ? [UNGOVERNED] : []), ...this.#remarks],
    };
  }

  /** Every version that a commit brought and the head no longer has: none stays in memory. */
  async #judgePassing(): Promise<void> {
    const { passing, reader, judging } = this.#change;
    const { largestFile } = judging.steering;
    for await (const versions of readVersions(reader, passing, largestFile)) {
      const sources = versions.map(({ source }) => source);
      for (const source of sources) await this.#encrypted.see(source);
      const labels = await this.#labels(sources);
      const { found } = judge({ ...this.#judged(sources), labels });
      this.#leaked.add(found, versions);
    }
  }

  async #judgeHead(): Promise<Judgement> {
    const { files, repository, sides, after } = this.#change;
    const { policySource = 'base' } = this.#options;
    const verified = (await this.#verifier?.judge(files.sources)) ?? null;
    if (verified !== null) this.#remarks.push(countsText(verified));
    const search = { git: repository.git, sources: files.sources, atBase: this.#atBase };
    const siblings = await siblingsOf({ ...search, head: sides.head });
    const judged: Judged = {
      ...this.#judged([...files.sources, ...siblings]),
      files: { ...files, sources: [...files.sources, ...siblings] },
      paths: [...sides.head.entries.keys()],
      examined: creationOf(after, this.#now),
      more: await this.#verdicts(verified),
      labels: await this.#labels(files.sources),
      deployment: await this.#deployment(),
      ...(verified === null ? {} : { proven: verified.proven }),
    };
    const own = after.read.steering;
    const judgements = [
      ...(policySource === 'head' && own !== null ? [] : [judge(judged)]),
      ...(policySource === 'base' || own === null ? [] : [judge({ ...judged, steering: own })]),
    ];
    return joined(judgements, siblings);
  }

  #labels(sources: readonly Source[]): ReturnType<typeof labelsBy> {
    return labelsBy(sources, () => {
      this.#keyFiles ??= keyFilesOf(this.#change);
      return this.#keyFiles;
    });
  }

  /** @param sources files of one moment of the change */
  #judged(sources: readonly Source[]): Judged {
    return {
      files: { sources, unread: [] },
      steering: this.#change.judging.steering,
      prefix: '',
      now: this.#now,
      policyOnly: this.#options.policyOnly,
      suppress: (found) => silencedAtBase(found, sources, this.#baseFindings),
    };
  }

  async #deployment(): Promise<readonly DeployVerdict[]> {
    const { files, earlier, judging, sides, repository } = this.#change;
    if (this.#options.policyOnly) return [];
    const { head } = sides;
    return judgeDeploymentChange({
      base: sides.fork,
      head,
      changed: files.sources,
      earlier: earlier.filter(({ path }) => !isRestored(sides, path)),
      find: (texts) => findFilesWith(repository.git, head.commit, texts),
      policy: judging.steering.policies.access?.policy ?? null,
      now: this.#now,
    });
  }

  async #verdicts(verified: Verified | null): Promise<readonly Verdict[]> {
    const { files, earlier, removed, judging, sides, repository, fork, after } = this.#change;
    const { ports, folder } = this.#options;
    const { sources } = files;
    const { creation, access } = judging.steering.policies;
    const ages = await judgeAges(sources, {
      ports,
      folder,
      root: repository.root,
      prefix: '',
      access,
      revision: sides.head.commit,
    });
    const ofPolicy = policyVerdicts({
      before: fork,
      after,
      sources,
      removed,
      paths: [...sides.head.entries.keys()],
      isFirst: judging.isFirst,
      mixed: sources.some((source) => !isPolicyPath(source.path) && isEncrypted(source)),
      now: this.#now,
    });
    return [
      ...ages,
      ...(verified?.verdicts ?? []),
      ...workflowVerdicts(sources, earlier, removed),
      ...this.#encrypted.verdicts(),
      ...decrypted(sources, this.#atBase, creation),
      ...freshComments(sources, this.#atBase),
      ...ofPolicy,
    ];
  }
}

const UNGOVERNED =
  'no .sops.yaml and no .tidelock.yaml on either side: only plaintext is looked for';

/** Public keys of both sides: one that comes with the change may be of a new recipient. */
async function keyFilesOf({ sides }: Change): Promise<readonly Source[]> {
  const read = async (side: Change['sides']['head']) =>
    (await side.read([...side.entries.keys()].filter(isKeyFile))).sources;
  return [...(await read(sides.policy)), ...(await read(sides.head))];
}

/** What commits between changed and the head has as the base does. */
function isRestored({ fork, head }: Change['sides'], path: string): boolean {
  const [before, now] = [fork.entries.get(path), head.entries.get(path)];
  return now !== undefined && now.oid === before?.oid && now.mode === before.mode;
}

/** An uncovered file that a rule of the base covered under its old name, and that left it, is an error. */
const raised =
  (moved: ReadonlySet<string>) =>
  (finding: Finding): Finding =>
    finding.ruleId === 'policy/uncovered' && moved.has(finding.path)
      ? { ...finding, severity: 'error' }
      : finding;

/** What any of the policies finds, each matter once. */
function joined(judgements: readonly Judgement[], siblings: readonly Source[]): Judgement {
  const [first, second] = judgements;
  if (first === undefined) throw new RangeError('a change is judged by some policy');
  const known = new Set(first.report.findings.map(identity));
  const more = second?.found.filter(({ finding }) => !known.has(identity(finding))) ?? [];
  const findings = [...first.report.findings, ...more.map(({ finding }) => finding)];
  const { files } = first.report;
  const encrypted = files.encrypted - siblings.filter(isEncrypted).length;
  const examined = files.examined - siblings.length;
  return {
    report: {
      ...first.report,
      findings: withoutSiblings(findings, siblings),
      files: { ...files, encrypted, examined },
    },
    found: [...first.found, ...more],
  };
}

const identity = ({ ruleId, fingerprint, message }: Finding) =>
  [ruleId, fingerprint, message].join('\0');
