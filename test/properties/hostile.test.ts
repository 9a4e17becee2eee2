import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeWorkspace, RECIPIENT_1 } from '../support/workspace.ts';

const LEVELS = 100_000;
const MEGABYTES = 100;

function bomb(first: string, level: (name: string) => string): string {
  const names = Array.from({ length: 26 }, (_, i) => String.fromCharCode(97 + i));
  const rest = names.slice(1).map((name, i) => `${name}: &${name} ${level(names[i] ?? 'a')}\n`);
  return `a: &a ${first}\n${rest.join('')}`;
}

const metadata = 'sops_mac=x\nsops_version=3.9.0\nsops_lastmodified=2020-01-01T00:00:00Z\n';
const REFUSED: readonly (readonly [what: string, file: string, text: () => string])[] = [
  ['deep JSON lists', 'f.json', () => `{"a":${'['.repeat(LEVELS)}${']'.repeat(LEVELS)}}`],
  ['deep JSON maps', 'f.json', () => `${'{"a":'.repeat(LEVELS)}1${'}'.repeat(LEVELS)}`],
  ['deep flow lists', 'f.yaml', () => `a: ${'['.repeat(LEVELS)}${']'.repeat(LEVELS)}\n`],
  ['deep flow maps', 'f.yaml', () => `a: ${'{b: '.repeat(LEVELS)}1${'}'.repeat(LEVELS)}\n`],
  ['deep block lists', 'f.yaml', () => `a:\n  ${'- '.repeat(LEVELS)}x\n`],
  ['unclosed lists', 'f.yaml', () => `a: ${'['.repeat(LEVELS)}`],
  ['deep metadata', 'f.env', () => `sops_${'__list_0'.repeat(LEVELS)}=1\nA=1\n`],
  ['a far list element', 'f.env', () => `A=1\nsops_age__list_999999999__map_enc=x\n${metadata}`],
  ['a list bomb', 'f.yaml', () => bomb('[x, x]', (name) => `[${`*${name}, `.repeat(9)}x]`)],
  ['a map bomb', 'f.yaml', () => bomb('{x: 1}', (name) => `{m: *${name}, n: *${name}}`)],
  ['a node inside itself', 'f.yaml', () => 'a: &a [*a]\n'],
];

const FIRM = /\[ERR_[A-Z0-9_]+\]/;

describe('the command', () => {
  it.each(REFUSED)('refuses %s in %s with a clear error', (_, file, text) => {
    const w = makeWorkspace();
    const content = text();
    w.write(file, content);
    for (const args of [
      ['encrypt', '-i', '--age', RECIPIENT_1, file],
      ['decrypt', '-i', file],
    ]) {
      const outcome = w.tidelock(args);
      expect([1, 2]).toContain(outcome.status);
      expect(outcome.stderr).toMatch(FIRM);
      expect(outcome.stderr.length).toBeLessThan(1000);
    }
    expect(w.read(file) === content).toBe(true);
  });

  it.each([
    ['f.yaml', (i: number) => `key${i}: value\n`],
    ['f.json', (i: number) => `${i === 0 ? '{' : ','}"key${i}": "value"\n`],
    ['f.env', (i: number) => `KEY${i}=value\n`],
    ['f.ini', (i: number) => `key${i} = value\n`],
    ['f.bin', (i: number) => `\0${i}\n`],
  ] as const)(`survives ${MEGABYTES} MB of %s`, (file, line) => {
    const w = makeWorkspace();
    const part = Array.from({ length: 50_000 }, (_, i) => line(i)).join('');
    const times = Math.ceil((MEGABYTES << 20) / part.length);
    w.write(file, Buffer.from(part.repeat(times)));
    const outcome = w.tidelock(['encrypt', '--output', 'out', '--age', RECIPIENT_1, file]);
    if (file === 'f.bin') expect(outcome.status).toBe(0);
    else expect(outcome.stderr).toMatch(FIRM);
    expect(outcome.stderr).not.toMatch(/heap|FATAL|RangeError/);
  });

  it.each(['yaml', 'json', 'env', 'ini', 'bin'])('survives random bytes in .%s', (extension) => {
    const w = makeWorkspace();
    const file = `f.${extension}`;
    for (let i = 0; i < 4; i++) {
      const bytes = randomBytes(2000);
      w.write(file, i % 2 === 0 ? bytes : bytes.map((byte) => byte & 0x7f));
      for (const args of [
        ['decrypt', file],
        ['encrypt', '--age', RECIPIENT_1, file],
      ]) {
        const outcome = w.tidelock(args);
        if (outcome.status !== 0) expect(outcome.stderr).toMatch(FIRM);
      }
    }
  });

  it.each([
    ['f.yaml', '__proto__: {x: 1}\nconstructor: c\n"10": a\n"2": b\ntoString: {__proto__: y}\n'],
    ['f.json', '{"__proto__": {"x": 1}, "constructor": "c", "10": "a", "2": "b"}'],
    ['f.env', '__proto__=1\nconstructor=2\n10=a\n2=b\n'],
    ['f.ini', '[__proto__]\n__proto__=1\nconstructor=2\n10=a\n2=b\n[constructor]\na=1\n'],
  ])('treats __proto__, constructor and numbers as any key in %s', (file, text) => {
    const w = makeWorkspace();
    w.write(file, text);
    expect(w.tidelock(['encrypt', '-i', '--age', RECIPIENT_1, file]).status).toBe(0);
    const path = file === 'f.ini' ? '["__proto__"]["constructor"]' : '["constructor"]';
    expect(w.tidelock(['set', file, path, '"new"']).status).toBe(0);
    expect(w.tidelock(['decrypt', '-i', file]).status).toBe(0);
    expect(w.read(file)).toBe(
      text.replace(/(constructor"?[=:] ?"?)[c2]/, (_, head: string) => `${head}new`),
    );
  });
});
