import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { MasterKey } from '../../src/document/metadata.ts';
import { TidelockError } from '../../src/errors.ts';
import type { KeyService } from '../../src/keys/keyservice.ts';

export interface ContractSubject {
  readonly service: KeyService;
  /** A key that exists. */
  readonly key: MasterKey;
  /** Another one of the same kind that exists. */
  readonly other: MasterKey;
  /** A well-formed one that does not exist; null where naming a key makes it. */
  readonly missing: MasterKey | null;
}

/** What every cloud KeyService does, over a fake and over the real server alike. */
export function describeKeyService(name: string, subject: () => ContractSubject): void {
  describe(`${name}, as every key service`, () => {
    it.each([32, 33])('gives back the %i bytes it wrapped', async (size) => {
      const { service, key } = subject();
      const dataKey = randomBytes(size);
      const enc = await service.wrap(key, dataKey);
      expect(enc).not.toContain(dataKey.toString('base64'));
      const opened = await service.unwrap({ ...key, enc });
      expect(Buffer.from(opened ?? [])).toEqual(dataKey);
    });

    it('opens its own kind alone', async () => {
      const { service, key } = subject();
      expect(service.types).toEqual([key.type]);
      expect(await service.unwrap({ type: 'age', recipient: 'age1x', enc: 'x' })).toBeNull();
    });

    it('does not open what another key wrapped', async () => {
      const { service, key, other } = subject();
      const enc = await service.wrap(other, randomBytes(32));
      await expectFailure(service.unwrap({ ...key, enc }), 'ERR_KEY_UNWRAP');
    });

    it('does not open damaged or absent bytes', async () => {
      const { service, key } = subject();
      const enc = await service.wrap(key, randomBytes(32));
      const at = enc.length - 12;
      const flipped = `${enc.slice(0, at)}${enc[at] === 'A' ? 'B' : 'A'}${enc.slice(at + 1)}`;
      for (const damaged of [flipped, '', 'x', '%%%', enc.slice(0, 20)]) {
        await expectFailure(service.unwrap({ ...key, enc: damaged }), 'ERR_KEY_UNWRAP');
      }
    });

    it('says so when there is no such key', async () => {
      const { service, missing } = subject();
      if (missing === null) return;
      await expectFailure(service.wrap(missing, randomBytes(32)), 'ERR_KEY_WRAP');
    });
  });
}

/** The failure, whose texts must hold nothing of what was sent. */
export async function expectFailure(
  outcome: Promise<unknown>,
  code: TidelockError['code'],
): Promise<TidelockError> {
  const error = await outcome.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TidelockError);
  if (!(error instanceof TidelockError)) throw new Error('no failure');
  expect(error.code).toBe(code);
  expect(error.hint).toBeTruthy();
  return error;
}
