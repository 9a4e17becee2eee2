import { type RuleDescription, ruleCatalogue } from '../catalogue.ts';
import { docsUrl } from '../docs-url.ts';
import type { Finding, Report, Reporter } from '../types.ts';
import { escapeControls, escapeUriPath } from './escape.ts';

/** What GitHub takes in one file; it shows the first 5,000 by severity. */
const MOST_RESULTS = 25_000;

export interface SarifOptions {
  readonly version: string;
}

/** SARIF 2.1.0: each rule an entry with its help, fingerprints that survive moved lines. */
export function sarifReporter({ version }: SarifOptions): Reporter {
  return {
    format: 'sarif',
    report(report) {
      const rules = rulesOf(report);
      const index = new Map(rules.map(({ id }, i) => [id, i]));
      const log = {
        $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
        version: '2.1.0',
        runs: [
          {
            tool: {
              driver: {
                name: 'tidelock',
                semanticVersion: version,
                informationUri: docsUrl(''),
                rules,
              },
            },
            columnKind: 'utf16CodeUnits',
            originalUriBaseIds: {
              SRCROOT: { description: { text: 'The root of the repository' } },
            },
            results: mostSevereFirst(report.findings).map((finding) => toResult(finding, index)),
            invocations: [
              {
                executionSuccessful: true,
                toolExecutionNotifications: report.files.notExamined.map(({ path, reason }) => ({
                  level: 'warning',
                  message: { text: `not examined: ${reason}` },
                  locations: [{ physicalLocation: { artifactLocation: artifact(path) } }],
                })),
              },
            ],
          },
        ],
      };
      return `${JSON.stringify(log, null, 2)}\n`;
    },
  };
}

/** The rules that ran, and any other that a finding is of. */
function rulesOf({ rules, findings }: Report) {
  const ran = new Map(rules.map((rule) => [rule.id, rule]));
  for (const { ruleId } of findings) {
    const other = ran.has(ruleId) ? undefined : ruleCatalogue().get(ruleId);
    if (other !== undefined) ran.set(ruleId, other);
  }
  return Array.from(ran.values(), describe);
}

function describe({ id, severity, title, docs }: RuleDescription) {
  return {
    id,
    name: pascalCase(id),
    shortDescription: { text: title },
    fullDescription: { text: docs.why },
    help: {
      text: `${docs.why}\n\n${docs.fix}`,
      markdown: `${docs.why}\n\n**What to do:** ${docs.fix}`,
    },
    helpUri: docsUrl(id),
    defaultConfiguration: { level: severity },
    properties: { tags: ['security', 'secrets'], 'security-severity': SCORES[severity] },
  };
}

const SCORES = { error: '9.0', warning: '5.0', note: '1.0' } as const;
const RANKS = { error: 0, warning: 1, note: 2 } as const;

function pascalCase(id: string): string {
  return id.replace(/(?:^|[^A-Za-z0-9]+)([a-z])/g, (_, first: string) => first.toUpperCase());
}

function mostSevereFirst(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= MOST_RESULTS) return findings;
  return [...findings].sort((a, b) => RANKS[a.severity] - RANKS[b.severity]).slice(0, MOST_RESULTS);
}

function toResult(finding: Finding, index: ReadonlyMap<string, number>) {
  const { ruleId, severity, path, range, message, hint, fingerprint } = finding;
  return {
    ruleId,
    ruleIndex: index.get(ruleId) ?? -1,
    level: severity,
    message: { text: escapeControls(`${message}. ${hint}`) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: artifact(path),
          ...(range === null ? {} : { region: range }),
        },
      },
    ],
    partialFingerprints: { 'tidelock/v1': fingerprint },
  };
}

function artifact(path: string) {
  return { uri: escapeUriPath(path), uriBaseId: 'SRCROOT' };
}
