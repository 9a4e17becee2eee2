import { posix, win32 } from 'node:path';
import { decodeUtf8 } from '../bytes.ts';
import { TidelockError } from '../errors.ts';
import type { Environment } from '../ports.ts';
import { isAgeFile } from './age-armor.ts';
import type { AgeIdentity } from './age-identity.ts';
import { parseAgeIdentities } from './age-identity-text.ts';
import { openPassphraseFile } from './age-passphrase.ts';
import type { PluginAccess } from './age-plugin.ts';
import { sshIdentity } from './age-ssh-identity.ts';
import { runIdentityCommand } from './identity-command.ts';
import type { ReadPassphrase } from './passphrase.ts';
import { parseSshPrivateKey } from './ssh-private-key.ts';
import { parseSshPublicKey } from './ssh-public-key.ts';

export interface AgeIdentityOptions {
  readonly environment: Environment;
  readonly readPassphrase?: ReadPassphrase;
  /** null or absent: plugin identities cannot be used. */
  readonly plugins?: PluginAccess | null;
}

/** One of the places where sops looks for identities. */
export interface AgeIdentitySource {
  /** As messages name it: a variable or a path. */
  readonly name: string;
  readonly holds: 'age' | 'ssh';
  /** It starts a program: asked only when the others did not help. */
  readonly runs: boolean;
  /** What it holds depends on the recipient (SOPS_AGE_KEY_CMD). */
  readonly perRecipient: boolean;
  /**
   * null when there is nothing at that place.
   * @throws TidelockError ERR_IDENTITY, without a word of the content
   */
  load(recipient: string): Promise<readonly AgeIdentity[] | null>;
}

/** Every place of SOPS-FORMAT 6.3 that this environment has, in sops' order. Nothing is read yet. */
export function ageIdentitySources(options: AgeIdentityOptions): readonly AgeIdentitySource[] {
  const { env, homeDir, platform } = options.environment;
  const path = platform === 'win32' ? win32 : posix;
  const once = { runs: false, perRecipient: false };
  const fromFile = (name: string, file: string | undefined, required: boolean) => async () =>
    file === undefined ? null : readSource({ name, file, required }, options);
  const ssh = (name: string, file: string | undefined, required: boolean): AgeIdentitySource => ({
    name,
    holds: 'ssh',
    ...once,
    load: async () => (file === undefined ? null : readSshKey({ name, file, required }, options)),
  });
  const keysFile = defaultKeysFile(options.environment);
  const defaults = ['id_ed25519', 'id_rsa'].map((name) => path.join(homeDir, '.ssh', name));
  return [
    ssh('SOPS_AGE_SSH_PRIVATE_KEY_FILE', env.SOPS_AGE_SSH_PRIVATE_KEY_FILE, true),
    command('SOPS_AGE_SSH_PRIVATE_KEY_CMD', 'ssh', options),
    ...defaults.map((file) => ssh(file, file, false)),
    { name: 'SOPS_AGE_KEY', holds: 'age', ...once, load: async () => fromVariable(options) },
    {
      name: 'SOPS_AGE_KEY_FILE',
      holds: 'age',
      ...once,
      load: fromFile('SOPS_AGE_KEY_FILE', env.SOPS_AGE_KEY_FILE, true),
    },
    command('SOPS_AGE_KEY_CMD', 'age', options),
    { name: keysFile, holds: 'age', ...once, load: fromFile(keysFile, keysFile, false) },
  ];
}

/** `<configuration folder>/sops/age/keys.txt`, as sops finds it (SOPS-FORMAT 6.3). */
export function defaultKeysFile(environment: Environment): string {
  const { env, homeDir, platform } = environment;
  const path = platform === 'win32' ? win32 : posix;
  const library = path.join(homeDir, 'Library', 'Application Support');
  const folder =
    platform === 'win32'
      ? (env.AppData ?? env.APPDATA ?? path.join(homeDir, 'AppData', 'Roaming'))
      : env.XDG_CONFIG_HOME || (platform === 'darwin' ? library : path.join(homeDir, '.config'));
  return path.join(folder, 'sops', 'age', 'keys.txt');
}

function command(
  name: string,
  holds: 'age' | 'ssh',
  options: AgeIdentityOptions,
): AgeIdentitySource {
  const load = async (recipient: string): Promise<readonly AgeIdentity[] | null> => {
    const text = options.environment.env[name];
    if (text === undefined) return null;
    const variables: Record<string, string> =
      holds === 'age' ? { SOPS_AGE_RECIPIENT: recipient } : {};
    const output = await runIdentityCommand({ name, text, variables }, options.environment);
    if (holds === 'age') return parseSource(name, output, options);
    const key = parseSshPrivateKey(asText(name, output));
    return [sshIdentity(key, { source: name, publicKey: null, readPassphrase: undefined })];
  };
  return { name, holds, runs: true, perRecipient: holds === 'age', load };
}

function fromVariable(options: AgeIdentityOptions): readonly AgeIdentity[] | null {
  const text = options.environment.env.SOPS_AGE_KEY;
  return text === undefined ? null : parseSource('SOPS_AGE_KEY', Buffer.from(text), options);
}

interface FileSource {
  readonly name: string;
  readonly file: string;
  /** The user named it: then it must exist. */
  readonly required: boolean;
}

async function readSource(
  source: FileSource,
  options: AgeIdentityOptions,
): Promise<readonly AgeIdentity[] | null> {
  const bytes = await readKeyFile(source, options.environment);
  return bytes === null ? null : parseSource(source.name, bytes, options);
}

async function readSshKey(
  source: FileSource,
  options: AgeIdentityOptions,
): Promise<readonly AgeIdentity[] | null> {
  const bytes = await readKeyFile(source, options.environment);
  if (bytes === null) return null;
  const key = parseSshPrivateKey(asText(source.name, bytes));
  const needsPublic = key.sealed && key.publicKey === null;
  const pub = needsPublic ? await options.environment.readFile(`${source.file}.pub`) : null;
  const publicKey = pub === null ? null : parseSshPublicKey(asText(source.name, pub).trim());
  if (needsPublic && publicKey === null) {
    throw new TidelockError(
      'ERR_IDENTITY',
      `${source.name} needs its public key in a file beside it`,
      {
        hint: 'Write it with: ssh-keygen -y -f <file> > <file>.pub',
      },
    );
  }
  const { readPassphrase } = options;
  return [sshIdentity(key, { source: source.name, publicKey, readPassphrase })];
}

async function readKeyFile(
  source: FileSource,
  environment: Environment,
): Promise<Uint8Array | null> {
  const failed = (why: string, cause?: unknown): TidelockError =>
    new TidelockError('ERR_IDENTITY', `The file of ${source.name} ${why}`, {
      hint: 'Check the path and that you may read it.',
      ...(cause === undefined ? {} : { cause }),
    });
  let bytes: Uint8Array | null;
  try {
    bytes = await environment.readFile(source.file);
  } catch (cause) {
    throw failed('cannot be read', cause);
  }
  if (bytes === null && source.required) throw failed('does not exist');
  return bytes;
}

function parseSource(
  name: string,
  bytes: Uint8Array,
  options: AgeIdentityOptions,
): readonly AgeIdentity[] {
  const plugins = options.plugins ?? null;
  if (!isAgeFile(bytes)) return parseAgeIdentities(asText(name, bytes), plugins);
  let opened: Promise<readonly AgeIdentity[]> | null = null;
  const open = async (): Promise<readonly AgeIdentity[]> => {
    const passphrase = await options.readPassphrase?.(`Passphrase of the identities in ${name}`);
    if (passphrase === undefined || passphrase === null) {
      throw new TidelockError('ERR_IDENTITY', 'It is protected by a passphrase', {
        hint: 'Run it on a terminal, or give identities without a passphrase in SOPS_AGE_KEY_CMD.',
      });
    }
    return parseAgeIdentities(await openPassphraseFile(bytes, passphrase), plugins);
  };
  return [
    {
      kind: 'passphrase',
      asks: true,
      unwrapFileKey: async (header) => {
        opened ??= open();
        for (const identity of await opened) {
          const fileKey = await identity.unwrapFileKey(header);
          if (fileKey !== null) return fileKey;
        }
        return null;
      },
    },
  ];
}

function asText(name: string, bytes: Uint8Array): string {
  const text = decodeUtf8(bytes);
  if (text !== null) return text;
  throw new TidelockError('ERR_IDENTITY', `The content of ${name} is not text`, {
    hint: 'It must hold identities, one a line.',
  });
}
