import { expect, it } from 'vitest';
import { isKnownName, namesOf } from '../../src/foreign/gitleaks-names.ts';
import { CONTENT_RULES } from '../../src/rules/index.ts';
import { TOKEN_KINDS } from '../../src/tokens/kinds.ts';

it('every kind has its own name, and most of the usual ones that of gitleaks too', () => {
  const names = TOKEN_KINDS.map(({ id }) => namesOf('plaintext/token', id));
  for (const [i, { id }] of TOKEN_KINDS.entries()) expect(names[i]).toContain(id);
  expect(new Set(names.flat().filter((name) => !TOKEN_KINDS.some(({ id }) => id === name))).size)
    // Each name of gitleaks is reached, so each stands for kinds that there are.
    .toBeGreaterThan(60);
  for (const name of names.flat()) expect(isKnownName(name)).toBe(true);
});

it('other names mean nothing', () => {
  for (const name of ['', 'constructor', '__proto__', 'kubernetes-secret-yaml']) {
    expect(isKnownName(name)).toBe(false);
  }
  expect(namesOf(CONTENT_RULES[0]?.id ?? '', undefined)).toEqual([]);
});
