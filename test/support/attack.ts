import { expect, it } from 'vitest';
import { type ChangeRepository, makeChangeRepository } from './change-repository.ts';
import { type JobFinding, type JobResult, told } from './mini-runner.ts';
import { cleanEnv, tidelock } from './program.ts';

/** A change to the repository of `makeChangeRepository`, and what the action says of it. */
export interface Attack {
  readonly name: string;
  readonly setUp?: (repository: ChangeRepository) => void | Promise<void>;
  readonly change: (repository: ChangeRepository) => void | Promise<void>;
  /** Every finding, in order of path. */
  readonly found: readonly string[];
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly also?: (result: JobResult, repository: ChangeRepository) => void;
}

/** A test: exactly these findings, and exit 1 where one is an error. */
export function check(attack: Attack) {
  it(attack.name, async () => {
    const repository = await makeChangeRepository(attack.setUp);
    await attack.change(repository);
    repository.git('add', '-A');
    if (repository.git('status', '--porcelain') !== '') repository.commit();
    const { inputs = {}, env = {} } = attack;
    const result = await repository.check({ inputs, env });
    expect({
      found: told(result).sort(byPath),
      log: result.status === 2 ? result.log : '',
    }).toEqual({
      found: [...attack.found].sort(byPath),
      log: '',
    });
    const isError = attack.found.some((line) => line.startsWith('error '));
    expect(result.status).toBe(isError ? 1 : 0);
    attack.also?.(result, repository);
  });
}

/** A test: the action and the command say exactly this, and exit alike. */
export function checkBoth(attack: Attack): void {
  check({
    ...attack,
    also(result, repository) {
      attack.also?.(result, repository);
      const { folder } = repository;
      const args = ['check', '--base', 'origin/main', '--head', 'change', '--format', 'json'];
      const { status, stdout, stderr } = tidelock(args, { cwd: folder, env: cleanEnv(folder) });
      expect({ status, stderr }).toEqual({ status: result.status, stderr: '' });
      const report = JSON.parse(stdout) as { findings: JobFinding[] };
      expect(told(report)).toEqual(told(result));
    },
  });
}

function byPath(a: string, b: string): number {
  const path = (line: string) => line.split(' ')[2] ?? '';
  const [one, other] = [`${path(a)} ${a}`, `${path(b)} ${b}`];
  return one < other ? -1 : one > other ? 1 : 0;
}

/** The file without one wrapped key, as updatekeys leaves it when there are no other changes. */
export function without(text: string, recipient: string): string {
  const entry = new RegExp(`^ {8}- enc: \\|\\n(?: {12}.*\\n)+ {10}recipient: ${recipient}\\n`, 'm');
  const left = text.replace(entry, '');
  expect(left).not.toBe(text);
  return left;
}
