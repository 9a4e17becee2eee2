/**
 * What the name of a key says about its value. Names are split into words at `_`, `-`, `.`, spaces
 * and changes of case: `dbPassword`, `DB_PASSWORD` and `db.password` are all `db password`.
 */
export type NameClass =
  /** A password, whose value is secret however plain it looks. */
  | 'password'
  /** Some other secret, whose value has to look like one. */
  | 'secret'
  /** Names a secret, its place, its shape or its life, and is none itself. */
  | 'about-a-secret'
  /** Names something: a client, an account, a bucket. */
  | 'identifier'
  | 'other';

export function classifyName(name: string): NameClass {
  const known = classes.get(name);
  if (known !== undefined) return known;
  const made = classify(name);
  if (classes.size < MOST_REMEMBERED) classes.set(name, made);
  return made;
}

/** Configuration repeats its names: each is taken apart once. */
const classes = new Map<string, NameClass>();
const MOST_REMEMBERED = 5000;

function classify(name: string): NameClass {
  const words = wordsOf(name);
  const last = words.at(-1);
  // A sentence for a name is a message, not a setting.
  if (last === undefined || words.length > 8) return 'other';
  const joined = words.join(' ');
  const secret = endOf(SECRETS, words);
  if (secret !== null)
    return precededBy(words, secret, HARMLESS_BEFORE) ? 'about-a-secret' : 'secret';
  const password = endOf(PASSWORDS, words);
  if (password !== null) {
    return precededBy(words, password, HARMLESS_BEFORE) ? 'about-a-secret' : 'password';
  }
  if (/^[a-z]{2,20}(?:password|passwd|passphrase)$/.test(last)) return 'password';
  if (/^[a-z]{2,20}(?:secret|apikey)$/.test(last)) return 'secret';
  if (IDENTIFIERS.has(last) || IDENTIFIERS.has(joined)) return 'identifier';
  return words.some((word) => MENTIONS.has(word)) ? 'about-a-secret' : 'other';
}

/** Whether a name speaks of a secret at all. */
export function mentionsSecret(name: string): boolean {
  const known = mentioned.get(name);
  if (known !== undefined) return known;
  const made = wordsOf(name).some((word) => MENTIONS.has(word));
  if (mentioned.size < MOST_REMEMBERED) mentioned.set(name, made);
  return made;
}

/** Whether what is in a list or map of this name is secret, whatever each is called: `api_keys`. */
export function holdsSecrets(name: string): boolean {
  return PLURAL.test(name) && classifyName(name) === 'secret';
}

const PLURAL = /(?:secret|token|password|key|credential|cred)s$/i;

const mentioned = new Map<string, boolean>();

/** Lower case words of a name; at most 64 of them. */
export function wordsOf(name: string): string[] {
  return name
    .slice(0, 300)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .map((word) => word.replace(/^[0-9]+$|[0-9]+$/g, ''))
    .filter((word) => word !== '')
    .slice(0, 64);
}

/** How many words of the end of the name make an entry of the set, or null. */
function endOf(set: ReadonlySet<string>, words: readonly string[]): number | null {
  for (let count = Math.min(3, words.length); count >= 1; count--) {
    if (set.has(words.slice(-count).join(' '))) return count;
  }
  return null;
}

function precededBy(words: readonly string[], count: number, before: ReadonlySet<string>): boolean {
  const word = words[words.length - count - 1];
  return word !== undefined && before.has(word);
}

function wordSet(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s*,\s*/));
}

const PASSWORDS = wordSet(
  'password, passwd, pass, pwd, passphrase, passcode, pw, sshpass, passwort, kennwort, contrasena, userpass, dbpass, dbpassword, adminpassword, rootpassword, pgpassword, mysql pwd, requirepass, masterauth, smtppassword, userpassword, pin code, psk, wpa psk, pre shared key, preshared key, psk key, pass phrase, pass word, pass code, bind pw, bindpw, rootpw, adminpw, dbpw, userpw',
);

const SECRETS = wordSet(
  `secret, secrets, passwords, token, tokens, api key, apikey, api keys, apikeys, access key, accesskey, secret key,
  secretkey, private key, privatekey, encryption key, signing key, fernet key, master key, masterkey,
  service key, account key, storage key, shared key, shared access key, session key, session secret, cookie secret,
  credential, credentials, creds, client secret, clientsecret, auth key, authkey, auth token, authtoken, auth secret,
  access token, accesstoken, refresh token, bearer, bearer token, id token, dsn, connection string,
  connectionstring, conn string, conn str, connection uri, htpasswd, webhook url, webhook uri, webhook, app key, appkey,
  license key, licence key, secret access key, hmac, hmac key, hmac secret, jwt, jwt secret, jwt key, salt, seed, mnemonic,
  seed phrase, recovery key, unseal key, unseal keys, root key,
  secret id, role secret, apitoken, secret key base, secretkeybase, encryption secret, aescbc encryption secret,
  secretbox encryption secret, client key data, key data, private, ssh key, deploy key, identity key, host key, tls key, ssl key,
  personal access token, pat, otp secret, totp secret, basic auth, database url, databaseurl, redis url, mongo url,
  mongodb uri, mongo uri, amqp url, rabbitmq url, broker url, db url, db uri, database uri, sqlalchemy database uri, postgres url, mysql url,
  secret string, secret value, plaintext value, certificate key, gossip key, aes key, cipher key, cluster key, network key, tsig key, erlang cookie, pepper,
  routing key, integration key, ingest key, write key, validation key, decryption key, join key, agent key,
  auth, authorization, x api key, x auth token`.replaceAll('\n', ' '),
);

/** In front of a word for a secret these make it harmless: `public key`, `max tokens`. */
const HARMLESS_BEFORE = wordSet(
  'public, pub, update, change, max, min, num, total, count, use, uses, used, enable, enabled, disable, disabled, existing, external, has, is, no, require, requires, required, show, hide, create, generate, rotate, mount, allow, skip, without, with, image pull, pull, stop, eos, bos, pad, special, csrf, cancellation, name, tls, low, high, band, first, second, random, rng',
);

const IDENTIFIERS = wordSet(
  'id, ids, arn, name, username, user, login, email, account, region, bucket, host, hostname, endpoint, url, uri, client id, tenant, tenant id, subscription id, project, zone, namespace, kid',
);

const MENTIONS = wordSet(
  'password, passwd, pwd, pass, passphrase, secret, secrets, token, tokens, key, apikey, credential, credentials, creds, auth, authorization, bearer, private, dsn, psk, hmac, pat, htpasswd, webhook, authtoken, accesstoken, clientsecret, secretkey, accesskey, access, ssws',
);
