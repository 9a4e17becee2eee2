import { TidelockError } from '../errors.ts';
import type { Environment, RunResult } from '../ports.ts';
import { parsePgpFingerprint } from './pgp-fingerprint.ts';

const MOST_OUTPUT = 64 * 1024;
/** Keys carry photographs and many signatures. */
const MOST_EXPORT = 4 * 1024 * 1024;
const MOST_SAID = 2000;

/**
 * The data key as a PGP message made by gpg, trimmed (SOPS-FORMAT 6.4).
 * @throws TidelockError ERR_KEY_SPEC, ERR_KEY_WRAP
 */
export async function encryptWithGpg(
  fingerprint: string,
  dataKey: Uint8Array,
  environment: Environment,
): Promise<string> {
  if (parsePgpFingerprint(fingerprint) === null) {
    throw new TidelockError('ERR_KEY_SPEC', 'A PGP key is not named by its fingerprint', {
      hint: 'Expected 8 to 40 hexadecimal digits (gpg --list-keys).',
    });
  }
  const args = [
    '--no-default-recipient',
    '--yes',
    '--encrypt',
    '-a',
    '-r',
    fingerprint,
    '--trusted-key',
    shortened(fingerprint),
    '--no-encrypt-to',
  ];
  const result = await runGpg(args, dataKey, environment);
  const message = Buffer.from(result?.stdout ?? [])
    .toString('latin1')
    .trim();
  if (result?.status === 0 && message !== '') return message;
  throw new TidelockError('ERR_KEY_WRAP', `gpg could not encrypt: ${said(result)}`, {
    hint: `Import the public key: gpg --receive-keys ${fingerprint}`,
  });
}

/** @throws TidelockError ERR_KEY_UNWRAP with what gpg said */
export async function decryptWithGpg(
  message: string,
  environment: Environment,
): Promise<Uint8Array> {
  const result = await runGpg(['-d'], message, environment);
  if (result?.status === 0 && result.stdout.length > 0) return result.stdout;
  throw new TidelockError('ERR_KEY_UNWRAP', `gpg could not decrypt: ${said(result)}`, {
    hint: 'Check with gpg --list-secret-keys that the secret key is there and its agent answers.',
  });
}

/** The public key of that fingerprint with its subkeys, binary; null when gpg has none. */
export async function exportWithGpg(
  fingerprint: string,
  environment: Environment,
): Promise<Uint8Array | null> {
  if (parsePgpFingerprint(fingerprint) === null) return null;
  const args = ['--batch', '--no-tty', '--export', '--', fingerprint.replace(/!$/, '')];
  const result = await runGpg(args, '', environment, MOST_EXPORT);
  return result?.status === 0 && result.stdout.length > 0 ? result.stdout : null;
}

/** The last 16 digits, with the `!` of a forced subkey. */
function shortened(fingerprint: string): string {
  return fingerprint.slice(fingerprint.endsWith('!') ? -17 : -16);
}

/** null when gpg could not be started. */
async function runGpg(
  args: readonly string[],
  input: Uint8Array | string,
  environment: Environment,
  maxOutput = MOST_OUTPUT,
): Promise<RunResult | null> {
  const program = environment.env.SOPS_GPG_EXEC || 'gpg';
  const options = { input, env: environment.env, maxOutput };
  return environment.run(program, args, options).catch(() => null);
}

function said(result: RunResult | null): string {
  if (result === null) return 'it could not be started';
  const text = result.stderr.trim().slice(0, MOST_SAID);
  return text === '' ? `it ended with status ${result.status} and no output` : text;
}
