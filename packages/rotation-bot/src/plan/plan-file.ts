import {
  DEFAULT_SELECTION,
  type Document,
  formatOf,
  type Metadata,
  type Selection,
  storeFor,
  TidelockError,
} from '@tidelock/core';
import {
  type GoverningRule,
  type SopsView,
  type Source,
  treePathText,
  wholeView,
} from '@tidelock/guard';
import { actionsFor, exposes } from './actions.ts';
import { ageReasons } from './age-reasons.ts';
import { keyReasons } from './key-reasons.ts';
import { encryptedValues, selectionChange } from './leaf-lists.ts';
import type { PlannedFile, PlanProblem, Reason } from './plan.ts';
import type { PlanContext } from './plan-context.ts';
import { accessOf, plannedKey } from './planned-key.ts';
import { wantedAccess } from './wanted-access.ts';

/** What planning makes of one file of the tree. */
export interface FileOutcome {
  readonly state: 'plain' | 'uncovered' | 'up-to-date' | 'problem' | 'due';
  /** Set when it is due. */
  readonly file: PlannedFile | null;
  readonly rule: GoverningRule | null;
  readonly problems: readonly PlanProblem[];
}

/**
 * Whether a file is due, and why. Pure.
 * @throws TidelockError ERR_CONFIG when the `.sops.yaml` that governs an encrypted file has a mistake
 */
export function planFile(source: Source, context: PlanContext): FileOutcome {
  const view = wholeView(source);
  if (view === null || view.block === null) return outcome('plain');
  const problem = (reason: string) =>
    outcome('problem', { problems: [{ path: source.path, reason }] });
  if (view.metadata === null)
    return problem(`its sops block cannot be read (${view.error?.message ?? 'incomplete'})`);
  requireSoundConfig(source.path, context);
  const governing = context.creation.ruleFor(source.path);
  const parsed = documentOf(source, view);
  if (parsed === null) return problem('it cannot be read in the format that its name says');
  const wanted = wantedAccess(source.path, view.metadata, { governing, context });
  if (typeof wanted === 'string') return problem(wanted);
  return judge({ source, document: parsed, metadata: view.metadata, governing, wanted, context });
}

function outcome(state: FileOutcome['state'], rest: Partial<FileOutcome> = {}): FileOutcome {
  return { state, file: null, rule: null, problems: [], ...rest };
}

/** A rule that is left out for its mistake would hand its files to the next one. */
function requireSoundConfig(path: string, { creation }: PlanContext): void {
  const config = creation.configFor(path);
  const problem = config?.problems[0];
  if (config === null || problem === undefined) return;
  throw new TidelockError('ERR_CONFIG', problem.message, {
    path: config.path,
    position: problem.position,
    ...(problem.hint === undefined ? {} : { hint: problem.hint }),
  });
}

/** By its name as sops reads it, else as what it shows itself to be. */
function documentOf({ path, bytes }: Source, seen: SopsView): Document | null {
  const named = formatOf(path);
  if (named !== seen.format) {
    try {
      const document = storeFor(named).parse(bytes);
      if (document.block !== null) return document;
    } catch (error) {
      if (!(error instanceof TidelockError)) throw error;
    }
  }
  return seen.document?.block == null ? null : seen.document;
}

interface Judged {
  readonly source: Source;
  readonly document: Document;
  readonly metadata: Metadata;
  readonly governing: GoverningRule | null;
  readonly wanted: Exclude<ReturnType<typeof wantedAccess>, string>;
  readonly context: PlanContext;
}

function judge(judged: Judged): FileOutcome {
  const { source, document, metadata, governing, wanted, context } = judged;
  const { path } = source;
  const history = context.historyOf(path);
  const selection = judgeSelection(judged);
  const ages = ageReasons(path, { governing, history, context });
  const reasons = sortReasons([
    ...keyReasons({ metadata, wanted, history, context }),
    ...selection.reasons,
    ...ages.reasons,
  ]);
  const problems = [...selection.problems, ...ages.problems].map((reason) => ({ path, reason }));
  if (reasons.length === 0) {
    if (problems.length > 0) return outcome('problem', { problems });
    const isCovered = governing !== null || (context.access?.rulesFor(path).length ?? 0) > 0;
    return outcome(isCovered ? 'up-to-date' : 'uncovered');
  }
  const before = accessOf(metadata, context.access);
  const exposed = reasons.some(exposes) ? encryptedValues(document) : [];
  const file: PlannedFile = {
    path,
    format: document.format,
    mode: source.mode === '100755' ? '100755' : '100644',
    reasons,
    actions: actionsFor(reasons),
    before,
    after: {
      keyGroups: wanted.groups.map(({ keys }) =>
        keys.map((key) => plannedKey(key, context.access)),
      ),
      threshold: wanted.threshold,
      selection: selection.after?.selection ?? metadata.selection,
      macOnlyEncrypted: selection.after?.macOnlyEncrypted ?? metadata.macOnlyEncrypted,
    },
    valuesToChange: [...new Set([...exposed, ...selection.gained].map(treePathText))],
  };
  return outcome('due', { file, rule: governing, problems });
}

interface JudgedSelection {
  readonly reasons: readonly Reason[];
  readonly problems: readonly string[];
  readonly gained: ReturnType<typeof selectionChange>['gained'];
  /** null: it stays. */
  readonly after: { readonly selection: Selection; readonly macOnlyEncrypted: boolean } | null;
}

const SAME: JudgedSelection = { reasons: [], problems: [], gained: [], after: null };

/** A rule that would bring values into the open is never followed: that takes a person. */
function judgeSelection({ document, metadata, governing }: Judged): JudgedSelection {
  if (governing === null || document.format === 'binary') return SAME;
  const wanted = governing.rule.selection ?? DEFAULT_SELECTION;
  const have = metadata.selection ?? DEFAULT_SELECTION;
  const macOnlyEncrypted = governing.rule.macOnlyEncrypted === true;
  const sameRule = wanted.rule === have.rule && wanted.value === have.value;
  if (sameRule && macOnlyEncrypted === metadata.macOnlyEncrypted) return SAME;
  const { gained, lost } = selectionChange(document, wanted);
  if (lost > 0) {
    const values = lost === 1 ? '1 value' : `${lost} values`;
    const problem = `its creation rule would leave ${values} plain that ${lost === 1 ? 'is' : 'are'} encrypted now: decrypt the file and encrypt it again by hand if that is meant`;
    return { ...SAME, problems: [problem] };
  }
  const text = sameRule
    ? `mac_only_encrypted becomes ${macOnlyEncrypted}`
    : `${wanted.rule} ${JSON.stringify(wanted.value.slice(0, 100))} decides what is encrypted`;
  const reasons: readonly Reason[] = [{ kind: 'selection', text }];
  return { reasons, problems: [], gained, after: { selection: wanted, macOnlyEncrypted } };
}

function sortReasons(reasons: readonly Reason[]): readonly Reason[] {
  const texts = new Map(reasons.map((reason) => [`${reason.kind} ${reason.text}`, reason]));
  return [...texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, reason]) => reason);
}
