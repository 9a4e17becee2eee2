import { randomBytes } from 'node:crypto';
import { Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { beforeAll, describe, expect, it } from 'vitest';
import { armorAge } from '../../src/keys/age-armor.ts';
import { defaultKeysFile } from '../../src/keys/age-identities.ts';
import { ageKeyService } from '../../src/keys/age-key-service.ts';
import { encodeBech32 } from '../../src/keys/bech32.ts';
import type { ReadPassphrase } from '../../src/keys/passphrase.ts';
import { type FakeMachine, fakeEnvironment, vector } from './environment.ts';

const dataKey = Uint8Array.from(randomBytes(32));
let identity = '';
let other = '';
let recipient = '';
let enc = '';

beforeAll(async () => {
  identity = await generateX25519Identity();
  other = await generateX25519Identity();
  recipient = await identityToRecipient(identity);
  enc = await ageKeyService({ environment: fakeEnvironment() }).wrap(
    { type: 'age', recipient, enc: '' },
    dataKey,
  );
});

async function opens(machine: FakeMachine, readPassphrase?: ReadPassphrase): Promise<boolean> {
  const asking = readPassphrase === undefined ? {} : { readPassphrase };
  const service = ageKeyService({ environment: fakeEnvironment(machine), ...asking });
  const opened = await service.unwrap({ type: 'age', recipient, enc });
  return Buffer.compare(opened ?? new Uint8Array(0), dataKey) === 0;
}

async function refusal(machine: FakeMachine, readPassphrase?: ReadPassphrase): Promise<string> {
  const error = await opens(machine, readPassphrase).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'ERR_KEY_UNWRAP' });
  return (error as Error).message;
}

describe('places of identities', () => {
  it('finds one in each of them', async () => {
    expect(await opens({ env: { SOPS_AGE_KEY: identity } })).toBe(true);
    expect(await opens({ env: { SOPS_AGE_KEY: `# c\r\n${other} ${identity}\r\n` } })).toBe(true);
    expect(
      await opens({ env: { SOPS_AGE_KEY_FILE: '/k' }, files: { '/k': `${other}\n${identity}\n` } }),
    ).toBe(true);
    expect(await opens({ files: { '/home/nobody/.config/sops/age/keys.txt': identity } })).toBe(
      true,
    );
    expect(
      await opens({ env: { XDG_CONFIG_HOME: '/x' }, files: { '/x/sops/age/keys.txt': identity } }),
    ).toBe(true);
    expect(
      await opens({
        env: { SOPS_AGE_KEY: other },
        files: { '/home/nobody/.config/sops/age/keys.txt': identity },
      }),
    ).toBe(true);
    expect(await opens({ env: { SOPS_AGE_KEY_CMD: `printf '%s\\n' ${identity}` } })).toBe(true);
    const onlyFor = `sh -c 'if [ "$SOPS_AGE_RECIPIENT" = "${recipient}" ]; then echo ${identity}; fi'`;
    expect(await opens({ env: { SOPS_AGE_KEY_CMD: onlyFor } })).toBe(true);
  });

  it('knows the default file of each system', () => {
    const at = (platform: NodeJS.Platform, env: Record<string, string> = {}) =>
      defaultKeysFile(fakeEnvironment({ platform, env }));
    expect(at('linux')).toBe('/home/nobody/.config/sops/age/keys.txt');
    expect(at('darwin')).toBe('/home/nobody/Library/Application Support/sops/age/keys.txt');
    expect(at('darwin', { XDG_CONFIG_HOME: '/x' })).toBe('/x/sops/age/keys.txt');
    expect(at('win32', { AppData: 'C:\\A' })).toBe('C:\\A\\sops\\age\\keys.txt');
  });

  it('reads no ssh key and starts no program when a file at hand opens it', async () => {
    const reads: string[] = [];
    const env = { SOPS_AGE_KEY: identity, SOPS_AGE_KEY_CMD: '/nonexistent/program' };
    expect(await opens({ env, reads })).toBe(true);
    expect(reads).toEqual([]);
  });

  it('reads each place once for many keys', async () => {
    const reads: string[] = [];
    const service = ageKeyService({
      environment: fakeEnvironment({
        env: { SOPS_AGE_KEY_FILE: '/k' },
        files: { '/k': identity },
        reads,
      }),
    });
    await Promise.all(
      Array.from({ length: 5 }, () => service.unwrap({ type: 'age', recipient, enc })),
    );
    expect(reads).toEqual(['/k']);
  });
});

describe('what is said when none opens', () => {
  it('names the places, and errors that were met', async () => {
    expect(await refusal({})).toBe(
      "No age identity was found. Found nothing in 'SOPS_AGE_KEY', 'SOPS_AGE_KEY_FILE', " +
        "'/home/nobody/.config/sops/age/keys.txt', 'SOPS_AGE_KEY_CMD'.",
    );
    expect(await refusal({ env: { SOPS_AGE_KEY: other } })).toContain(
      'No age identity matched any of the recipients.',
    );
    expect(await refusal({ env: { SOPS_AGE_KEY_FILE: '/gone' } })).toContain(
      'SOPS_AGE_KEY_FILE: The file of SOPS_AGE_KEY_FILE does not exist',
    );
    expect(await refusal({ env: { SOPS_AGE_KEY_CMD: 'false' } })).toContain('ended with status 1');
    expect(await refusal({ env: { SOPS_AGE_KEY_CMD: '/nonexistent/x y' } })).toContain(
      'could not be started',
    );
    expect(await refusal({ env: { SOPS_AGE_KEY_CMD: "a 'b" } })).toContain('holds no command');
  });

  it('never repeats an identity', async () => {
    const damaged = `${identity.slice(0, -1)}${identity.endsWith('Q') ? 'P' : 'Q'}`;
    const plugin = encodeBech32('age-plugin-none-', randomBytes(8)).toUpperCase();
    const machines: FakeMachine[] = [
      { env: { SOPS_AGE_KEY: damaged } },
      { env: { SOPS_AGE_KEY: other.toLowerCase() } },
      { env: { SOPS_AGE_KEY: `${other}x` } },
      { env: { SOPS_AGE_KEY: plugin } },
      { env: { SOPS_AGE_KEY_CMD: `sh -c 'echo ${damaged}'` } },
      { env: { SOPS_AGE_KEY_FILE: identity } },
    ];
    for (const machine of machines) {
      const said = await refusal(machine);
      for (const secret of [identity, other, plugin]) {
        expect(said.toUpperCase()).not.toContain(secret.slice(12, 40));
      }
    }
    expect(await refusal({ env: { SOPS_AGE_KEY: `\n${damaged}` } })).toContain(
      'Line 2 holds an identity whose checksum or length is wrong',
    );
    expect(
      await refusal({ env: { SOPS_AGE_KEY: Buffer.from([1, 2]).toString('latin1') } }),
    ).toContain('Line 1 holds an unknown identity type');
  });
});

describe('passphrases', () => {
  const passphrase = 'correct horse';
  let sealed = new Uint8Array(0);

  beforeAll(async () => {
    const encrypter = new Encrypter();
    encrypter.setPassphrase(passphrase);
    encrypter.setScryptWorkFactor(10);
    sealed = Uint8Array.from(await encrypter.encrypt(`# note\n${identity}\n`));
  });

  it('open identity files, armored or not, asked for once and last', async () => {
    for (const file of [sealed, armorAge(sealed)]) {
      let asked = 0;
      const ask = async () => {
        asked += 1;
        return passphrase;
      };
      const machine = { env: { SOPS_AGE_KEY_FILE: '/k' }, files: { '/k': file } };
      const service = ageKeyService({ environment: fakeEnvironment(machine), readPassphrase: ask });
      for (let i = 0; i < 2; i++)
        expect(await service.unwrap({ type: 'age', recipient, enc })).toHaveLength(32);
      expect(asked).toBe(1);
      expect(
        await opens(
          {
            ...machine,
            files: { ...machine.files, '/home/nobody/.config/sops/age/keys.txt': identity },
          },
          ask,
        ),
      ).toBe(true);
      expect(asked).toBe(1);
    }
  });

  it('that are wrong or cannot be asked for are said', async () => {
    const machine = { env: { SOPS_AGE_KEY_FILE: '/k' }, files: { '/k': sealed } };
    expect(await refusal(machine)).toContain('protected by a passphrase');
    expect(await refusal(machine, async () => 'no')).toContain('the passphrase is wrong');
    const costly = Buffer.from(sealed).toString('latin1').replace(/ 10\n/, ' 30\n');
    const bomb = { ...machine, files: { '/k': Buffer.from(costly, 'latin1') } };
    expect(await refusal(bomb, async () => passphrase)).toContain('work factor 30 is above 22');
  });

  it('of ssh keys are asked for only when a stanza names the key', async () => {
    const machine = { files: { '/home/nobody/.ssh/id_rsa': vector('ssh_rsa') } };
    expect(await refusal(machine)).not.toContain('.ssh');
    const rsa = vector('ssh_rsa.pub').trim();
    const service = ageKeyService({ environment: fakeEnvironment(machine) });
    const wrapped = await service.wrap({ type: 'age', recipient: rsa, enc: '' }, dataKey);
    expect(await service.unwrap({ type: 'age', recipient: rsa, enc: wrapped })).toHaveLength(32);
  });
});
