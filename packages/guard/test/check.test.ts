import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check } from '../src/check.ts';
import { notExamined } from '../src/examined.ts';
import { ownWords } from '../src/mask.ts';
import { indexRules } from '../src/registry.ts';
import { CONTENT_RULES } from '../src/rules/index.ts';
import { Source } from '../src/source.ts';

const source = (path: string, text: string) => new Source(path, Buffer.from(text));

it('rules have ids of the known families, each its own', () => {
  expect(indexRules(CONTENT_RULES).size).toBe(CONTENT_RULES.length);
  for (const { id } of CONTENT_RULES)
    expect(id).toMatch(/^(?:plaintext|broken|deploy|examined)\/[a-z-]+$/);
});

it('the order of sources and rules changes nothing', () => {
  const sources = [
    source('b.yaml', 'password: Tr0ub4dor&3\n'),
    source(
      'a.yaml',
      'kind: Secret\napiVersion: v1\nstringData: {password: Tr0ub4dor&3, token: "9f8e7d6c5b4a"}\n',
    ),
  ];
  const findings = check(sources, CONTENT_RULES);
  expect(findings.length).toBeGreaterThanOrEqual(3);
  expect(check([...sources].reverse(), [...CONTENT_RULES].reverse())).toEqual(findings);
});

it('ranges are 1-based with an exclusive end', () => {
  const [finding] = check([source('a.env', 'A=1\nPASSWORD=Tr0ub4dor&3\n')], CONTENT_RULES);
  expect(finding?.range).toEqual({ startLine: 2, startColumn: 10, endLine: 2, endColumn: 21 });
});

it('a fingerprint stays when lines move, and differs for a second finding like the first', () => {
  const prints = (text: string) =>
    check([source('a.env', text)], CONTENT_RULES).map((f) => f.fingerprint);
  const [one] = prints('PASSWORD=Tr0ub4dor&3\n');
  expect(prints('# x\n\nPASSWORD=Tr0ub4dor&3\n')).toEqual([one]);
  expect(prints('PASSWORD=0ther&4value\n')).toEqual([one]);
  expect(new Set(prints('PASSWORD=Tr0ub4dor&3\nPASSWORD=Tr0ub4dor&3\n')).size).toBe(2);
});

it('any bytes: no crash', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom('a', 'a.yaml', 'a.json', '.env', 'a.md'),
      (bytes, path) => {
        check([new Source(path, bytes)], CONTENT_RULES);
      },
    ),
    { numRuns: 300 },
  );
});

it('any text made of what files are made of: no crash', () => {
  const pieces = [
    'kind: Secret\n',
    'sops:\n',
    '  mac: ',
    'ENC[AES256_GCM,data:',
    ',iv:',
    'data:\n',
    '  a: ',
    '{',
    '}',
    '"',
    '---\n',
    'password',
    ': ',
    '=',
    '\n',
    '- ',
    '&a ',
    '*a',
    '|\n',
    '-----BEGIN ',
    'PRIVATE KEY-----',
    '://',
    '@',
    'ghp_',
    '{{',
    '}}',
    '#',
    '[sops]\n',
    'sops_mac=',
    'lastmodified: x\n',
    '<<<<<<<',
    '\t',
    '\u0000',
    'é',
  ];
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...pieces), { maxLength: 60 }),
      fc.constantFrom('a', 'a.yaml', 'a.json', '.env', 'a.md'),
      (parts, path) => {
        check([source(path, parts.join(''))], CONTENT_RULES);
      },
    ),
    { numRuns: 500 },
  );
});

describe('what is not examined', () => {
  const png = new Source('a.png', Buffer.from([0x89, 0x50, 0, 0, 1, 2, 3, 0]));
  it.each([
    [png, 'binary'],
    [
      source('a.bin', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n'),
      'lfs-pointer',
    ],
    [new Source('a', Buffer.from('/etc/passwd'), { mode: '120000' }), 'symlink'],
    [new Source('a', Buffer.alloc(0), { mode: '160000' }), 'submodule'],
    [new Source('a', Buffer.alloc(11 * 1024 * 1024, 97)), 'too-large'],
    [source('a.yaml', '{{- if .x }}\na: {{ .y }}\n{{ end }}\n'), 'template'],
    [source('a.yaml', 'a: b\n'), null],
  ] as const)('%# is %s', (file, reason) => {
    expect(notExamined(file)).toBe(reason);
  });

  it('is an error only where something says it is encrypted', () => {
    const mustBeEncrypted = () => ownWords('rule 1 of .sops.yaml');
    expect(check([png], CONTENT_RULES)).toEqual([]);
    expect(check([png], CONTENT_RULES, { mustBeEncrypted })).toMatchObject([
      { ruleId: 'examined/not-examined', kind: 'binary', range: null },
    ]);
    expect(check([source('a.yaml', 'a: b')], CONTENT_RULES, { mustBeEncrypted })).toMatchObject([
      { ruleId: 'plaintext/not-encrypted' },
    ]);
  });
});
