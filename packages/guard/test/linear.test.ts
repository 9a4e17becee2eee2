import { describe, expect, it } from 'vitest';
import { check } from '../src/check.ts';
import { CONTENT_RULES } from '../src/rules/index.ts';
import { Source } from '../src/source.ts';

/** Texts made to be slow, of about `n` characters. */
const WORST: Readonly<Record<string, readonly [string, (n: number) => string]>> = {
  'one long line': ['a.yaml', (n) => 'a'.repeat(n)],
  'base64 in one line': ['a.yaml', (n) => `k: ${'QUtJQUFCQ0RFRkdI'.repeat(n / 16)}`],
  'repeated prefixes': ['a.txt', (n) => 'ghp_sk-eyJxoxb-'.repeat(n / 15)],
  'keyword soup': ['a.env', (n) => 'password=secret token: key = '.repeat(n / 29)],
  'lines of keys': ['a.yaml', (n) => 'password: <x>\n'.repeat(n / 15)],
  'nested JSON': [
    'a.json',
    (n) => `${'{"kind":"Secret","a":'.repeat(400)}1${'}'.repeat(400)}${' '.repeat(n)}`,
  ],
  'unclosed JSON': ['a.json', (n) => '{"kind": "Secret", '.repeat(n / 19)],
  'many documents': [
    'a.yaml',
    (n) => 'kind: Secret\napiVersion: v1\ndata: {}\n---\n'.repeat(n / 42),
  ],
  'many addresses': ['a.md', (n) => 'x://a:b'.repeat(n / 7)],
  'many BEGINs': ['a.md', (n) => `-----BEGIN ${'PRIVATE'} KEY-----\n`.repeat(n / 28)],
  'unfinished tokens': ['a.yaml', (n) => 'a: ENC[AES256_GCM,data:\n'.repeat(n / 24)],
  'open quotes': ['a.yaml', (n) => "kind: Secret\na: '".repeat(n / 17)],
  anchors: [
    'a.yaml',
    (n) =>
      `kind: Secret\na0: &a0 [x]\n${Array.from({ length: n / 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]\n`).join('')}`,
  ],
  spaces: ['a.yaml', (n) => `password:${' '.repeat(n)}x`],
  authorization: ['a.md', (n) => 'authorization: '.repeat(n / 15)],
  curl: ['a.sh', (n) => 'curl '.repeat(n / 5)],
  'conflict marks': ['a.yaml', (n) => `ENC[AES256_GCM\n${'<<<<<<<'.repeat(n / 7)}`],
  'pairs of name and value': [
    'a.yaml',
    (n) => `a: [${'{value: x9f8e7d6c5, name: DB_PASSWORD}, '.repeat(n / 41)}]`,
  ],
  'JSON in one line': [
    'a.json',
    (n) => `[${'{"name":"DB_PASSWORD","value":"x9f8e7d6c5"},'.repeat(n / 44)}{}]`,
  ],
  arguments: ['a.sh', (n) => '--password x --token=y PGPASSWORD=z '.repeat(n / 36)],
  'XML elements': ['a.xml', (n) => `<a>${'<add value="x" key="password" '.repeat(n / 30)}`],
  'open heredocs': ['a.tfvars', (n) => 'password = <<E\n'.repeat(n / 15)],
  'open variables': ['a.tf', (n) => 'variable "password" { type = '.repeat(n / 29)],
  'keys of wallets': ['a.txt', (n) => `K${'z'.repeat(51)} `.repeat(n / 53)],
  'words for password': ['a.yaml', (n) => `password: ${'Passwort '.repeat(n / 9)}`],
  quotations: ['a.md', (n) => '> kind: Secret\n> data:\n>   a: b\n'.repeat(n / 33)],
  markers: ['a.yaml', (n) => '# gitleaks:allow\n'.repeat(n / 17)],
};

const cost = (path: string, text: string): number => {
  const bytes = Buffer.from(text);
  const times = [0, 1].map(() => {
    const started = process.cpuUsage();
    check([new Source(path, bytes)], CONTENT_RULES);
    const { user } = process.cpuUsage(started);
    return user;
  });
  return Math.min(...times);
};

describe('four times the text costs at most about four times as much', () => {
  it.each(Object.entries(WORST))('%s', (_, [path, make]) => {
    const small = cost(path, make(40_000));
    const large = cost(path, make(160_000));
    // Generous: a quadratic cost shows as 16 times, and other work runs beside this test.
    expect(large).toBeLessThan(small * 9 + 60_000);
  });
});
