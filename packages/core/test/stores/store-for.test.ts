import { expect, test } from 'vitest';
import { formatOf, storeFor } from '../../src/stores/store-for.ts';

test.each([
  ['a.yaml', 'yaml'],
  ['a.yml', 'yaml'],
  ['a.json', 'json'],
  ['dir/.env', 'dotenv'],
  ['prod.env', 'dotenv'],
  ['a.ini', 'ini'],
  ['a.YAML', 'binary'],
  ['env', 'binary'],
  ['a.json.bak', 'binary'],
  ['', 'binary'],
] as const)('%s is %s', (path, format) => {
  expect(formatOf(path)).toBe(format);
  expect(storeFor(format).format).toBe(format);
});
