import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { check } from '../../src/check.ts';
import { privateKey } from '../../src/rules/private-key.ts';
import { Source } from '../../src/source.ts';

const CREATED = Buffer.from([0x66, 0x21, 0x00, 0x00]);
const body = (algorithm: number, length: number) =>
  Buffer.concat([Buffer.from([4]), CREATED, Buffer.from([algorithm]), randomBytes(length)]);
const short = (tag: number, content: Buffer) =>
  Buffer.concat([Buffer.from([tag, content.length]), content]);
const long = (tag: number, content: Buffer) =>
  Buffer.concat([Buffer.from([tag, content.length >> 8, content.length & 255]), content]);

const judge = (bytes: Uint8Array, path = 'backup') =>
  check([new Source(path, bytes)], [privateKey]).map(({ kind }) => kind);

const SECRET: readonly (readonly [string, Buffer])[] = [
  ['an RSA key with a length of two bytes', long(0x95, body(1, 900))],
  ['an Ed25519 key with a length of one byte', short(0x94, body(22, 80))],
  ['a subkey', short(0x9c, body(18, 90))],
  ['a key in the new format', short(0xc5, body(27, 70))],
];

describe('binary keys of OpenPGP', () => {
  it.each(SECRET)('%s is one, whatever the file is called', (_, bytes) => {
    expect(judge(bytes)).toEqual(['pgp']);
  });

  it.each(SECRET.slice(0, 2))('%s is one in base64', (_, bytes) => {
    expect(judge(Buffer.from(`key: ${bytes.toString('base64')}\n`), 'a.yaml')).toEqual(['pgp']);
  });

  it('a public key is none', () => {
    const bytes = long(0x99, body(1, 900));
    expect(judge(bytes)).toEqual([]);
    expect(judge(Buffer.from(bytes.toString('base64')), 'a.txt')).toEqual([]);
  });

  it('other bytes that begin alike are none', () => {
    expect(judge(Buffer.from([0x95, 0x01, 0xfe, 0x09, 0, 0, 0, 0, 1]))).toEqual([]);
    expect(judge(Buffer.from([0x95]))).toEqual([]);
    expect(judge(Buffer.from([0x94, 0x58, 0x04, 0x00, 0x00, 0x00, 0x01, 0x16, 0xff]))).toEqual([]);
  });
});
