import { describe, expect, it } from 'vitest';
import { BOTH, makeChangeRepository, PLAIN } from '../support/change-repository.ts';
import { told } from '../support/mini-runner.ts';

describe('honest changes pass', () => {
  it('an edit, a new encrypted file, a deletion, documentation', async () => {
    const repository = await makeChangeRepository();
    await repository.seal('prod/new.yaml', BOTH);
    repository.remove('prod/b.yaml');
    repository.write('docs/readme.md', '# Other\n');
    repository.commit();
    const result = await repository.check();
    expect(told(result)).toEqual([]);
    expect(result.status).toBe(0);
    expect(result.connections).toEqual([]);
    expect(result.gitRuns.some((args) => args.includes('fetch'))).toBe(false);
  });

  it('finds plaintext', async () => {
    const repository = await makeChangeRepository();
    repository.write('prod/new.yaml', PLAIN);
    repository.commit();
    const result = await repository.check();
    expect(told(result)).toEqual(['error policy/not-encrypted prod/new.yaml']);
    expect(result.status).toBe(1);
  });
});
