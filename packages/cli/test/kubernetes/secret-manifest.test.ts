import { describe, expect, it } from 'vitest';
import { manifestBytes } from '../../src/kubernetes/secret-manifest.ts';

const secret = { name: 'db', namespace: null, type: 'Opaque', values: new Map() };
const textOf = (isImmutable?: boolean) =>
  Buffer.from(
    manifestBytes({ ...secret, ...(isImmutable === undefined ? {} : { isImmutable }) }, 'yaml'),
  ).toString();

describe('a manifest', () => {
  it('says that it is immutable where it is, and nothing where it is not', () => {
    expect(textOf(true)).toContain('immutable: true\n');
    expect(textOf(false)).toBe(textOf());
    expect(textOf()).not.toContain('immutable');
  });
});
