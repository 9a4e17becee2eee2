import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  floatDotenv,
  floatFixed,
  floatJson,
  floatYaml,
  parseGoFloat,
} from '../../src/document/float.ts';

const vector = (name: string): string =>
  readFileSync(new URL(`../../../../test/vectors/${name}`, import.meta.url), 'utf8');

const floats = [...vector('floats.json').matchAll(/"(\w)":([^,}]+)/g)].map(
  ([, key = '', text = '']) => ({ key, value: Number(text) }),
);

describe('the floats that sops wrote', () => {
  test('yaml', () => {
    const lines = floats.map(
      ({ key, value }) => `${key === 'n' ? '"n"' : key}: ${floatYaml(value)}`,
    );
    expect(`${lines.join('\n')}\n`).toBe(vector('floats.dec.yaml'));
  });

  test('dotenv', () => {
    const lines = floats.map(({ key, value }) => `${key}=${floatDotenv(value)}`);
    expect(`${lines.join('\n')}\n`).toBe(vector('floats.dec.env'));
  });

  test('json', () => {
    const lines = floats.map(({ key, value }) => `\t"${key}": ${floatJson(value)}`);
    expect(`{\n${lines.join(',\n')}\n}\n`).toBe(vector('floats.dec.json'));
  });
});

test.each([
  [1, '1'],
  [0.1, '0.1'],
  [1e20, '100000000000000000000'],
  [1e21, '1000000000000000000000'],
  [1.5e-10, '0.00000000015'],
  [-0, '-0'],
  [-12.5, '-12.5'],
  [5e-324, `0.${'0'.repeat(323)}5`],
  [Number.NaN, 'NaN'],
  [Infinity, '+Inf'],
  [-Infinity, '-Inf'],
])('floatFixed %d', (value, text) => {
  expect(floatFixed(value)).toBe(text);
});

test('special values have their own spelling in each format', () => {
  expect([Infinity, -Infinity, Number.NaN].map(floatYaml)).toEqual(['.inf', '-.inf', '.nan']);
  for (const value of [Infinity, -Infinity, Number.NaN]) {
    expect(() => floatJson(value)).toThrow(expect.objectContaining({ code: 'ERR_EMIT' }));
  }
});

test.each([
  ['+5', 5],
  ['.5', 0.5],
  ['5.', 5],
  ['1E3', 1000],
  ['1_000.5', 1000.5],
  ['+inf', Infinity],
  ['-Infinity', -Infinity],
  ['nan', Number.NaN],
  ['', null],
  ['.', null],
  ['+nan', null],
  ['1e400', null],
  ['1__0', null],
  ['_1', null],
  ['1_.5', null],
  ['0x10', null],
  [' 1', null],
  ['1\n', null],
  ['1e', null],
])('parseGoFloat %j', (text, value) => {
  expect(parseGoFloat(text)).toBe(value);
});

test('every float comes back from every form', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      for (const form of [floatFixed, floatYaml, floatJson, floatDotenv]) {
        expect(parseGoFloat(form(value))).toBe(value);
      }
    }),
  );
});
