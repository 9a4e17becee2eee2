import { describe, expect, it } from 'vitest';
import { bcryptPbkdf } from '../../src/keys/bcrypt-pbkdf.ts';
import { fractionOfPi } from '../../src/keys/blowfish-constants.ts';

describe('the key derivation of OpenSSH', () => {
  it('starts from pi, as Blowfish does', () => {
    const words = fractionOfPi();
    expect(words[0]).toBe(0x243f6a88);
    expect(words[17]).toBe(0x8979fb1b);
    expect(words[18]).toBe(0xd1310ba6);
    expect(words[18 + 1023]).toBe(0x3ac372e6);
  });

  it('gives the published result', () => {
    const key = bcryptPbkdf(Buffer.from('password'), Buffer.from('salt'), {
      rounds: 4,
      length: 32,
    });
    expect(Buffer.from(key).toString('hex')).toBe(
      '5bbf0cc293587f1c3635555c27796598d47e579071bf427e9d8fbe842aba34d9',
    );
  });
});
