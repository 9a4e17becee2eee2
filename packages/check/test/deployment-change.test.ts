import { createHash } from 'node:crypto';
import { Source } from '@tidelock/guard';
import { describe, expect, it } from 'vitest';
import { listExamples, sourcesOf } from '../../guard/test/deploy/load.ts';
import { judgeDeploymentChange, judgeWhole } from '../src/change/deployment-change.ts';
import {
  type DeploymentChange,
  pathsNear,
  type SideFiles,
} from '../src/change/deployment-files.ts';

/** One side in memory, with the ids that Git would tell it apart by. */
function sideOf(sources: readonly Source[]): SideFiles {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const entries = sources.map(({ path, bytes, mode }) => {
    const oid = createHash('sha1').update(bytes).digest('hex');
    return [path, { path, oid, mode: mode ?? '100644', type: 'blob' }] as const;
  });
  return {
    entries: new Map(entries),
    read: async (paths) => ({ sources: paths.flatMap((path) => byPath.get(path) ?? []) }),
  };
}

function changeOf(before: readonly Source[], after: readonly Source[]): DeploymentChange {
  const [base, head] = [sideOf(before), sideOf(after)];
  const differs = ({ path }: Source) =>
    base.entries.get(path)?.oid !== head.entries.get(path)?.oid ||
    base.entries.get(path)?.mode !== head.entries.get(path)?.mode;
  return {
    base,
    head,
    changed: after.filter(differs),
    earlier: before.filter(differs),
    find: async (texts) =>
      after
        .filter(({ bytes, mode }) => {
          const text = Buffer.from(bytes).toString('latin1');
          return mode === undefined || mode === null
            ? texts.some((one) => text.includes(one))
            : false;
        })
        .map(({ path }) => path),
    policy: null,
    now: new Date('2026-06-01T00:00:00Z'),
  };
}

const told = (verdicts: Awaited<ReturnType<typeof judgeWhole>>) =>
  verdicts
    .map(({ ruleId, source, kind, message }) =>
      [ruleId, source.path, kind ?? '', message].join(' '),
    )
    .sort();

/** Every change of one file: taken away, brought, made plain, and one to plain text beside it. */
function* changesOf(sources: readonly Source[]) {
  for (const one of sources) {
    const without = sources.filter((source) => source !== one);
    const plain = new Source(one.path, Buffer.from('plain: text\n'));
    const edited = new Source(one.path, Buffer.concat([one.bytes, Buffer.from('\n')]), {
      ...(one.mode === '120000' ? { mode: one.mode } : {}),
    });
    yield { name: `${one.path} removed`, before: sources, after: without };
    yield { name: `${one.path} added`, before: without, after: sources };
    yield { name: `${one.path} made plain`, before: sources, after: [...without, plain] };
    yield { name: `${one.path} made of plain text`, before: [...without, plain], after: sources };
    yield { name: `${one.path} edited`, before: sources, after: [...without, edited] };
  }
}

const EXAMPLES = listExamples();
/** As the package under test knows sources. */
const own = ({ path, bytes, mode }: Pick<Source, 'path' | 'bytes' | 'mode'>) =>
  new Source(path, bytes, mode === '120000' ? { mode } : {});
const familyOf = ({ name }: { readonly name: string }) => name.split('/')[0] ?? '';

describe('deployment of a change', () => {
  const families = new Set(EXAMPLES.map(familyOf));
  it.each([...families])('is judged as by every manifest: %s', async (family) => {
    for (const example of EXAMPLES.filter((one) => familyOf(one) === family)) {
      for (const { name, before, after } of changesOf((await sourcesOf(example)).map(own))) {
        const change = changeOf(before, after);
        const whole = told(await judgeWhole(change));
        expect(told(await judgeDeploymentChange(change)), `${example.name}: ${name}`).toEqual(
          whole,
        );
      }
    }
  });

  it('reads nothing of others for a change that no deployment is about', async () => {
    const others = Array.from({ length: 20 }, (_, i) => new Source(`app/${i}.yaml`, manifest(i)));
    const before = [...others, new Source('docs/a.md', Buffer.from('one\n'))];
    const after = [...others, new Source('docs/a.md', Buffer.from('two\n'))];
    expect(await pathsNear(changeOf(before, after))).toBeNull();
  });
});

const manifest = (i: number) =>
  Buffer.from(`apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a${i} }\n`);
