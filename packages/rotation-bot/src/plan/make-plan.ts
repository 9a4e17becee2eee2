import type { Grouping } from '@tidelock/guard';
import type { CodeOwners } from './codeowners.ts';
import { digestOfFiles, digestOfGroups } from './digest.ts';
import { type GroupName, groupName } from './grouping.ts';
import type {
  KeyKnowledge,
  NotDue,
  Plan,
  PlannedFile,
  PlannedGroup,
  PlanProblem,
  Shard,
} from './plan.ts';
import type { FileOutcome } from './plan-file.ts';

export interface PlanSettings {
  readonly base: string | null;
  readonly shard: Shard | null;
  readonly groupBy: Grouping;
  readonly owners: CodeOwners | null;
  readonly maxOpen: number | null;
  /** null: nobody is asked. `codeowners`: those of the files. */
  readonly reviewers: string | readonly string[] | null;
  readonly keyStates: KeyKnowledge;
}

interface Gathered {
  readonly name: GroupName;
  readonly files: PlannedFile[];
}

/** Takes the outcomes of a tree's files one by one, in any order, and makes the plan of them. */
export class PlanBuilder {
  readonly #settings: PlanSettings;
  readonly #groups = new Map<string, Gathered>();
  readonly #problems: PlanProblem[] = [];
  readonly #counts = { upToDate: 0, uncovered: 0, plain: 0 };

  constructor(settings: PlanSettings) {
    this.#settings = settings;
  }

  add({ state, file, rule, problems }: FileOutcome): void {
    this.#problems.push(...problems);
    if (state === 'plain') this.#counts.plain++;
    if (state === 'uncovered') this.#counts.uncovered++;
    if (state === 'up-to-date') this.#counts.upToDate++;
    if (file === null) return;
    const { groupBy: by, owners } = this.#settings;
    const name = groupName({ path: file.path, rule }, { by, owners });
    const group = this.#groups.get(name.id) ?? { name, files: [] };
    group.files.push(file);
    this.#groups.set(name.id, group);
  }

  addProblem(problem: PlanProblem): void {
    this.#problems.push(problem);
  }

  build(): Plan {
    const { base, shard, maxOpen, keyStates } = this.#settings;
    const groups = [...this.#groups.values()].map(({ name, files }) => this.#group(name, files));
    return assemblePlan({
      base,
      shard,
      groups,
      notDue: this.#counts,
      problems: this.#problems,
      limits: { maxOpen },
      keyStates,
    });
  }

  #group(name: GroupName, files: readonly PlannedFile[]): PlannedGroup {
    return makeGroup(name, files, this.#reviewersOf(files));
  }

  #reviewersOf(files: readonly PlannedFile[]): readonly string[] {
    const { reviewers, owners } = this.#settings;
    if (reviewers === null) return [];
    const named = typeof reviewers === 'string' ? [reviewers] : reviewers;
    return named.flatMap((name) =>
      name === 'codeowners' ? files.flatMap(({ path }) => owners?.ownersOf(path) ?? []) : [name],
    );
  }
}

/** A group with its files in order and its digest. */
export function makeGroup(
  { id, title, branchSuffix }: GroupName,
  files: readonly PlannedFile[],
  reviewers: readonly string[],
): PlannedGroup {
  const sorted = [...files].sort((a, b) => compareText(a.path, b.path));
  const digest = digestOfFiles(id, sorted);
  return {
    id,
    title,
    branchSuffix,
    digest,
    reviewers: [...new Set(reviewers)].sort(compareText),
    files: sorted,
  };
}

export interface PlanParts {
  readonly base: string | null;
  readonly shard: Shard | null;
  readonly groups: readonly PlannedGroup[];
  readonly notDue: NotDue;
  readonly problems: readonly PlanProblem[];
  readonly limits: Plan['limits'];
  readonly keyStates: KeyKnowledge;
}

/** The plan with everything in its one order, whatever order the parts came in. */
export function assemblePlan(parts: PlanParts): Plan {
  const { base, shard, notDue, limits, keyStates } = parts;
  const groups = [...parts.groups].sort((a, b) => compareText(a.id, b.id));
  const problems = new Map(parts.problems.map((one) => [`${one.path}\0${one.reason}`, one]));
  return {
    version: 1,
    base,
    digest: digestOfGroups(groups),
    shard,
    groups,
    notDue: { upToDate: notDue.upToDate, uncovered: notDue.uncovered, plain: notDue.plain },
    problems: [...problems].sort(([a], [b]) => compareText(a, b)).map(([, one]) => one),
    limits,
    keyStates,
  };
}

/** By UTF-16 units: the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
