import { scrypt } from 'node:crypto';
import { decodeUtf8 } from '../bytes.ts';
import { TidelockError } from '../errors.ts';
import { dearmorAge } from './age-armor.ts';
import { openChaCha } from './age-crypto.ts';
import { FILE_KEY_BYTES, openAgeFile } from './age-file.ts';
import { type AgeHeader, decodeRawBase64, parseAgeFile } from './age-format.ts';

const LABEL = Buffer.from('age-encryption.org/v1/scrypt');
const SALT_BYTES = 16;
/** As age: more would be an attempt to keep the machine busy. 22 takes 4 GiB. */
const MOST_WORK = 22;

/**
 * The plaintext of an age file encrypted with a passphrase, armored or not.
 * @throws TidelockError ERR_IDENTITY
 */
export async function openPassphraseFile(bytes: Uint8Array, passphrase: string): Promise<string> {
  const armored = bytes[0] === 0x61 ? null : dearmorAge(decodeUtf8(bytes) ?? '');
  const file = readFile(armored ?? bytes);
  const fileKey = await unwrapScrypt(file.header, passphrase);
  if (fileKey === null) throw refused('the passphrase is wrong');
  const text = decodeUtf8(openAgeFile(file, fileKey));
  if (text === null) throw refused('its content is not text');
  return text;
}

function readFile(bytes: Uint8Array): ReturnType<typeof parseAgeFile> {
  try {
    return parseAgeFile(bytes);
  } catch (cause) {
    throw refused('it is damaged', cause);
  }
}

async function unwrapScrypt(header: AgeHeader, passphrase: string): Promise<Uint8Array | null> {
  const [stanza] = header.stanzas;
  if (header.stanzas.length !== 1 || stanza?.args[0] !== 'scrypt') {
    throw refused('it is not encrypted with a passphrase');
  }
  const salt = decodeRawBase64(stanza.args[1] ?? '');
  const work = stanza.args[2] ?? '';
  if (salt?.length !== SALT_BYTES || !/^[1-9][0-9]?$/.test(work) || stanza.args.length !== 3) {
    throw refused('it is damaged');
  }
  if (Number(work) > MOST_WORK) throw refused(`its work factor ${work} is above ${MOST_WORK}`);
  if (stanza.body.length !== FILE_KEY_BYTES + 16) throw refused('it is damaged');
  const key = await derive(passphrase, Buffer.concat([LABEL, salt]), Number(work));
  return openChaCha(key, stanza.body);
}

function derive(passphrase: string, salt: Uint8Array, work: number): Promise<Uint8Array> {
  const cost = 2 ** work;
  const options = { N: cost, r: 8, p: 1, maxmem: 128 * 8 * cost + 1024 * 1024 };
  return new Promise((resolve, reject) => {
    scrypt(passphrase, salt, 32, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(refused('this machine cannot derive its key', error));
    });
  });
}

function refused(why: string, cause?: unknown): TidelockError {
  return new TidelockError('ERR_IDENTITY', `The encrypted identity file cannot be opened: ${why}`, {
    hint: 'Check it with: age -d <file>.',
    ...(cause === undefined ? {} : { cause }),
  });
}
