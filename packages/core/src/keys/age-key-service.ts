import { randomBytes as nodeRandomBytes } from 'node:crypto';
import { zero } from '../bytes.ts';
import type { MasterKey } from '../document/metadata.ts';
import { TidelockError } from '../errors.ts';
import type { RandomBytes } from '../ports.ts';
import { dearmorAge } from './age-armor.ts';
import { openAgeFile } from './age-file.ts';
import { type AgeHeader, parseAgeFile } from './age-format.ts';
import {
  type AgeIdentityOptions,
  type AgeIdentitySource,
  ageIdentitySources,
} from './age-identities.ts';
import type { AgeIdentity } from './age-identity.ts';
import { wrapForAge } from './age-wrap.ts';
import type { KeyService } from './keyservice.ts';
import { createLimiter, type Limiter } from './limiter.ts';

export interface AgeKeyServiceOptions extends AgeIdentityOptions {
  /** node's unless given. */
  readonly randomBytes?: RandomBytes;
  /** Recipients whose plugin may be started; none unless given. */
  readonly isTrustedRecipient?: (recipient: string) => boolean;
}

type Loaded = readonly AgeIdentity[] | null;

/**
 * age: X25519, hybrid post-quantum, ssh and plugin recipients, with the identities of every place
 * that sops looks in (SOPS-FORMAT 6.3). Each place is read once, and only when it may help: those that
 * start programs or ask a person come last.
 */
export function ageKeyService(options: AgeKeyServiceOptions): KeyService {
  const sources = ageIdentitySources(options);
  const loads = new Map<string, Promise<Loaded>>();
  const oneQuestion = createLimiter(1);
  const load = (source: AgeIdentitySource, recipient: string): Promise<Loaded> => {
    const name = source.perRecipient ? `${source.name} ${recipient}` : source.name;
    const known = loads.get(name) ?? source.load(recipient);
    loads.set(name, known);
    return known;
  };
  return {
    types: ['age'],
    wrap: async (key, dataKey) =>
      wrapForAge(recipientOf(key), dataKey, {
        randomBytes: options.randomBytes ?? nodeRandomBytes,
        plugins: options.plugins ?? null,
        isTrustedRecipient: options.isTrustedRecipient ?? (() => false),
      }),
    unwrap: async (key) => {
      const recipient = recipientOf(key);
      const bytes = dearmorAge(key.enc);
      if (bytes === null) throw unreadable();
      const file = parseAgeFile(bytes);
      const attempt = new Attempt(file.header, oneQuestion);
      const fileKey = await attempt.run(sources, (source) => load(source, recipient));
      try {
        return openAgeFile(file, fileKey);
      } finally {
        zero(fileKey);
      }
    },
  };
}

/** The search for an identity that opens one header; remembers what it saw for the report. */
class Attempt {
  readonly #header: AgeHeader;
  readonly #oneQuestion: Limiter;
  readonly #asking: { readonly name: string; readonly identity: AgeIdentity }[] = [];
  readonly #missing: string[] = [];
  readonly #failures: string[] = [];
  #tried = 0;

  /** @param oneQuestion lets one identity at a time ask the person */
  constructor(header: AgeHeader, oneQuestion: Limiter) {
    this.#header = header;
    this.#oneQuestion = oneQuestion;
  }

  async run(
    sources: readonly AgeIdentitySource[],
    load: (source: AgeIdentitySource) => Promise<Loaded>,
  ): Promise<Uint8Array> {
    const ssh = this.#header.stanzas.some((stanza) => stanza.args[0]?.startsWith('ssh-'));
    const useful = sources.filter((source) => source.holds === 'age' || ssh);
    for (const runs of [false, true]) {
      for (const source of useful.filter((candidate) => candidate.runs === runs)) {
        const fileKey = await this.#fromSource(source, load);
        if (fileKey !== null) return fileKey;
      }
    }
    for (const { name, identity } of this.#asking) {
      const fileKey = await this.#oneQuestion(() => this.#fromIdentity(name, identity));
      if (fileKey !== null) return fileKey;
    }
    throw this.#failure();
  }

  async #fromSource(
    source: AgeIdentitySource,
    load: (source: AgeIdentitySource) => Promise<Loaded>,
  ): Promise<Uint8Array | null> {
    let identities: Loaded;
    try {
      identities = await load(source);
    } catch (cause) {
      this.#note(source.name, cause);
      return null;
    }
    if (identities === null) this.#missing.push(source.name);
    for (const identity of identities ?? []) {
      if (identity.asks) {
        this.#asking.push({ name: source.name, identity });
        continue;
      }
      const fileKey = await this.#fromIdentity(source.name, identity);
      if (fileKey !== null) return fileKey;
    }
    return null;
  }

  async #fromIdentity(name: string, identity: AgeIdentity): Promise<Uint8Array | null> {
    this.#tried += 1;
    try {
      return await identity.unwrapFileKey(this.#header);
    } catch (cause) {
      this.#note(name, cause);
      return null;
    }
  }

  #note(source: string, cause: unknown): void {
    const message = cause instanceof TidelockError ? cause.message : 'could not be used';
    this.#failures.push(`${source}: ${message}`);
  }

  #failure(): TidelockError {
    const found =
      this.#tried === 0
        ? 'No age identity was found.'
        : 'No age identity matched any of the recipients.';
    const failures = [...new Set(this.#failures)];
    const errors = failures.length === 0 ? '' : ` Errors: ${failures.join('; ')}.`;
    const missing = this.#missing.map((name) => `'${name}'`).join(', ');
    const places = missing === '' ? '' : ` Found nothing in ${missing}.`;
    return new TidelockError('ERR_KEY_UNWRAP', `${found}${errors}${places}`, {
      hint: 'Put the identity of one of the recipients into one of these places.',
    });
  }
}

function recipientOf(key: MasterKey): string {
  if (key.type === 'age') return key.recipient;
  throw new TypeError(`not an age key: ${key.type}`);
}

function unreadable(): TidelockError {
  return new TidelockError('ERR_KEY_UNWRAP', 'The wrapped key is no armored age file', {
    hint: 'Restore the sops block from a commit in which the file could still be decrypted.',
  });
}
