import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { check } from '../../src/check.ts';
import { privateKey } from '../../src/rules/private-key.ts';
import { Source } from '../../src/source.ts';

const DIGITS = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

function base58Check(...parts: readonly Uint8Array[]): string {
  const body = Buffer.concat(parts);
  let number = BigInt(
    `0x${Buffer.concat([body, sha256(sha256(body)).subarray(0, 4)]).toString('hex')}`,
  );
  let text = '';
  for (; number > 0n; number /= 58n) text = (DIGITS[Number(number % 58n)] ?? '') + text;
  return text;
}

const hex = (text: string) => Buffer.from(text, 'hex');
const judge = (text: string) =>
  check([new Source('notes.txt', Buffer.from(text))], [privateKey]).map(
    ({ kind, severity }) => `${kind} ${severity}`,
  );

describe('keys of wallets', () => {
  it.each([
    ['uncompressed', () => base58Check(hex('80'), randomBytes(32))],
    ['compressed', () => base58Check(hex('80'), randomBytes(32), hex('01'))],
    ['of a test network', () => base58Check(hex('ef'), randomBytes(32), hex('01'))],
  ])('%s: found by its checksum, wherever it stands', (_, make) => {
    for (let round = 0; round < 20; round++) {
      expect(judge(`{"k":"${make()}"}`)).toEqual(['wif error']);
      expect(judge(`${make()}\n`)).toEqual(['wif error']);
    }
  });

  it('extended keys too', () => {
    const key = base58Check(
      hex('0488ade4'),
      randomBytes(9),
      randomBytes(32),
      hex('00'),
      randomBytes(32),
    );
    expect(judge(`x: ${key}\n`)).toEqual(['bip32 error']);
  });

  it('a wrong checksum lowers the finding where a name says what it is', () => {
    const key = base58Check(hex('80'), randomBytes(32), hex('01'));
    const broken = key.slice(0, -1) + (key.endsWith('a') ? 'b' : 'a');
    expect(judge(`wallet_wif: ${broken}\n`)).toEqual(['wif warning']);
    expect(judge(`digest: ${broken}\n`)).toEqual([]);
  });
});
