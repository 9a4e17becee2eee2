import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decrypt, fetchDataKey, openDocument, readMetadata, storeFor } from '@tidelock/core';
import { describe, expect, it } from 'vitest';
import { testServices } from '../../../../test/support/in-process.ts';
import { vector } from '../../../../test/support/program.ts';
import { RECIPIENT_1 } from '../../../../test/support/recipients.ts';
import { filesOf, type PlannedFile } from '../../src/plan/plan.ts';
import { masterKeyOf } from '../../src/plan/planned-key.ts';
import { rewriteFile } from '../../src/rewrite/rewrite-file.ts';
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

const [alice, bob, bot] = [person(), person(), person()];
const clock = { now: () => now };

const PLAIN: Readonly<Record<string, string>> = {
  'a.yaml': `# about the database
db:   {user: admin,  password: "hunter two"}   # inline
list:
- one
# between
- 2
- {b: 1.5, "a":  true}
empty: ""
nothing: null
text: |
  many
  lines

open_unencrypted: as it is
---
second: document
`,
  'a.json': '{"z": {"a" : "b", "n": 12345678901234567890},\r\n  "l":["x",  null, {}] }\n',
  '.env': '# comment\nB=2\nA=a b c\n\nOPEN_unencrypted=x\n',
  'a.env': '# comment\nB=2\nA=a b c\n\nOPEN_unencrypted=x\n',
  'a.ini': '; comment\ntop=1\n\n[section one]\nkey = value ; inline\nother=2\n\n[last]\nx=y\n',
  'key.bin': '\u0000\u0001binary\r\n',
};

async function rewriteIn(
  tree: Tree,
  who: Person,
  path: string,
): Promise<{ file: PlannedFile; result: Awaited<ReturnType<typeof rewriteFile>> }> {
  const file = filesOf(planTree(tree)).find((one) => one.path === path);
  if (file === undefined) throw new Error(`${path} is not due`);
  const bytes = Buffer.from(tree.files[path] ?? '');
  return { file, result: await rewriteFile(bytes, file, { services: who.services, clock }) };
}

/** The bytes, or the reason as an error. */
function bytesOf(result: Awaited<ReturnType<typeof rewriteFile>>): Uint8Array {
  if (result.kind === 'rewritten') return result.bytes;
  throw new Error(result.reason);
}

const reasonOf = (result: Awaited<ReturnType<typeof rewriteFile>>) =>
  result.kind === 'left-out' ? result.reason : 'rewritten';

const config = (...groups: readonly (readonly Person[])[]) => sopsConfig(['', groups]);

async function opens(bytes: Uint8Array, who: Person, file: PlannedFile) {
  const document = storeFor(file.format).parse(bytes);
  return decrypt(document, { services: who.services }).then(
    () => true,
    () => false,
  );
}

describe.each(Object.keys(PLAIN))('rewriting %s', (path) => {
  it('adds a reader and touches nothing but the sops block', async () => {
    const before = await encrypted(path, PLAIN[path] ?? '', [[bot]]);
    const tree = { files: { '.sops.yaml': config([bot, alice]), [path]: before } };
    const { file, result } = await rewriteIn(tree, bot, path);
    const bytes = bytesOf(result);
    expect(await opens(bytes, alice, file)).toBe(true);
    const after = { files: { ...tree.files, [path]: bytes } };
    expect(filesOf(planTree(after))).toEqual([]);
    const tokens = (text: string) => text.match(/ENC\[AES256_GCM[^\]]*\]/g);
    expect(tokens(Buffer.from(bytes).toString('utf8'))).toEqual(tokens(before));
  });

  it('removes a reader with the data key: the old one opens nothing', async () => {
    const before = await encrypted(path, PLAIN[path] ?? '', [[bot, bob]]);
    const tree = { files: { '.sops.yaml': config([bot]), [path]: before } };
    const { file, result } = await rewriteIn(tree, bot, path);
    const bytes = bytesOf(result);
    expect(await opens(bytes, bot, file)).toBe(true);
    expect(await opens(bytes, bob, file)).toBe(false);
    const store = storeFor(file.format);
    const old = store.parse(Buffer.from(before));
    if (old.block === null) throw new Error('no block');
    const oldKey = await fetchDataKey(readMetadata(old.block), { services: bob.services });
    const now = store.parse(bytes);
    expect(() => openDocument(now, oldKey, { ignoreMac: true })).toThrow();
    const oldTokens = new Set(before.match(/ENC\[AES256_GCM[^\]]*\]/g));
    const newTokens =
      Buffer.from(bytes)
        .toString('utf8')
        .match(/ENC\[AES256_GCM[^\]]*\]/g) ?? [];
    expect(newTokens.length).toBe([...before.matchAll(/ENC\[AES256_GCM[^\]]*\]/g)].length);
    expect(newTokens.filter((token) => oldTokens.has(token))).toEqual([]);
    expect(filesOf(planTree({ files: { ...tree.files, [path]: bytes } }))).toEqual([]);
  });

  it('splits the data key among groups', async () => {
    const before = await encrypted(path, PLAIN[path] ?? '', [[bot, alice, bob]]);
    const more = '    shamir_threshold: 2\n';
    const rules = sopsConfig(['', [[bot], [alice], [bob]], more]);
    const tree = { files: { '.sops.yaml': rules, [path]: before } };
    const { file, result } = await rewriteIn(tree, bot, path);
    const bytes = bytesOf(result);
    expect(await opens(bytes, bot, file)).toBe(false);
    const both = { ...bot, services: [...bot.services, ...alice.services] };
    expect(await opens(bytes, both, file)).toBe(true);
    expect(filesOf(planTree({ files: { ...tree.files, [path]: bytes } }))).toEqual([]);
  });
});

describe('rewriting', () => {
  const selection = { rule: 'encrypted_regex', value: '^password$' } as const;
  const wider = sopsConfig(['', [[bot]], '    encrypted_regex: ^(password|user)$\n']);
  const yaml = PLAIN['a.yaml'] ?? '';

  it('encrypts what a wider rule selects, and nothing else changes', async () => {
    const before = await encrypted('a.yaml', yaml, [[bot]], { selection });
    const tree = { files: { '.sops.yaml': wider, 'a.yaml': before } };
    const { result } = await rewriteIn(tree, bot, 'a.yaml');
    const text = Buffer.from(bytesOf(result)).toString('utf8');
    expect(before).toContain('user: admin');
    expect(text).not.toContain('admin');
    expect(text).toContain('open_unencrypted: as it is');
    expect(filesOf(planTree({ files: { ...tree.files, 'a.yaml': text } }))).toEqual([]);
  });

  it('leaves out a file whose MAC is wrong', async () => {
    const before = await encrypted('a.yaml', yaml, [[bot]]);
    const broken = before.replace('open_unencrypted: as it is', 'open_unencrypted: other');
    const tree = { files: { '.sops.yaml': config([bot, alice]), 'a.yaml': broken } };
    const { result } = await rewriteIn(tree, bot, 'a.yaml');
    expect(reasonOf(result)).toContain('MAC mismatch');
    expect(reasonOf(result)).not.toContain('hunter');
  });

  it('leaves out a file that no key at hand opens', async () => {
    const before = await encrypted('a.yaml', yaml, [[alice]]);
    const tree = { files: { '.sops.yaml': config([bot, alice]), 'a.yaml': before } };
    const { result } = await rewriteIn(tree, bot, 'a.yaml');
    expect(result.kind).toBe('left-out');
    expect(reasonOf(result)).toContain(alice.recipient);
  });

  it('leaves out a file that is another than the planned one', async () => {
    const before = await encrypted('a.yaml', yaml, [[bot]]);
    const tree = { files: { '.sops.yaml': config([bot, alice]), 'a.yaml': before } };
    const [file] = filesOf(planTree(tree));
    const other = await encrypted('a.yaml', yaml, [[bot, bob]]);
    if (file === undefined) throw new Error('not due');
    const options = { services: bot.services, clock };
    const result = await rewriteFile(Buffer.from(other), file, options);
    expect(reasonOf(result)).toContain('no longer what was planned');
    const garbage = await rewriteFile(randomBytes(100), file, options);
    expect(garbage.kind).toBe('left-out');
  });

  it('leaves out a file in which the old data key would open a value left plain', async () => {
    const first = await encrypted('a.yaml', 'a: secret\nb_unencrypted: PLACE\n', [[bot, bob]]);
    const token = /a: (ENC\[[^\]]*\])/.exec(first)?.[1] ?? '';
    const opened = await decrypt(storeFor('yaml').parse(Buffer.from(first)), {
      services: bot.services,
    });
    // The same file as somebody with its data key could have made it.
    const { reseal } = await import('../../../core/src/operations/reseal.ts');
    const branches = opened.document.branches.map((branch) => ({
      ...branch,
      items: branch.items.map((item) =>
        item.kind === 'entry' && item.key === 'b_unencrypted' && item.value.kind === 'leaf'
          ? { ...item, value: { ...item.value, scalar: { type: 'str' as const, value: token } } }
          : item,
      ),
    }));
    const planted = storeFor('yaml').emit(reseal(opened, branches, { now: daysAgo(1) }));
    const tree = { files: { '.sops.yaml': config([bot]), 'a.yaml': planted } };
    const { result } = await rewriteIn(tree, bot, 'a.yaml');
    expect(reasonOf(result)).toContain('old data key would still open');
  });

  it('leaves out a file when a reader to be cannot be wrapped for, and says which', async () => {
    const before = await encrypted('a.yaml', yaml, [[bot]]);
    const rules = `creation_rules:
  - age: ${bot.recipient}
    pgp: 85D77543B3D624B63CEA9E6DBC17301B491B3F21
`;
    const tree = { files: { '.sops.yaml': rules, 'a.yaml': before } };
    const { result } = await rewriteIn(tree, bot, 'a.yaml');
    expect(reasonOf(result)).toContain('85D77543B3D624B63CEA9E6DBC17301B491B3F21');
  });

  it.each(['listcomment.enc.yaml', 'comments.enc.yaml', 'multi.enc.yaml', 'strings.enc.yaml'])(
    'keeps the form of what the real sops wrote: %s',
    async (name) => {
      const before = readFileSync(vector(name), 'utf8');
      const key = masterKeyOf({ type: 'age', id: bob.recipient, name: null, owner: null });
      const tree = {
        files: { '.sops.yaml': `creation_rules:\n  - age: ${RECIPIENT_1}\n`, 'a.yaml': before },
        history: { 'a.yaml': { since: daysAgo(1), formerKeys: [key] } },
      };
      const { file, result } = await rewriteIn(
        tree,
        { recipient: RECIPIENT_1, services: testServices },
        'a.yaml',
      );
      expect(file.actions).toEqual(['rotate']);
      const outside = (text: string) =>
        text.replace(/ENC\[[^\]]*\]/g, '').replace(/^sops:\n(?: .*\n|\n)*/gm, '');
      const after = Buffer.from(bytesOf(result)).toString('utf8');
      expect(outside(after)).toBe(outside(before));
    },
  );
});
