import { describe, expect, it } from 'vitest';
import {
  formatNano,
  formatSeconds,
  parseRfc3339,
  rfc3339Seconds,
} from '../../src/cipher/rfc3339.ts';

describe('parseRfc3339', () => {
  it.each([
    ['2001-12-14T21:59:43Z', '2001-12-14T21:59:43Z', '2001-12-14T21:59:43Z'],
    ['2001-12-14T21:59:43.10-05:00', '2001-12-14T21:59:43.1-05:00', '2001-12-14T21:59:43-05:00'],
    ['2001-12-14T21:59:43.000+00:00', '2001-12-14T21:59:43Z', '2001-12-14T21:59:43Z'],
    ['2001-12-14T21:59:43-00:00', '2001-12-14T21:59:43Z', '2001-12-14T21:59:43Z'],
    ['2024-02-29T00:00:00.1234567899Z', '2024-02-29T00:00:00.123456789Z', '2024-02-29T00:00:00Z'],
  ])('reads %s', (text, nano, seconds) => {
    const time = parseRfc3339(text);
    if (time === null) throw new Error('not read');
    expect([formatNano(time), formatSeconds(time)]).toEqual([nano, seconds]);
  });

  it.each([
    '2023-02-29T00:00:00Z',
    '2001-13-01T00:00:00Z',
    '2001-12-14T24:00:00Z',
    '2001-12-14T21:59:60Z',
    '2001-12-14',
    '2001-12-14 21:59:43Z',
    '2001-12-14t21:59:43z',
    ' 2001-12-14T21:59:43Z',
    '',
  ])('refuses %j', (text) => {
    expect(parseRfc3339(text)).toBeNull();
  });

  it('writes whole seconds in UTC', () => {
    expect(rfc3339Seconds(new Date('2026-11-23T18:48:57.999Z'))).toBe('2026-11-23T18:48:57Z');
  });
});
