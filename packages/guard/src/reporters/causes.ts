import { type Finding, SEVERITIES } from '../types.ts';

/** Findings that say the same of several places, as one: in most repositories one cause has many. */
export interface Cause extends Pick<Finding, 'severity' | 'ruleId' | 'message' | 'docsUrl'> {
  readonly findings: readonly Finding[];
}

/** Worst first, and else in the order of their first findings. */
export function causesOf(findings: readonly Finding[]): readonly Cause[] {
  const causes = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.severity, finding.ruleId, finding.message]);
    const same = causes.get(key);
    if (same === undefined) causes.set(key, [finding]);
    else same.push(finding);
  }
  const all = [...causes.values()].flatMap((same) => {
    const [first] = same;
    return first === undefined ? [] : [{ ...first, findings: same }];
  });
  const rank = ({ severity }: Cause) => SEVERITIES.indexOf(severity);
  return all.sort((a, b) => rank(a) - rank(b));
}

/** Every cause once, then what is left of each, worst first. */
export function variedFirst(findings: readonly Finding[]): readonly Finding[] {
  const causes = causesOf(findings);
  const firsts = causes.flatMap((cause) => cause.findings.slice(0, 1));
  return [...firsts, ...causes.flatMap((cause) => cause.findings.slice(1))];
}
