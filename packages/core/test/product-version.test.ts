import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { TIDELOCK_VERSION } from '../src/product-version.ts';

it('is the version of every package', () => {
  const packages = new URL('../../', import.meta.url);
  const versions = readdirSync(packages).map(
    (name) =>
      (
        JSON.parse(readFileSync(new URL(`${name}/package.json`, packages), 'utf8')) as {
          version: string;
        }
      ).version,
  );
  expect(new Set(versions)).toEqual(new Set([TIDELOCK_VERSION]));
});
