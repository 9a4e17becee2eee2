import {
  applyComments,
  ownWords,
  type Source,
  say,
  suppressionsOf,
  type Valued,
  type Verdict,
} from '@tidelock/guard';
import type { BaseFindings } from './base-findings.ts';

/**
 * Takes away what comments silence that were on the base, and what the base already had. A comment
 * that the change brings silences nothing new.
 */
export function silencedAtBase(
  found: readonly Valued[],
  sources: readonly Source[],
  base: BaseFindings,
): ReturnType<typeof applyComments> {
  const findings = found.map(({ finding }) => finding);
  const values = new Map(found.map(({ finding, value }) => [finding, value]));
  const { suppressed } = applyComments(findings, sources);
  const honoured = suppressed.filter(({ finding }) => {
    const one = { finding, value: values.get(finding) };
    return base.silenced(one) || base.had(one);
  });
  const quiet = new Set(honoured.map(({ finding }) => finding));
  return { kept: findings.filter((finding) => !quiet.has(finding)), suppressed: honoured };
}

/** Every comment of a changed file that its version on the base does not have. */
export function* freshComments(
  sources: readonly Source[],
  earlier: ReadonlyMap<string, Source>,
): Iterable<Verdict> {
  for (const source of sources) {
    const before = earlier.get(source.path);
    const known = new Set(before === undefined ? [] : suppressionsOf(before).map(textIn(before)));
    const lines = new Set<number>();
    for (const one of suppressionsOf(source)) {
      if (known.has(textIn(source)(one)) || lines.has(one.line)) continue;
      lines.add(one.line);
      const what = one.rule === null ? say`what it stands at` : ownWords(one.rule);
      yield {
        ruleId: 'policy/suppressed',
        source,
        span: source.lines.lineSpan(one.line),
        message: say`this change adds a comment that silences ${what}: it counts once it is on the base`,
        hint: say`Have the suppression reviewed on its own`,
      };
    }
  }
}

const textIn =
  (source: Source) =>
  ({ line }: { readonly line: number }) =>
    source.lines.line(line).trim();
