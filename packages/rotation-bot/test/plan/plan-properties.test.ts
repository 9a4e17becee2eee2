import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { mergePlans } from '../../src/plan/merge-plans.ts';
import { filesOf, type Plan } from '../../src/plan/plan.ts';
import { masterKeyOf } from '../../src/plan/planned-key.ts';
import { rewriteFile } from '../../src/rewrite/rewrite-file.ts';
import { isInShard } from '../../src/shard/shard-of.ts';
import {
  daysAgo,
  encrypted,
  now,
  type Person,
  person,
  planTree,
  sopsConfig,
  type Tree,
} from '../support/tree.ts';

const people: readonly Person[] = Array.from({ length: 4 }, person);
/** Always among the readers, so that somebody opens everything. */
const [bot = person()] = people;

const FORMATS = ['yaml', 'json', 'env', 'ini', 'bin'];
const PLAIN: Readonly<Record<string, string>> = {
  yaml: 'a: 1\npassword: x # why\nlist: [one, {two: 2}]\n',
  json: '{"a": 1, "password": "x", "list": ["one", {"two": 2}]}\n',
  env: 'A=1\n# why\npassword=x\n',
  ini: 'a=1\n[s]\npassword = x\n',
  bin: 'anything',
};

const somePeople = fc
  .subarray(people.slice(1))
  .map((others): readonly Person[] => [bot, ...others]);
const someGroups = fc.oneof(
  somePeople.map((group) => [group]),
  fc.tuple(somePeople, somePeople).map((groups) => [...groups]),
);

interface Sketch {
  readonly files: readonly {
    readonly folder: number;
    readonly format: string;
    readonly groups: readonly (readonly Person[])[];
    readonly age: number;
  }[];
  readonly rules: readonly (readonly (readonly Person[])[])[];
  readonly limit: number;
  readonly expired: number;
  readonly groupBy: 'rule' | 'directory' | 'file' | 'all';
}

const sketches: fc.Arbitrary<Sketch> = fc.record({
  files: fc.array(
    fc.record({
      folder: fc.nat(2),
      format: fc.constantFrom(...FORMATS),
      groups: someGroups,
      age: fc.nat(100),
    }),
    { minLength: 1, maxLength: 6 },
  ),
  rules: fc.tuple(someGroups, someGroups),
  limit: fc.integer({ min: 1, max: 100 }),
  expired: fc.nat(4),
  groupBy: fc.constantFrom('rule', 'directory', 'file', 'all'),
});

/** The last folder has no rule. */
async function treeOf({ files, rules, limit, expired, groupBy }: Sketch): Promise<Tree> {
  const contents: Record<string, string> = {
    '.sops.yaml': sopsConfig(...rules.map((groups, i) => [`^f${i}/`, groups] as const)),
    'readme.md': 'about sops',
  };
  const history: Record<string, NonNullable<Tree['history']>[string]> = {};
  for (const [i, { folder, format, groups, age }] of files.entries()) {
    const path = `f${folder}/${i}.${format}`;
    contents[path] = await encrypted(path, PLAIN[format] ?? '', groups);
    history[path] = { since: daysAgo(age), formerKeys: [] };
  }
  const gone = people[expired];
  const recipients =
    gone === undefined || gone === bot
      ? ''
      : `recipients: { gone: { age: ${gone.recipient}, until: 2026-11-20 } }\n`;
  const policy = `version: 1\n${recipients}rules: [{ name: all, paths: ["**"], max_data_key_age: ${limit}d }]\n`;
  return { files: contents, policy, history, settings: { groupBy } };
}

/** The tree as it is once the plan is applied and merged. */
async function applied(tree: Tree, plan: Plan): Promise<Tree> {
  const files: Record<string, string | Uint8Array> = { ...tree.files };
  const history = { ...tree.history };
  for (const file of filesOf(plan)) {
    const bytes = Buffer.from(files[file.path] ?? '');
    const result = await rewriteFile(bytes, file, {
      services: bot.services,
      clock: { now: () => now },
    });
    if (result.kind === 'left-out') throw new Error(result.reason);
    files[file.path] = result.bytes;
    if (file.actions.includes('rotate') || file.actions.includes('reencrypt'))
      history[file.path] = { since: now, formerKeys: [] };
  }
  return { ...tree, files, history };
}

const text = (plan: Plan) => JSON.stringify(plan);

describe('a plan', () => {
  it('is empty once it is applied', async () => {
    await fc.assert(
      fc.asyncProperty(sketches, async (sketch) => {
        const tree = await treeOf(sketch);
        const plan = planTree(tree);
        const after = planTree(await applied(tree, plan));
        expect(after.groups).toEqual([]);
        expect(after.problems).toEqual(plan.problems);
      }),
      { numRuns: 30 },
    );
  });

  it('is the same whatever the order of the files, and in however many shards', async () => {
    await fc.assert(
      fc.asyncProperty(sketches, fc.integer({ min: 1, max: 5 }), async (sketch, count) => {
        const tree = await treeOf(sketch);
        const paths = Object.keys(tree.files);
        const plan = planTree(tree);
        expect(text(planTree(tree, [...paths].reverse()))).toBe(text(plan));
        const shards = Array.from({ length: count }, (_, index) => {
          const shard = { index, count };
          const settings = { ...tree.settings, shard };
          return planTree(
            { ...tree, settings },
            paths.filter((path) => isInShard(path, shard)),
          );
        });
        expect(text(mergePlans(shards.reverse()))).toBe(text(plan));
      }),
      { numRuns: 30 },
    );
  });

  it('does not know the clock: the next day, with nothing new due, it is the very same', async () => {
    await fc.assert(
      fc.asyncProperty(sketches, async (sketch) => {
        const tree = await treeOf({ ...sketch, limit: 1000 });
        const tomorrow = new Date(now.getTime() + 86_400_000);
        expect(text(planTree({ ...tree, now: tomorrow }))).toBe(text(planTree(tree)));
      }),
      { numRuns: 20 },
    );
  });

  it('only grows with time, and with a file more', async () => {
    await fc.assert(
      fc.asyncProperty(sketches, fc.nat(60), async (sketch, days) => {
        const tree = await treeOf(sketch);
        const due = filesOf(planTree(tree));
        const later = new Date(now.getTime() + days * 86_400_000);
        const dueLater = new Map(
          filesOf(planTree({ ...tree, now: later })).map((file) => [file.path, file]),
        );
        for (const { path, reasons } of due)
          expect(dueLater.get(path)?.reasons).toEqual(expect.arrayContaining([...reasons]));
        const more = { ...tree, files: { ...tree.files, 'f0/more.yaml': 'plain: yes\n' } };
        expect(filesOf(planTree(more))).toEqual(due);
      }),
      { numRuns: 20 },
    );
  });

  it('takes from a reader only with a new data key, and says what they could read', async () => {
    await fc.assert(
      fc.asyncProperty(sketches, async (sketch) => {
        for (const file of filesOf(planTree(await treeOf(sketch)))) {
          const [before, after] = [file.before, file.after].map(
            ({ keyGroups }) => new Set(keyGroups.flat().map(({ id }) => id)),
          );
          const leaves = [...(before ?? [])].some((id) => after?.has(id) === false);
          if (!leaves) continue;
          expect(file.actions).toEqual(['updatekeys', 'rotate']);
          expect(file.valuesToChange.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe('the digest', () => {
  let tree: Tree;
  beforeAll(async () => {
    const [, alice = bot, bob = bot] = people;
    tree = {
      files: {
        '.sops.yaml': sopsConfig(['yaml$', [[bot, alice]]]),
        'a.yaml': await encrypted('a.yaml', PLAIN.yaml ?? '', [[bot, bob]]),
      },
    };
  });

  it('knows neither commit nor blobs', async () => {
    const [, , bob = bot] = people;
    const again = {
      ...tree.files,
      'a.yaml': await encrypted('a.yaml', PLAIN.yaml ?? '', [[bob, bot]]),
    };
    const settings = { base: 'f'.repeat(40) };
    expect(planTree({ files: again, settings }).digest).toBe(planTree(tree).digest);
  });

  it('changes with who is to read, why, and which files', async () => {
    const [, alice = bot, , carol = bot] = people;
    const { digest } = planTree(tree);
    const rules = sopsConfig(['yaml$', [[bot, alice, carol]]]);
    expect(planTree({ files: { ...tree.files, '.sops.yaml': rules } }).digest).not.toBe(digest);
    const files = { ...tree.files, 'b.yaml': tree.files['a.yaml'] ?? '' };
    expect(planTree({ files }).digest).not.toBe(digest);
    const key = masterKeyOf({ type: 'age', id: carol.recipient, name: null, owner: null });
    const history = { 'a.yaml': { since: daysAgo(1), formerKeys: [key] } };
    expect(planTree({ ...tree, history }).digest).not.toBe(digest);
  });
});
