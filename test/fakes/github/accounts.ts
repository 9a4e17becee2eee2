import { createPublicKey, generateKeyPairSync, randomBytes, verify } from 'node:crypto';
import type { Person } from './bare-repository.ts';

export type Level = 'none' | 'read' | 'write';

/** What a token may do, in the words of GitHub's permissions. */
export interface Permissions {
  readonly contents: Level;
  readonly pull_requests: Level;
  readonly issues: Level;
  readonly administration: Level;
}

export type TokenKind = 'user' | 'app' | 'actions';

export interface Caller {
  readonly login: string;
  readonly kind: TokenKind;
  readonly permissions: Permissions;
}

export const NO_PERMISSIONS: Permissions = {
  contents: 'none',
  pull_requests: 'none',
  issues: 'none',
  administration: 'none',
};

export const BOT_PERMISSIONS: Permissions = {
  ...NO_PERMISSIONS,
  contents: 'write',
  pull_requests: 'write',
};

export const isEnough = (have: Level, need: Level) => LEVELS.indexOf(have) >= LEVELS.indexOf(need);
const LEVELS: readonly Level[] = ['none', 'read', 'write'];

/** The tokens that a forge has given out, and its apps. */
export class Accounts {
  readonly #tokens = new Map<string, Caller>();
  readonly #apps = new Map<string, FakeApp>();

  /** A token as GitHub writes it for its kind. */
  addToken(login: string, kind: TokenKind, permissions: Permissions = BOT_PERMISSIONS): string {
    const prefix = kind === 'user' ? 'ghp' : 'ghs';
    const token = [prefix, randomBytes(18).toString('hex')].join('_');
    const name = kind === 'user' ? login : `${login}[bot]`;
    this.#tokens.set(token, { login: name, kind, permissions });
    return token;
  }

  addApp(slug: string, permissions: Permissions = BOT_PERMISSIONS): FakeApp {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const app = {
      id: String(1000 + this.#apps.size),
      slug,
      permissions,
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    };
    this.#apps.set(app.id, app);
    return app;
  }

  /** Who calls, by the Authorization header; null for a token nobody gave out. */
  caller(authorization: string | undefined): Caller | null {
    const [, token = ''] = /^(?:token|bearer) (.+)$/i.exec(authorization ?? '') ?? [];
    return this.#tokens.get(token) ?? null;
  }

  /** By the token that Git sends as a password. */
  gitCaller(authorization: string | undefined): Caller | null {
    const [, encoded = ''] = /^basic (.+)$/i.exec(authorization ?? '') ?? [];
    const [, token = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
    return this.#tokens.get(token) ?? null;
  }

  /** The app whose signed assertion the header carries. */
  app(authorization: string | undefined): FakeApp | null {
    const [, jwt = ''] = /^bearer (.+)$/i.exec(authorization ?? '') ?? [];
    const [header = '', payload = '', signature = ''] = jwt.split('.');
    const app = this.#apps.get(issuerOf(payload));
    if (app === undefined) return null;
    const isSigned = verify(
      'sha256',
      Buffer.from(`${header}.${payload}`),
      createPublicKey(app.publicKey),
      Buffer.from(signature, 'base64url'),
    );
    return isSigned ? app : null;
  }
}

export interface FakeApp {
  readonly id: string;
  readonly slug: string;
  readonly permissions: Permissions;
  readonly privateKey: string;
  readonly publicKey: string;
}

function issuerOf(payload: string): string {
  try {
    return String(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')).iss);
  } catch {
    return '';
  }
}

/** Who an account is in a commit. */
export const personOf = (login: string): Person => ({
  name: login,
  email: `${login}@users.noreply.fake.example`,
});

/** The account that a commit's address belongs to, or null. */
export const loginOf = ({ email }: Person): string | null =>
  /^(.+)@users\.noreply\.fake\.example$/.exec(email)?.[1] ?? null;

/** Who commits what the forge commits. */
export const WEB_FLOW: Person = { name: 'GitHub', email: 'noreply@github.com' };
