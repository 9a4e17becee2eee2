import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ActionError } from '../src/action-error.ts';
import { readInputs } from '../src/inputs.ts';

const declared: Readonly<Record<string, { readonly default?: string }>> = parse(
  readFileSync(new URL('../action.yml', import.meta.url), 'utf8'),
).inputs;

describe('inputs', () => {
  it('are without any what action.yml declares', () => {
    const env = Object.entries(declared)
      .filter(([name]) => name !== 'token')
      .map(([name, input]) => [`INPUT_${name.toUpperCase()}`, input.default ?? '']);
    const { isWanted, ...given } = readInputs(Object.fromEntries(env));
    const { isWanted: isWantedBare, ...bare } = readInputs({});
    expect(given).toEqual(bare);
    expect([isWanted, isWantedBare]).toEqual([null, null]);
    expect(bare).toMatchObject({ policySource: 'base', failOn: 'error', verify: false });
  });

  it('restrict the files by globs, one a line or between commas', () => {
    const { isWanted } = readInputs({ INPUT_PATHS: 'clusters/**, *.env\napps/*/values.yaml' });
    const wanted = ['clusters/a/b.yaml', 'x.env', 'apps/web/values.yaml'];
    const others = ['docs/a.md', 'apps/web/other.yaml', 'a/x.env'];
    expect([...wanted, ...others].filter((path) => isWanted?.(path))).toEqual(wanted);
  });

  it.each(['policy-source', 'fail-on', 'comment', 'verify', 'annotations'])(
    'that are no word of %s are refused without repeating them',
    (name) => {
      const attempt = () => readInputs({ [`INPUT_${name.toUpperCase()}`]: 'nonsense' });
      expect(attempt).toThrow(ActionError);
      expect(attempt).toThrow(name);
      expect(attempt).not.toThrow(/nonsense/);
    },
  );
});
