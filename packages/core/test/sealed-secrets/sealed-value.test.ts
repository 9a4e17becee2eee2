import { generateKeyPairSync } from 'node:crypto';
import {
  openSealedValue,
  parseSealedValue,
  SEALED_SCOPES,
  type SealedPlace,
  type SealedValue,
  scopeOfAnnotations,
  sealValue,
} from '@tidelock/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const RUNS = 60;
const key = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });

const names = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,10}[a-z0-9])?$/);
const places: fc.Arbitrary<SealedPlace> = fc.record({
  scope: fc.constantFrom(...SEALED_SCOPES),
  namespace: names,
  name: names,
});
const plains = fc.uint8Array({ maxLength: 300 });

function sealed(place: SealedPlace, plain: Uint8Array): SealedValue {
  const value = parseSealedValue(sealValue(key.publicKey, place, plain));
  if (value === null) throw new Error('it is to be parsed');
  return value;
}

describe('a sealed value', () => {
  it('gives back any bytes in its place, in every scope', () => {
    fc.assert(
      fc.property(places, plains, (place, plain) => {
        const opened = openSealedValue(sealed(place, plain), place, key.privateKey);
        expect(opened === null ? null : Buffer.from(opened)).toEqual(Buffer.from(plain));
      }),
      { numRuns: RUNS },
    );
  });

  it('opens in no other place than its scope names', () => {
    fc.assert(
      fc.property(places, places, plains, (place, elsewhere, plain) => {
        const isSame = {
          strict: place.namespace === elsewhere.namespace && place.name === elsewhere.name,
          'namespace-wide': place.namespace === elsewhere.namespace,
          'cluster-wide': true,
        }[place.scope];
        const there = { ...elsewhere, scope: place.scope };
        const opened = openSealedValue(sealed(place, plain), there, key.privateKey);
        expect(opened !== null).toBe(isSame);
      }),
      { numRuns: RUNS },
    );
  });

  it('opens in no other scope', () => {
    fc.assert(
      fc.property(places, fc.constantFrom(...SEALED_SCOPES), plains, (place, scope, plain) => {
        const opened = openSealedValue(sealed(place, plain), { ...place, scope }, key.privateKey);
        expect(opened !== null).toBe(scope === place.scope);
      }),
      { numRuns: RUNS },
    );
  });

  it('never opens with one bit flipped, nor with another key', () => {
    fc.assert(
      fc.property(places, plains, fc.nat(), (place, plain, n) => {
        const text = sealValue(key.publicKey, place, plain);
        const bytes = Buffer.from(text, 'base64');
        const at = n % (bytes.length * 8);
        bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at & 7));
        const flipped = parseSealedValue(bytes.toString('base64'));
        if (flipped !== null) expect(openSealedValue(flipped, place, key.privateKey)).toBeNull();
        expect(openSealedValue(sealed(place, plain), place, other.privateKey)).toBeNull();
      }),
      { numRuns: RUNS },
    );
  });

  it('is never the same twice', () => {
    const place: SealedPlace = { scope: 'strict', namespace: 'a', name: 'b' };
    const make = () => sealValue(key.publicKey, place, Buffer.from('EXAMPLE'));
    expect(make()).not.toBe(make());
  });
});

describe('what is parsed as a sealed value', () => {
  const text = sealValue(
    key.publicKey,
    { scope: 'cluster-wide', namespace: '', name: '' },
    new Uint8Array(),
  );

  it('may be broken into lines, as the controller takes it', () => {
    const lines = text.replace(/.{76}/g, '$&\n');
    expect(parseSealedValue(`${lines}\r\n`)).toEqual(parseSealedValue(text));
  });

  it.each([
    ['nothing', ''],
    ['plain text', 'EXAMPLE-hunter2'],
    ['base64 of something else', Buffer.from('EXAMPLE-hunter2').toString('base64')],
    ['one that was cut', text.slice(0, 300)],
    ['one without its tag', Buffer.from(text, 'base64').subarray(0, 258).toString('base64')],
    ['one folded with spaces', text.replace(/.{76}/g, '$& ')],
    ['the URL alphabet', text.replaceAll('+', '-').replaceAll('/', '_')],
    ['random bytes', Buffer.alloc(700, 7).toString('base64')],
  ])('is not %s', (_, wrong) => {
    expect(parseSealedValue(wrong)).toBeNull();
  });

  it('is told of any text without an error', () => {
    fc.assert(fc.property(fc.string(), (any) => void parseSealedValue(any)));
  });
});

describe('the scope of annotations', () => {
  const scopeOf = (annotations: Record<string, string>) =>
    scopeOfAnnotations((name) => annotations[name]);

  it.each([
    ['strict', {}],
    ['namespace-wide', { 'sealedsecrets.bitnami.com/namespace-wide': 'true' }],
    ['cluster-wide', { 'sealedsecrets.bitnami.com/cluster-wide': 'true' }],
    ['strict', { 'sealedsecrets.bitnami.com/cluster-wide': 'yes' }],
    [
      'cluster-wide',
      {
        'sealedsecrets.bitnami.com/namespace-wide': 'true',
        'sealedsecrets.bitnami.com/cluster-wide': 'true',
      },
    ],
  ])('is %s for %o', (scope, annotations) => {
    expect(scopeOf(annotations)).toBe(scope);
  });
});
