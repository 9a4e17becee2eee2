import { describe, expect, it } from 'vitest';
import type { MapNode } from '../../src/document/document.ts';
import { openDocument } from '../../src/operations/opened-document.ts';
import { DATA_KEYS, dataKeyOf, hasVector, loadVector } from './vectors.ts';

/** Files that the vectors were made of, where no `.dec` file of the same format is there. */
const DECRYPTED: Readonly<Record<string, string>> = {
  'types.enc.json': 'types.fromjson.dec.yaml',
  'listcomment.sops-3.11.0.enc.yaml': 'listcomment.dec.yaml',
};

/**
 * What is compared: all but places, the inline flag, which sops loses, and whether a number is an
 * int, since sops writes the float 1.0 as 1.
 */
function shape(branches: readonly MapNode[]): unknown {
  return JSON.parse(
    JSON.stringify(branches, (key, value: unknown) => {
      if (key === 'syntax' || key === 'inline') return undefined;
      if (value === 'int' || value === 'float') return 'number';
      if (typeof value === 'bigint') return Number(value);
      if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
      return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
    }),
  );
}

function decName(name: string): string {
  return DECRYPTED[name] ?? name.replace('.enc.', '.dec.');
}

describe('the vectors of the real sops', () => {
  const names = Object.keys(DATA_KEYS).filter((name) => DATA_KEYS[name]?.length !== 0);
  it('are all there', () => {
    expect(names.length).toBeGreaterThan(25);
  });

  it.each(names)('%s opens, and its MAC is right', (name) => {
    const warnings: string[] = [];
    const opened = openDocument(loadVector(name), dataKeyOf(name), {
      onWarning: (warning) => warnings.push(warning.message),
    });
    expect(opened.document.block).toBeNull();
    expect(warnings).toEqual([]);
  });

  it.each(names.filter((name) => hasVector(decName(name))))('%s equals its .dec file', (name) => {
    const opened = openDocument(loadVector(name), dataKeyOf(name));
    const expected = loadVector(decName(name), { plain: true });
    expect(shape(opened.document.branches)).toEqual(shape(expected.branches));
  });
});
