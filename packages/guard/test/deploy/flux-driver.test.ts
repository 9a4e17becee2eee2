import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GcpKmsFake, startGcpKms } from '../../../../test/fakes/gcp-kms.ts';
import { check } from '../../src/check.ts';
import { deployRules, judgeDeployment } from '../../src/deploy/index.ts';
import { arrives } from './arrives.ts';
import { ageKeys } from './encrypt-example.ts';
import { type DeployExample, listExamples, sourcesOf } from './load.ts';
import { gcpKeys, pgpKeys } from './other-keys.ts';

/** Families whose findings say that the build fails, or that ciphertext arrives. */
const DECIDED = [
  'flux-no-decryption',
  'flux-left-encrypted',
  'flux-encrypted-field',
  'flux-value-type',
  'flux-not-a-resource',
];
/** What the driver cannot know, each with its reason. */
const UNDECIDED: Readonly<Record<string, string>> = {
  'flux-no-decryption/ok.patched-by-parent': 'the driver patches no Kustomization',
  'flux-no-decryption/ok.disabled-object': 'what is left as it is on purpose',
  'flux-no-decryption/ok.disabled-by-label': 'what is left as it is on purpose',
  'flux-no-decryption/ok.sops-operator': 'decrypted in the cluster',
  'flux-no-decryption/ok.only-config': 'no Kustomization builds it',
  'flux-left-encrypted/ng.strategic-merge': 'a warning: it may be decrypted after the build',
};

const examples = listExamples().filter(
  ({ name }) => DECIDED.includes(name.split('/')[0] ?? '') && UNDECIDED[name] === undefined,
);

it('has something to decide', () => {
  expect(examples.length).toBeGreaterThan(50);
  const names = listExamples().map(({ name }) => name);
  expect(Object.keys(UNDECIDED).filter((name) => !names.includes(name))).toEqual([]);
});

describe.each(examples)('$name', (example) => {
  it('is decrypted by the rules of Flux exactly when nothing is found', async () => {
    const found = await preflight(example);
    expect(found.length > 0).toBe(example.bad);
    expect(await arrives(example, ageKeys())).toBe(!example.bad);
  });
});

async function preflight(example: DeployExample) {
  const sources = await sourcesOf(example);
  return check(
    sources,
    deployRules((all) => judgeDeployment(all)),
  ).filter(({ ruleId, severity }) => ruleId.startsWith('deploy/flux-') && severity === 'error');
}

describe('what passes opens with other keys than age', () => {
  let fake: GcpKmsFake;
  beforeAll(async () => {
    fake = await startGcpKms();
  });
  afterAll(() => fake.close());

  it.each(examples.filter(({ bad }) => !bad))('$name', async (example) => {
    expect(await arrives(example, pgpKeys())).toBe(true);
    expect(await arrives(example, gcpKeys(fake))).toBe(true);
  });
});
