import { describe, expect, it } from 'vitest';
import { check } from '../../src/check.ts';
import { CONTENT_RULES } from '../../src/rules/index.ts';
import { Source } from '../../src/source.ts';
import { applyAllowEntries, isExpired } from '../../src/suppress/allow-entries.ts';
import { applyComments } from '../../src/suppress/apply.ts';
import {
  formatBaseline,
  isBaselined,
  makeBaseline,
  parseBaseline,
  type Valued,
} from '../../src/suppress/baseline.ts';
import { globToRegExp } from '../../src/suppress/glob.ts';
import { TOKEN_KINDS } from '../../src/tokens/kinds.ts';
import { generateToken } from '../tokens/generate.ts';
import { Random } from '../tokens/random.ts';

const [kind] = TOKEN_KINDS;
if (kind === undefined) throw new Error('no kinds');
const token = (seed: number) => generateToken(kind, new Random(seed));

function scan(text: string, path = 'a.yaml'): Valued[] {
  const valued: Valued[] = [];
  check([new Source(path, Buffer.from(text))], CONTENT_RULES, {
    onValue: (finding, value) => valued.push({ finding, value }),
  });
  return valued;
}

function left(text: string, path?: string): string[] {
  const source = new Source(path ?? 'a.yaml', Buffer.from(text));
  return applyComments(check([source], CONTENT_RULES), [source]).kept.map(({ ruleId }) => ruleId);
}

describe('comments', () => {
  it.each([
    [`a: ${token(1)} # tidelock:allow plaintext/token -- a fake one`],
    [`# tidelock:allow plaintext/token -- a fake one\na: ${token(1)}`],
    [`a: ${token(1)} # gitleaks:allow`],
    [`a: ${token(1)} # pragma: allowlist secret`],
    [`# pragma: allowlist nextline secret\na: ${token(1)}`],
    [`a: ${token(1)} # secretlint-disable-line`],
    [`# secretlint-disable-next-line\na: ${token(1)}`],
    [`# secretlint-disable\nb: 1\na: ${token(1)}\n# secretlint-enable`],
  ])('silence %#', (text) => {
    expect(left(text)).toEqual([]);
  });

  it.each([
    ['no reason', `a: ${token(1)} # tidelock:allow plaintext/token`],
    ['another rule', `a: ${token(1)} # tidelock:allow plaintext/private-key -- no`],
    ['in a value', `a: "${token(1)} gitleaks:allow"`],
    ['in a quoted hash', `a: "# gitleaks:allow ${token(1)}"`],
    ['another line', `# gitleaks:allow\nb: 1\na: ${token(1)}`],
    ['after enable', `# secretlint-disable\n# secretlint-enable\na: ${token(1)}`],
  ])('do not silence: %s', (_, text) => {
    expect(left(text)).toContain('plaintext/token');
  });

  it('of other tools silence no structure', () => {
    const text =
      'apiVersion: v1\nkind: Secret\nstringData:\n  password: zRt9!kwQ2x # gitleaks:allow\n';
    expect(left(text)).toContain('plaintext/kubernetes-secret');
  });
});

describe('the baseline', () => {
  const text = `a: ${token(1)}\npassword: Tr0ub4dor&3\n`;
  const baseline = parseBaseline(formatBaseline(makeBaseline(scan(text))), 'b.json');
  const fresh = (changed: string) =>
    scan(changed).filter((valued) => !isBaselined(baseline, valued));

  it('covers what was there, also when lines move', () => {
    expect(fresh(text)).toEqual([]);
    expect(fresh(`# new\n\nx: y\n${text}`)).toEqual([]);
  });

  it('does not cover a second token beside the first', () => {
    expect(fresh(`a: ${token(1)}\na: ${token(2)}\n`)).toHaveLength(1);
    expect(fresh(`a: ${token(1)} ${token(2)}\n`).length).toBeGreaterThan(0);
  });

  it('does not cover a changed value', () => {
    expect(fresh(`a: ${token(3)}\npassword: c0rrect-Horse\n`)).toHaveLength(2);
  });

  it('holds no value and no hash of one', () => {
    const written = formatBaseline(makeBaseline(scan(text)));
    expect(written).not.toContain(token(1).slice(4, 12));
    expect(written).not.toMatch(/line|time|[0-9a-f]{33}(?![^"]*"findings)/);
  });

  it.each([
    '',
    '[]',
    '{}',
    '{"version":1,"id":"x","findings":[]}',
    '{"version":1,"id":"00000000000000000000000000000000","findings":[{}]}',
  ])('refuses %j', (bad) => {
    expect(() => parseBaseline(bad, 'b.json')).toThrow(/baseline/);
  });
});

describe('allow entries', () => {
  const entry = {
    rule: 'plaintext/token',
    path: 'test/**',
    reason: 'fake',
    until: new Date('2027-06-30'),
  };
  const findings = check(
    [new Source('test/x/a.yaml', Buffer.from(`a: ${token(1)}`))],
    CONTENT_RULES,
  );

  it('hold until the end of their day', () => {
    expect(isExpired(entry, new Date('2027-06-30T23:59:59Z'))).toBe(false);
    expect(isExpired(entry, new Date('2027-07-01T00:00:00Z'))).toBe(true);
    expect(applyAllowEntries(findings, [entry], new Date('2027-01-01')).kept).toEqual([]);
    expect(applyAllowEntries(findings, [entry], new Date('2028-01-01')).kept).toEqual(findings);
  });

  it('that nothing needs are named', () => {
    const other = { ...entry, path: 'docs/**' };
    expect(applyAllowEntries(findings, [other], new Date('2027-01-01')).unused).toEqual([other]);
  });
});

it.each([
  ['**/*.yaml', 'a.yaml', true],
  ['**/*.yaml', 'x/y/a.yaml', true],
  ['*.yaml', 'x/a.yaml', false],
  ['clusters/prod/**', 'clusters/prod/a/b', true],
  ['a.{yaml,json}', 'a.json', true],
  ['a?b', 'a/b', false],
])('glob %s against %s', (glob, path, expected) => {
  expect(globToRegExp(glob).test(path)).toBe(expected);
});
