import { enums, generateKey, PacketList, type PublicKey, readKey } from 'openpgp';
import { describe, expect, it } from 'vitest';
import { readPgpKeyIds } from '../../src/keys/pgp-key-ids.ts';

const create = async (name: string) =>
  (await generateKey({ userIDs: [{ name }], format: 'object' })).publicKey;
const idsOf = (key: PublicKey) => key.getKeyIDs().map((id) => id.toHex().toUpperCase());
const nameOf = (key: PublicKey) => key.getFingerprint().toUpperCase();

describe('key ids of public keys', () => {
  it('are found by the fingerprint of the key, of a subkey, and by a long key id', async () => {
    const [one, other] = [await create('one'), await create('other')];
    const keyIds = await readPgpKeyIds([Buffer.from(one.armor()), Uint8Array.from(other.write())]);
    const subkey = one.getSubkeys()[0]?.getFingerprint().toUpperCase() ?? '';
    for (const name of [nameOf(one), subkey, nameOf(one).slice(-16)])
      expect(keyIds(name)).toEqual(idsOf(one));
    expect(keyIds(nameOf(other))).toEqual(idsOf(other));
    expect(keyIds('A'.repeat(40))).toBeNull();
  });

  it('are not those of a subkey that the key has not signed for', async () => {
    const [owner, stranger] = [await create('owner'), await create('stranger')];
    const packets = new PacketList();
    for (const packet of [...owner.toPacketList(), ...stranger.toPacketList().slice(-2)])
      packets.push(packet);
    const forged = await readKey({ binaryKey: packets.write() });
    expect(forged.getSubkeys()).toHaveLength(2);
    expect(packets.filterByTag(enums.packet.publicSubkey)).toHaveLength(2);
    const alone = await readPgpKeyIds([Uint8Array.from(packets.write())]);
    expect(alone(nameOf(owner))).toBeNull();
    const both = await readPgpKeyIds([
      Uint8Array.from(packets.write()),
      Uint8Array.from(owner.write()),
    ]);
    expect(both(nameOf(owner))).toEqual(idsOf(owner));
  });

  it('are none of what is no public key', async () => {
    const keyIds = await readPgpKeyIds([Buffer.from('ssh-ed25519 AAAA'), new Uint8Array(64)]);
    expect(keyIds('A'.repeat(40))).toBeNull();
  });
});
