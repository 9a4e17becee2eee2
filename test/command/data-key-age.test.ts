import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type ChangeRepository, makeChangeRepository } from '../support/change-repository.ts';
import { tidelock } from '../support/program.ts';
import { RECIPIENT_1, RECIPIENT_2 } from '../support/recipients.ts';

const POLICY = 'version: 1\nrules: [{ name: all, paths: ["age/**"], max_data_key_age: 1d }]\n';
const DAYS = 24 * 60 * 60 * 1000;
const ago = (days: number) => new Date(Date.now() - days * DAYS - 60_000).toISOString();

interface Shape {
  readonly name: string;
  /** Each after so many days, oldest first. */
  readonly steps: readonly {
    readonly daysAgo: number;
    readonly change: (repository: ChangeRepository) => void | Promise<void>;
  }[];
  /** Days; null: young enough. */
  readonly age: number | null;
}

const made = (daysAgo: number) => ({
  daysAgo,
  change: async ({ seal }: ChangeRepository) => void (await seal('age/a.yaml', RECIPIENT_1)),
});

const SHAPES: readonly Shape[] = [
  {
    name: 'a rotation at an old created_at',
    steps: [
      made(400),
      { daysAgo: 40, change: ({ tidelock: run }) => run('rotate', '-i', 'age/a.yaml') },
    ],
    age: 40,
  },
  {
    name: 'new recipients of an old data key',
    steps: [
      made(300),
      {
        daysAgo: 2,
        change({ write, tidelock: run }) {
          write('.sops.yaml', `creation_rules:\n  - age: ${RECIPIENT_1},${RECIPIENT_2}\n`);
          run('updatekeys', '-y', 'age/a.yaml');
        },
      },
    ],
    age: 300,
  },
  {
    name: 'a value set under an old data key',
    steps: [
      made(200),
      {
        daysAgo: 0,
        change: ({ tidelock: run }) => run('set', 'age/a.yaml', '["user"]', '"other"'),
      },
    ],
    age: 200,
  },
  {
    name: 'a rotation of today',
    steps: [
      made(200),
      { daysAgo: 0, change: ({ tidelock: run }) => run('rotate', '-i', 'age/a.yaml') },
    ],
    age: null,
  },
];

async function history({ steps }: Shape): Promise<ChangeRepository> {
  const repository = await makeChangeRepository(({ write }) => write('.tidelock.yaml', POLICY));
  for (const { daysAgo, change } of steps) {
    await change(repository);
    repository.commit('step', ago(daysAgo));
  }
  return repository;
}

function agesIn(folder: string): readonly (readonly [string, string])[] {
  const { stdout } = tidelock(['check', '--format', 'json'], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '' },
  });
  const { findings } = JSON.parse(stdout) as {
    findings: { ruleId: string; severity: string; message: string }[];
  };
  return findings
    .filter(({ ruleId }) => ruleId === 'policy/data-key-age')
    .map(({ severity, message }) => [severity, message]);
}

describe('the age of a data key', () => {
  for (const shape of SHAPES) {
    it(`${shape.name}: exact with the whole history, unknown without`, async () => {
      const repository = await history(shape);
      const message = `the data key is ${shape.age} days old, and the policy allows 1`;
      expect(agesIn(repository.folder)).toEqual(shape.age === null ? [] : [['error', message]]);
      const shallow = `${repository.folder}-shallow`;
      mkdirSync(shallow);
      repository.git('clone', '-q', '--depth=1', `file://${repository.folder}`, shallow);
      const unknown = 'the age of the data key is unknown, and the policy allows 1 days';
      expect(agesIn(shallow)).toEqual([['note', unknown]]);
    });
  }
});
