import { readFileSync } from 'node:fs';
import { createMessage, encrypt, generateKey, type PublicKey } from 'openpgp';
import { beforeAll, describe, expect } from 'vitest';
import { check, checkBoth } from '../support/attack.ts';
import { type ChangeRepository, RULES } from '../support/change-repository.ts';
import { vector } from '../support/program.ts';

/** Wrapped keys that open for others than they say. */

const FINGERPRINT = /fp: (.*)/.exec(readFileSync(vector('pgp.enc.yaml'), 'utf8'))?.[1] ?? '';
let owner: PublicKey;
let stranger: PublicKey;

beforeAll(async () => {
  const create = async (name: string) =>
    (await generateKey({ userIDs: [{ name }], format: 'object' })).publicKey;
  [owner, stranger] = [await create('owner'), await create('stranger')];
});

const nameOf = (key: PublicKey) => key.getFingerprint().toUpperCase();

/** A file of the owner's, wrapped for whom the test says. */
async function sealFor(keys: readonly PublicKey[], wildcard = false): Promise<string> {
  const armored = await encrypt({
    message: await createMessage({ binary: new Uint8Array(32) }),
    encryptionKeys: [...keys],
    format: 'armored',
    wildcard,
  });
  const indented = armored.trim().replace(/\r/g, '').replace(/^/gm, '            ').trim();
  const text = readFileSync(vector('pgp.enc.yaml'), 'utf8')
    .replace(FINGERPRINT, nameOf(owner))
    .replace(/-----BEGIN PGP MESSAGE-----[\s\S]*?-----END PGP MESSAGE-----/, indented);
  expect(text).toContain(nameOf(owner));
  return text;
}

const setUp = ({ write }: ChangeRepository) => {
  write('.sops.yaml', `${RULES}  - path_regex: ^pgp/\n    pgp: ${nameOf(owner)}\n`);
  write('.sops.pub.asc', owner.armor());
};
const hidden = ['error policy/hidden-recipient pgp/x.yaml'];

describe('a PGP message', () => {
  checkBoth({
    name: 'for a subkey of its recipient, by the public key in the repository',
    setUp,
    change: async ({ write }) => write('pgp/x.yaml', await sealFor([owner])),
    found: [],
  });
  checkBoth({
    name: 'for somebody else alone',
    setUp,
    change: async ({ write }) => write('pgp/x.yaml', await sealFor([stranger])),
    found: hidden,
  });
  check({
    name: 'for one more',
    setUp,
    change: async ({ write }) => write('pgp/x.yaml', await sealFor([owner, stranger])),
    found: hidden,
  });
  check({
    name: 'for nobody by name',
    setUp,
    change: async ({ write }) => write('pgp/x.yaml', await sealFor([owner], true)),
    found: hidden,
  });
  check({
    name: 'for somebody whose key the change puts in the place of the public key',
    setUp,
    async change({ write }) {
      write('.sops.pub.asc', stranger.armor());
      write('pgp/x.yaml', await sealFor([stranger]));
    },
    found: hidden,
  });
  check({
    name: 'for somebody else, in a commit that a later one takes back',
    setUp,
    async change({ commit, git, write }) {
      write('pgp/x.yaml', await sealFor([stranger]));
      commit();
      git('rm', '-q', 'pgp/x.yaml');
    },
    found: hidden,
  });
});
