import { globToRegExp } from '@tidelock/guard';
import { describe, expect, it } from 'vitest';
import { productionGlobs } from '../../src/init/environments.ts';

const globs = productionGlobs().map(globToRegExp);
const isProduction = (path: string) => globs.some((glob) => glob.test(path));

describe('what looks like production', () => {
  it.each([
    'prod/db.yaml',
    'clusters/production/a/b.yaml',
    'eu-prod/db.yaml',
    'clusters/prod1/db.yaml',
    'prod-eu/db.yaml',
    'live.env',
    'apps/.env.prod',
    'secrets.prd.json',
    'db-prod',
  ])('%s', (path) => expect(isProduction(path)).toBe(true));

  it.each(['product/db.yaml', 'reproduce/a.yaml', 'delivery.yaml', 'dev/db.yaml', 'olive-oil.env'])(
    '%s does not',
    (path) => expect(isProduction(path)).toBe(false),
  );
});
