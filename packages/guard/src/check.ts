import { docsUrl } from './docs-url.ts';
import { LARGEST_FILE } from './examined.ts';
import { fingerprint, type Identity, identityKey, lineShape } from './fingerprint.ts';
import { frameOf } from './frame.ts';
import { treePathText } from './mask.ts';
import { compareFindings } from './order.ts';
import type { Source } from './source.ts';
import { mergeSpans, touches, within } from './spans.ts';
import type { Finding, Problem, Rule, RuleContext, TextSpan } from './types.ts';

export interface CheckOptions {
  /** Unknown (nothing is expired) when not given. */
  readonly now?: Date;
  /** Bytes beyond which a file is not looked into; LARGEST_FILE when not given. */
  readonly largestFile?: number;
  readonly mustBeEncrypted?: RuleContext['mustBeEncrypted'];
  /**
   * Told each finding with the value it is about (undefined where there is none): for a baseline
   * that must notice a changed value. The value goes nowhere else.
   */
  readonly onValue?: (finding: Finding, value: string | undefined) => void;
}

interface Reported {
  readonly rule: Rule;
  readonly source: Source;
  readonly problem: Problem;
}

/**
 * Judges the sources by the rules. Pure: the same input gives the same findings in the same order,
 * whatever the order of sources and rules.
 */
export function check(
  sources: readonly Source[],
  rules: readonly Rule[],
  options: CheckOptions = {},
): Finding[] {
  const context: RuleContext = {
    now: options.now ?? null,
    largestFile: options.largestFile ?? LARGEST_FILE,
    mustBeEncrypted: options.mustBeEncrypted ?? (() => null),
  };
  const ordered = [...sources].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const bySource = groupBySource(runRules(ordered, rules, context));
  const findings: Finding[] = [];
  for (const [source, reported] of bySource) {
    for (const { finding, value } of toFindings(source, reported)) {
      findings.push(finding);
      options.onValue?.(finding, value);
    }
  }
  return findings.sort(compareFindings);
}

function* runRules(
  sources: readonly Source[],
  rules: readonly Rule[],
  context: RuleContext,
): Iterable<Reported> {
  for (const rule of rules) {
    if ('checkAll' in rule) {
      for (const problem of rule.checkAll(sources, context)) {
        yield { rule, source: problem.source, problem };
      }
      continue;
    }
    for (const source of sources) {
      for (const problem of rule.check(source, context)) yield { rule, source, problem };
    }
  }
}

function groupBySource(reported: Iterable<Reported>): Map<Source, Reported[]> {
  const groups = new Map<Source, Reported[]>();
  for (const one of reported) {
    const group = groups.get(one.source);
    if (group === undefined) groups.set(one.source, [one]);
    else group.push(one);
  }
  return groups;
}

/** In source order, so that ordinals among equals do not depend on the order of rules. */
function toFindings(
  source: Source,
  reported: readonly Reported[],
): { finding: Finding; value: string | undefined }[] {
  const ordered = [...withoutEchoes(reported)].sort(
    (a, b) =>
      (a.problem.span?.start ?? -1) - (b.problem.span?.start ?? -1) ||
      (a.problem.span?.end ?? -1) - (b.problem.span?.end ?? -1) ||
      (a.rule.id < b.rule.id ? -1 : a.rule.id > b.rule.id ? 1 : 0),
  );
  const shapes = new LineShapes(source, ordered);
  const counts = new Map<string, number>();
  return ordered.map(({ rule, problem }) => {
    const identity: Identity = {
      ruleId: rule.id,
      path: source.path,
      place: problem.treePath ?? (problem.span === null ? null : shapes.of(problem.span)),
    };
    const key = identityKey(identity);
    const ordinal = counts.get(key) ?? 0;
    counts.set(key, ordinal + 1);
    return {
      finding: toFinding({ rule, source, problem }, fingerprint(identity, ordinal)),
      value: problem.value,
    };
  });
}

/**
 * Leaves out what a rule that yields says about text that another rule reports: a plaintext rule, or
 * one about deployment, which knows better where the value goes. A name says less than a table that
 * knows the whole value for an identifier, or for public.
 */
function withoutEchoes(reported: readonly Reported[]): readonly Reported[] {
  if (!reported.some(({ rule }) => rule.yields)) return reported;
  const harmless = spansOf(reported, ({ rule, problem }) => {
    return rule.yields !== true && problem.severity === 'note';
  });
  const first = withoutCovered(reported, saysSecret).filter(
    ({ rule, problem: { span } }) => !rule.yields || span === null || !within(harmless, span),
  );
  const isDeploy = ({ rule }: Reported) => rule.id.startsWith('deploy/');
  const held = first.filter(isDeploy);
  const rest = first.filter((one) => !isDeploy(one));
  return [
    ...held,
    ...withoutCovered([...rest, ...held], isValueError).filter((one) => !isDeploy(one)),
  ];
}

function saysSecret({ rule, problem }: Reported): boolean {
  const says = rule.id.startsWith('plaintext/') && problem.severity !== 'note';
  return says && rule.yields !== true;
}

/** A finding about a value, that blocks. */
function isValueError({ rule, problem }: Reported): boolean {
  const isError = (problem.severity ?? rule.severity) === 'error';
  return rule.id.startsWith('deploy/') && problem.value !== undefined && isError;
}

/** Without what yields where something else is said. */
function withoutCovered(
  reported: readonly Reported[],
  covers: (one: Reported) => boolean,
): readonly Reported[] {
  const covered = spansOf(reported, covers);
  return reported.filter(
    ({ rule, problem }) => !rule.yields || problem.span === null || !touches(covered, problem.span),
  );
}

function spansOf(
  reported: readonly Reported[],
  counts: (one: Reported) => boolean,
): readonly TextSpan[] {
  const spans = reported
    .filter(counts)
    .flatMap(({ problem }) => (problem.span === null ? [] : [problem.span]));
  return mergeSpans(spans.sort((a, b) => a.start - b.start));
}

function toFinding({ rule, source, problem }: Reported, print: string): Finding {
  const { span, treePath, kind } = problem;
  return {
    ruleId: rule.id,
    severity: problem.severity ?? rule.severity,
    path: source.path,
    range: span === null ? null : source.lines.rangeOf(span),
    message: problem.message,
    hint: problem.hint,
    docsUrl: docsUrl(rule.id),
    fingerprint: print,
    ...(treePath === undefined ? {} : { treePath: treePathText(treePath) }),
    ...(kind === undefined ? {} : { kind }),
    ...(span === null ? {} : frameOf(source, span)),
  };
}

/** The lines of a source with every reported value taken out. */
class LineShapes {
  readonly #source: Source;
  readonly #spans: readonly TextSpan[];
  readonly #shapes = new Map<number, string>();

  constructor(source: Source, reported: readonly Reported[]) {
    this.#source = source;
    this.#spans = reported.flatMap(({ problem }) => (problem.span === null ? [] : [problem.span]));
  }

  of(span: TextSpan): string {
    const line = this.#source.lines.lineAt(span.start);
    const known = this.#shapes.get(line);
    if (known !== undefined) return known;
    const bounds = this.#source.lines.lineSpan(line);
    const inside = this.#spansFrom(bounds);
    const text = this.#source.lines.line(line);
    const shape = lineShape(text, inside);
    this.#shapes.set(line, shape);
    return shape;
  }

  /** Spans are in order of their start: those of one line are found by bisection. */
  #spansFrom(bounds: TextSpan): TextSpan[] {
    let low = 0;
    let high = this.#spans.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#spans[middle]?.start ?? 0) < bounds.start) low = middle + 1;
      else high = middle;
    }
    const inside: TextSpan[] = [];
    for (let i = low; i < this.#spans.length; i++) {
      const span = this.#spans[i];
      if (span === undefined || span.start > bounds.end) break;
      inside.push({
        start: span.start - bounds.start,
        end: Math.min(span.end, bounds.end) - bounds.start,
      });
    }
    return inside;
  }
}
